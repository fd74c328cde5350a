// Changes that leave every grant as it is and still change what AWS documents must say: each wakes those documents, and no others.
import { describe, expect, it } from 'vitest';
import { parseDocumentKey } from '../../access/document-key.ts';
import {
  consumptionRole,
  dataset,
  datasetTable,
  environment,
  PRODUCER,
  shareRequest,
  team,
  uninvitedTeam,
} from '../../access/testing/fixtures.ts';
import type { Specs } from '../../access/specs.ts';
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import { Priority, type CacheEvent } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { environmentKind } from '../../resources/environment.ts';
import { teamKind } from '../../resources/team.ts';
import { documentWatches } from './watches.ts';

interface World {
  readonly dataset?: Dataset;
  /** Kinds of documents that could not be read when somebody last tried. */
  readonly unread?: readonly string[];
  readonly tables?: readonly DatasetTable[];
}

/** Kinds of the documents that a change wakes, by priority. */
const wokenBy = <T extends KubeObject>(
  kind: Kind<T>,
  after: T,
  before: T | undefined,
  event: CacheEvent,
  world: World = {},
): { readonly kinds: readonly string[]; readonly priority: number | undefined } => {
  const present = world.dataset ?? dataset();
  const specs = {
    environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
    consumptionRole: () => consumptionRole(),
    dataset: () => present,
    datasetTables: () => world.tables ?? [],
    datasetTablesOf: (_namespace, _dataset, table) => (world.tables ?? []).filter(({ spec }) => spec.table === table),
    sharesOfDataset: () => [shareRequest()],
    sharesOfEnvironment: (name) => (name === 'marketing-prod' ? [shareRequest()] : []),
  } as Partial<Specs> as Specs;
  const stores = {
    get: () => ({ list: (namespace: string) => (namespace === 'sales-prod' ? [present] : []) }),
  } as unknown as Stores;
  const observed: Parameters<typeof documentWatches>[0]['observed'] = {
    get: ({ kind: one }) => ({ failure: undefined, isUnread: world.unread?.includes(one) === true }),
  };
  const woken = documentWatches({ specs, stores, observed })
    .filter((watch) => watch.kind.kind === kind.kind)
    .flatMap((watch) => watch.mapToRequests(after as Stored, before as Stored | undefined, event));
  const priorities = new Set(woken.map(({ priority }) => priority));
  expect(priorities.size).toBeLessThan(2);
  return { kinds: woken.map(({ key }) => parseDocumentKey(key).kind).toSorted(), priority: [...priorities][0] };
};

const NOTHING = { kinds: [], priority: undefined };
const OWN = ['bucket-policy', 'catalog-grants', 'key-policy', 'registration'];
const CATALOG = { kinds: ['catalog-grants'], priority: Priority.revocation };

describe('a table', () => {
  const wide = datasetTable('orders', [{ name: 'eu', rows: 'true' }]);
  const narrow = datasetTable('orders', [{ name: 'eu', rows: "region = 'eu'" }]);
  const second = datasetTable('orders', [], { name: 'again', uid: 'uid-again' });

  it.each([
    ['whose filter is narrowed', narrow, wide, 'updated', [narrow]],
    [
      'that is being deleted',
      datasetTable('orders', wide.spec.filters, { deletionTimestamp: 'now' }),
      wide,
      'updated',
      [],
    ],
    ['that is gone', wide, wide, 'deleted', []],
    ['that another object describes already', second, undefined, 'added', [wide, second]],
  ] as const)('%s wakes its catalog before everything else', (_what, after, before, event, tables) => {
    expect(wokenBy(datasetTableKind, after, before, event, { tables })).toEqual(CATALOG);
  });

  it('that is the first for its table takes nothing from anybody and does not hurry', () => {
    expect(wokenBy(datasetTableKind, wide, undefined, 'added', { tables: [wide] })).toEqual({
      kinds: ['catalog-grants'],
      priority: Priority.normal,
    });
  });

  it.each([
    ['at the start', wide, undefined, 'initial'],
    ['when nothing changed', wide, wide, 'resync'],
    ['when its description changed', { ...wide, spec: { ...wide.spec, description: 'x' } }, wide, 'updated'],
  ] as const)('wakes nothing %s', (_when, after, before, event) => {
    expect(wokenBy(datasetTableKind, after, before, event)).toEqual(NOTHING);
  });
});

