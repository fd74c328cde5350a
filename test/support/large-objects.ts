// Objects at the bounds of their schemas, where the API server's budget for rules and etcd's for bytes would show.

import { apiVersion } from '../../operator/resources/kind.ts';
import type { Manifest } from '../../operator/resources/kind.ts';
import type { datasetKind } from '../../operator/resources/dataset.ts';
import type { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import type { ShareRequestStatus, shareRequestKind } from '../../operator/resources/share-request.ts';

const times = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));
const named = (what: string, index: number, length: number): string => `${what}_${index}_`.padEnd(length, 'x');

/** A request for this many tables, each with 10 filters, all names as long as they may be. */
export function shareRequestManifest(items: number): Manifest<typeof shareRequestKind> {
  return {
    apiVersion,
    kind: 'ShareRequest',
    metadata: { namespace: 'marketing-prod', name: 'everything' },
    spec: {
      datasetRef: { namespace: 'sales-prod', name: 'orders' },
      requester: 'marketing-analysts',
      principal: { kind: 'Team', name: 'analysts' },
      permissions: ['Read'],
      items: times(items, (index) => ({
        kind: 'Table',
        name: named('table', index, 255),
        filters: times(10, (filter) => named('filter', filter, 31)),
      })),
    },
  };
}

/** All granted but the first, which says why. */
export function shareRequestStatus(items: number): ShareRequestStatus {
  const time = '2026-11-22T00:00:00Z';
  return {
    observedGeneration: 1,
    phase: 'PartlyGranted',
    requested: items,
    granted: items - 1,
    items: times(items, (index) => ({
      kind: 'Table' as const,
      name: named('table', index, 255),
      ...(index === 0
        ? { state: 'Failed' as const, reason: 'ItemNotFound', message: 'm'.repeat(256) }
        : { state: 'Granted' as const, health: 'Healthy' as const }),
      database: 'sales_orders_shared',
      link: named('table', index, 255),
    })),
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'PartlyGranted',
        message: '1 of 500',
        lastTransitionTime: time,
        observedGeneration: 1,
      },
    ],
    verifiedAt: time,
  };
}

/** A dataset with this many folders, names and prefixes as long as they may be. */
export function datasetManifest(folders: number): Manifest<typeof datasetKind> {
  return {
    apiVersion,
    kind: 'Dataset',
    metadata: { namespace: 'sales-prod', name: 'everything' },
    spec: {
      label: 'Everything',
      owner: 'sales-analysts',
      s3: { origin: 'Create' },
      confidentiality: 'Official',
      folders: times(folders, (index) => ({
        name: named('folder', index, 128),
        prefix: `${named('prefix', index, 511)}/`,
      })),
    },
  };
}

/** A table with this many filters of this many columns. */
export function datasetTableManifest(filters: number, columns: number): Manifest<typeof datasetTableKind> {
  return {
    apiVersion,
    kind: 'DatasetTable',
    metadata: { namespace: 'sales-prod', name: 'everything' },
    spec: {
      datasetRef: { name: 'orders' },
      table: 'orders',
      filters: times(filters, (index) => ({
        name: named('filter', index, 31),
        columns: times(columns, (column) => named('column', column, 60)),
      })),
    },
  };
}
