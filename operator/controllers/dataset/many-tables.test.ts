// A dataset with thousands of DatasetTables and hundreds of requests: each wakes what it can change, and all are seen in turns.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { dataset, datasetTable, environment, shareRequest } from '../../access/testing/fixtures.ts';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import type { Kind, Stored } from '../../kernel/kind.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { done, type Watch } from '../../kernel/runtime/reconciler.ts';
import { TurnCounter } from '../../kernel/testing/turn-counter.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { datasetTableKind } from '../../resources/dataset-table.ts';
import { environmentKind } from '../../resources/environment.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { defineDatasetTableController } from './dataset-table.ts';
import { documentWatches } from '../aws-document/watches.ts';
import type { Platform } from '../reconcile/platform.ts';
import { shareWatches } from '../share/watches.ts';
import { specStore } from '../reconcile/specs.ts';

const TABLES = 3_784;
const REQUESTS = 100;

/** Keys that the tables make while they come, one event after the other, by controller. */
const keysOf = async (tables: number, tableOf: (index: number) => string) => {
  const clock = new FakeClock();
  const api = new MemoryKubeApi({
    clock,
    defaults: (_kind, object) => {
      object['status'] ??= {};
    },
  });
  const manager = new Manager({
    api,
    clock,
    registry: new Registry(),
    name: 'test',
    identity: 'one',
    log: pino({ level: 'silent' }),
  });
  const specs = specStore(manager, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] });
  const { stores } = manager;
  const observed = { get: () => ({ failure: undefined, isUnread: false }) };
  const platform = { specs, stores } as Partial<Platform> as Platform;
  const keys: Record<string, number> = {};
  let isCounting = false;
  using turns = new TurnCounter();
  const counted = (name: string, watches: readonly Watch[]): void => {
    keys[name] = 0;
    const counting = watches.map((watch): Watch => ({
      ...watch,
      mapToRequests: (...event) => {
        const made = watch.mapToRequests(...event);
        if (isCounting && watch.kind.kind === 'DatasetTable') {
          keys[name] = (keys[name] ?? 0) + made.length;
          turns.count();
        }
        return made;
      },
    }));
    manager.add({ name, watches: counting, reconcile: async () => Promise.resolve(done) });
  };
  counted('datasettable', defineDatasetTableController(platform).watches);
  counted('document', documentWatches({ specs, stores, observed }));
  counted('sharerequest', shareWatches({ specs, stores }));
  const put = async (kind: Kind, object: Pick<Stored, 'metadata'> & { readonly status?: unknown }): Promise<void> => {
    const { uid: _uid, ...metadata } = object.metadata;
    await api.create(kind, { apiVersion: 'dataall.io/v1alpha1', kind: kind.kind, ...object, metadata });
    const patch = { type: 'merge' as const, body: { status: object.status } };
    if (object.status !== undefined) await api.patch(kind, metadata, patch, { subresource: 'status' });
  };
  for (const name of ['sales-prod', 'marketing-prod'] as const) await put(environmentKind, environment(name));
  await put(datasetKind, dataset());
  for (let index = 0; index < REQUESTS; index++) {
    const items = [{ kind: 'Table' as const, name: `Table_${index}` }];
    await put(shareRequestKind, shareRequest({ metadata: { name: `share-${index}` }, spec: { items } }));
  }
  const end = new AbortController();
  const running = manager.run(end.signal);
  for (let step = 0; step < 100; step++) await clock.advance(100);
  isCounting = true;
  for (let index = 0; index < tables; index++) {
    const changes = { name: `table-${index}`, creationTimestamp: '2026-02-01T00:00:00Z' };
    await put(datasetTableKind, { ...datasetTable(tableOf(index), [], changes), status: undefined });
  }
  while (stores.get(datasetTableKind).size < tables) await clock.advance(100);
  end.abort();
  await clock.advance(60_000);
  await running;
  return { keys, turns };
};

it('thousands of tables of one dataset wake each itself, its catalog, and the requests that name it', async () => {
  const { keys, turns } = await keysOf(TABLES, (index) => `table_${index}`);
  expect(keys).toEqual({ datasettable: TABLES, document: TABLES, sharerequest: REQUESTS });
  expect(turns.most).toBeLessThanOrEqual(3 * 20);
});

it('thousands of objects for one table wake each itself and the two that lead, not one another', async () => {
  const { keys } = await keysOf(1_000, () => 'table_0');
  expect(keys['datasettable']).toBeLessThanOrEqual(3 * 1_000);
  expect(keys).toMatchObject({ document: 1_000, sharerequest: 1_000 });
});
