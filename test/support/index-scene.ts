// An API server in memory, an indexer that follows it, and the database that it fills.

import pino from 'pino';
import { Registry } from 'prom-client';
import { expect, onTestFinished } from 'vitest';
import { rebuildProgress } from '../../api/read-model/rebuild.ts';
import { Indexer, type IndexerOptions } from '../../api/read-model/indexer/indexer.ts';
import type { Database } from '../../api/read-model/database.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../operator/kernel/kind.ts';
import { apiVersion, type KindDefinition } from '../../operator/resources/kind.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import { quickClock } from './quick-clock.ts';

/** Pauses of seconds pass in milliseconds. */
const SPEED = 50;

export interface RunningIndexer {
  readonly registry: Registry;
  /** Ends it as a process ends that is asked to. */
  stop(): Promise<void>;
}

/** How many rows it has written. */
export async function written({ registry }: RunningIndexer, table: string): Promise<number> {
  const { values } = (await registry.getSingleMetric('dataall_indexer_rows_written_total')?.get()) ?? { values: [] };
  return values.find(({ labels }) => labels['table'] === table)?.value ?? 0;
}

export async function leads({ registry }: RunningIndexer): Promise<boolean> {
  const { values } = (await registry.getSingleMetric('dataall_indexer_leads')?.get()) ?? { values: [] };
  return values[0]?.value === 1;
}

/** Until it has compared all kinds and nothing waits to be written: what changes from now on is seen as a change. */
export async function caughtUp({ registry }: RunningIndexer, database: Database): Promise<void> {
  const pending = async () => (await registry.getSingleMetric('dataall_indexer_pending')?.get())?.values[0]?.value;
  await expect.poll(async () => [(await rebuildProgress(database)).finished, await pending()]).toEqual([true, 0]);
}

/** With namespace kube-system, by whose UID a cluster is known. */
export async function memoryCluster(): Promise<MemoryKubeApi> {
  const api = new MemoryKubeApi({
    clock: quickClock(1, () => 0.5),
    defaults: (kind, object) => {
      if (kind.group === 'dataall.io') object['status'] = { observedGeneration: -1 };
    },
  });
  await identify(api);
  return api;
}

/** By the UID of namespace kube-system a cluster is known. */
export async function identify(api: KubeApi): Promise<void> {
  await api.create(
    { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } },
  );
}

/** Begins to follow; ends with the test at the latest. */
export function startIndexer(api: KubeApi, database: Database, options: Partial<IndexerOptions> = {}): RunningIndexer {
  const indexer = runIndexer(api, database, options);
  onTestFinished(() => indexer.stop());
  return indexer;
}

/** Begins to follow, for who ends it. */
export function runIndexer(api: KubeApi, database: Database, options: Partial<IndexerOptions> = {}): RunningIndexer {
  const stop = new AbortController();
  const registry = new Registry();
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const clock = quickClock(SPEED, () => 0.5);
  const running = new Indexer({ api, database, registry, log, clock, ...options }).run(stop.signal);
  return {
    registry,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

/** Writes an object with what its spec says, and its status if one is given. */
export async function put(
  api: KubeApi,
  kind: KindDefinition,
  name: ObjectName,
  spec: object,
  status?: object,
): Promise<Stored> {
  const known = kind as unknown as Kind;
  const object = { apiVersion, kind: kind.kind, metadata: name } as KubeObject;
  const manager = { fieldManager: 'test', force: true };
  const written = await api.apply(known, { ...object, spec }, manager);
  if (status === undefined) return written;
  return api.apply(
    known,
    { ...object, status: { observedGeneration: 1, ...status } },
    { ...manager, subresource: 'status' },
  );
}

/** Its namespace is there: rights in it follow. */
export const READY_NAMESPACE = { namespace: { origin: 'Created', uid: 'n' } };

export const organization = (owner: string, invited: readonly string[] = []): object => ({
  label: 'ACME',
  owner,
  teams: invited.map((group) => ({ group, permissions: [] })),
});

export const team = (group: string): object => ({ group, permissions: ['CREATE_DATASET'] });

export const dataset = (owner: string, stewards?: readonly string[]): object => ({
  label: 'Orders',
  owner,
  ...(stewards && { stewards }),
  s3: { origin: 'Import', bucket: { name: 'acme-orders' }, lakeFormation: 'Enforced' },
  confidentiality: 'Official',
  folders: [{ name: 'raw', prefix: 'raw/' }],
});

export const share = (requester: string, items: readonly object[], rest: object = {}): object => ({
  datasetRef: { namespace: 'sales-prod', name: 'orders' },
  requester,
  principal: { kind: 'Team', name: 'marketing' },
  permissions: ['Read'],
  items,
  draft: false,
  ...rest,
});

export const approval = (approver: string, items: readonly object[], decision = 'Approved'): object => ({
  datasetRef: { name: 'orders' },
  requestRef: { namespace: 'marketing-prod', name: 'for-us' },
  approver,
  requester: 'marketing',
  principal: { kind: 'Team', name: 'marketing' },
  decision,
  permissions: ['Read'],
  items,
});

export const environment = (owner: string, of = 'acme'): object => ({
  organization: of,
  label: 'Sales',
  owner,
  account: { id: '111111111111', region: 'eu-west-1' },
  resourcePrefix: 'dataall',
});

export const ordersTable = { kind: 'Table', name: 'orders' };
const rawFolder = { kind: 'Folder', name: 'raw' };

/** One of each kind: marketing asks for what sales has, and sales has given it. */
export async function populate(api: KubeApi): Promise<void> {
  await put(api, tenantKind, { name: 'default' }, { administrators: ['admins'] });
  await put(
    api,
    organizationKind,
    { name: 'acme' },
    organization('platform', ['sales', 'marketing', 'marketing-lead']),
  );
  await put(api, environmentKind, { name: 'sales-prod' }, environment('sales'), READY_NAMESPACE);
  await put(api, environmentKind, { name: 'marketing-prod' }, environment('marketing-lead'), READY_NAMESPACE);
  const consumer = { namespace: 'marketing-prod' };
  const producer = { namespace: 'sales-prod' };
  await put(api, teamKind, { ...consumer, name: 'marketing' }, team('marketing'));
  const found = { bucket: 'acme-orders', tables: { count: 1, names: ['orders'], syncedAt: '2026-11-30T12:00:00Z' } };
  await put(api, datasetKind, { ...producer, name: 'orders' }, dataset('sales', ['stewards']), found);
  const about = { datasetRef: { name: 'orders' }, table: 'orders', description: 'All orders' };
  await put(api, datasetTableKind, { ...producer, name: 'orders' }, about);
  const role = {
    label: 'ETL',
    owner: 'marketing',
    principalArn: 'arn:aws:iam::222222222222:role/etl',
    policyManagement: 'Fully',
  };
  await put(api, consumptionRoleKind, { ...consumer, name: 'etl' }, role);
  await put(api, shareRequestKind, { ...consumer, name: 'for-us' }, share('marketing', [ordersTable, rawFolder]), {
    phase: 'PartlyGranted',
    items: [
      { ...ordersTable, state: 'Granted', health: 'Healthy' },
      { kind: 'Table', name: 'former', state: 'Revoking' },
    ],
    principalArn: 'arn:aws:iam::222222222222:role/marketing',
    permissions: ['Read'],
    approval: { name: 'marketing-prod.for-us', generation: 1 },
  });
  const decision = { ...producer, name: 'marketing-prod.for-us' };
  await put(api, shareApprovalKind, decision, approval('sales', [ordersTable]));
}