describe('a dataset', () => {
  it.each([
    ['owner', dataset({ spec: { owner: 'others' } })],
    ['role', dataset({ status: { roleArn: `arn:aws:iam::${PRODUCER}:role/other` } })],
    ['record of what an import found', dataset({ status: { before: { recordedAt: '2026-01-01T00:00:00Z' } } })],
  ])('of another %s wakes its own documents before everything else', (_what, after) => {
    expect(wokenBy(datasetKind, after, dataset(), 'updated')).toEqual({ kinds: OWN, priority: Priority.revocation });
  });

  it('whose parts have become known wakes its documents, and does not hurry past decisions that are not complete', () => {
    const before = dataset({ status: { bucket: undefined } });
    expect(wokenBy(datasetKind, dataset(), before, 'updated')).toEqual({ kinds: OWN, priority: Priority.normal });
  });

  it('of another label wakes nothing', () => {
    expect(wokenBy(datasetKind, dataset({ spec: { label: 'x' } }), dataset(), 'updated')).toEqual(NOTHING);
  });
});

describe('a team', () => {
  const owners = team('sales-prod', { spec: { group: 'sales' } });
  const moved = team('sales-prod', { spec: { group: 'sales' }, status: { roleArn: 'arn:aws:iam::1:role/new' } });

  it.each([
    ['with another role', moved, 'updated'],
    ['whose group left the organization', uninvitedTeam('sales-prod', 'sales'), 'updated'],
    ['that is gone', owners, 'deleted'],
  ] as const)('%s wakes the documents of what its group owns', (_what, after, event) => {
    expect(wokenBy(teamKind, after, owners, event)).toEqual({ kinds: OWN, priority: Priority.revocation });
  });

  it('of a group that owns nothing wakes nothing', () => {
    expect(wokenBy(teamKind, team('sales-prod'), team('sales-prod'), 'deleted')).toEqual(NOTHING);
  });
});

describe('an environment', () => {
  const report = { spec: { remediation: 'Report' as const } };
  const owned = (name: string) => ({
    status: { defaultRole: { arn: `arn:aws:iam::${PRODUCER}:role/${name}`, id: name } },
  });

  it('that wants differences put right wakes all documents in its account', () => {
    const producer = wokenBy(environmentKind, environment('sales-prod'), environment('sales-prod', report), 'updated');
    expect(producer).toEqual({
      kinds: ['access-point', 'lake-settings', ...OWN].toSorted(),
      priority: Priority.normal,
    });
    const consumer = wokenBy(
      environmentKind,
      environment('marketing-prod'),
      environment('marketing-prod', report),
      'updated',
    );
    expect(consumer.kinds).toEqual(['invitations', 'lake-settings', 'share-policies', 'shared-database']);
  });

  it('of another role for its owner wakes the documents of its datasets before everything else', () => {
    const { kinds, priority } = wokenBy(
      environmentKind,
      environment('sales-prod', owned('new')),
      environment('sales-prod', owned('old')),
      'updated',
    );
    expect(kinds).toEqual(expect.arrayContaining(OWN));
    expect(priority).toBe(Priority.revocation);
  });

  it('that lets us in again wakes what could not be read meanwhile', () => {
    const ready = (status: string) =>
      environment('sales-prod', { status: { conditions: [{ type: 'Ready', status }] } } as never);
    const unread = ['bucket-policy', 'access-point'];
    expect(wokenBy(environmentKind, ready('True'), ready('False'), 'updated', { unread })).toEqual({
      kinds: ['access-point', 'bucket-policy'],
      priority: Priority.normal,
    });
    expect(wokenBy(environmentKind, ready('True'), ready('True'), 'updated', { unread })).toEqual(NOTHING);
    expect(wokenBy(environmentKind, ready('False'), ready('True'), 'updated', { unread })).toEqual(NOTHING);
  });

  it('that is verified wakes nothing', () => {
    const verified = environment('sales-prod', { status: { verifiedAt: '2026-06-01T12:00:00Z' } });
    expect(wokenBy(environmentKind, verified, environment('sales-prod'), 'updated')).toEqual(NOTHING);
  });
});
