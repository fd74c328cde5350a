// What the operator says of Glue databases comes into the read model, whatever goes wrong with one of them.

import pino from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CatalogTable } from '../../../operator/actions/contract/catalog.ts';
import type { MemoryKubeApi } from '../../../operator/kernel/testing/memory-kube-api.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene } from '../../../test/support/gateway-scene.ts';
import { dataset, populate, put } from '../../../test/support/index-scene.ts';
import { quickClock } from '../../../test/support/quick-clock.ts';
import type { Database } from '../database.ts';
import { itemId } from '../item-id.ts';
import type { CatalogAnswer, CatalogSource } from './catalogue-source.ts';
import { CatalogueSync } from './catalogue-sync.ts';

const postgres = databaseServer();

const table = (name: string, more: Partial<CatalogTable> = {}): CatalogTable => ({
  name,
  type: 'EXTERNAL_TABLE',
  location: `s3://acme/${name}/`,
  columns: [{ name: 'id', type: 'bigint' }],
  partitionKeys: [],
  ...more,
});

/** The operator, with a page for each table. */
class Operator implements CatalogSource {
  readonly catalogs = new Map<string, { etag: string; tables: CatalogTable[] }>();
  readonly asked: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;

  async page({ name }: { readonly name: string }, from: { readonly etag?: string; readonly after?: string }) {
    this.asked.push(from.after === undefined ? name : `${name} after ${from.after}`);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      return this.#answer(name, from);
    } finally {
      this.atOnce -= 1;
    }
  }

  #answer(name: string, { etag: had, after }: { readonly etag?: string; readonly after?: string }): CatalogAnswer {
    const catalog = this.catalogs.get(name);
    if (catalog === undefined) throw new Error('Glue does not answer');
    const { etag, tables } = catalog;
    if (after === undefined && had === etag) return { kind: 'unchanged' };
    if (after !== undefined && had !== etag) return { kind: 'changed' };
    const at = after === undefined ? 0 : tables.findIndex((one) => one.name === after) + 1;
    const next = at + 1 < tables.length ? tables[at]?.name : undefined;
    const page = { database: { name }, readAt: '2026-11-30T12:00:00Z', total: tables.length, complete: true };
    return { kind: 'page', etag, page: { ...page, tables: tables.slice(at, at + 1), ...(next && { next }) } };
  }
}

const putDataset = (api: MemoryKubeApi, name: string, syncedAt: string) =>
  put(api, datasetKind, { namespace: 'sales-prod', name }, dataset('sales'), {
    bucket: 'acme-orders',
    glueDatabase: 'acme',
    tables: { count: 0, names: [], syncedAt },
  });

const FIRST = '2026-11-30T12:00:00Z';

async function scene(names: readonly string[], operator: Operator) {
  const made = await gatewayScene(postgres, async (api) => {
    await populate(api);
    await api.delete(datasetKind, { namespace: 'sales-prod', name: 'orders' });
    for (const name of names) await putDataset(api, name, FIRST);
  });
  const { database } = made;
  return { ...made, sync: () => startSync(database, operator), tables: () => tablesOf(database) };
}

function startSync(database: Database, source: CatalogSource) {
  const end = new AbortController();
  const clock = quickClock(200, () => 0.5);
  const log = pino({ level: 'silent' });
  const running = new CatalogueSync({ database, source, clock, log, registry: new Registry() }).run(end.signal);
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  onTestFinished(stop);
  return stop;
}

const tablesOf = async (database: Database) =>
  (await database.selectFrom('dataset_catalog_table').select(['name', 'columns']).orderBy('name').execute()).map(
    ({ name, columns }) => `${name}: ${columns.map((column) => `${column.name} ${column.type}`).join(', ')}`,
  );

describe('catalogues', () => {
  it('come in page by page, with the ids that tables have, and go on from where they were', async () => {
    const operator = new Operator();
    const parted = { partitionKeys: [{ name: 'day', type: 'date' }] };
    operator.catalogs.set('web', { etag: 'one', tables: [table('clicks'), table('views', parted)] });
    const { sync, tables, database, api, indexed } = await scene(['web'], operator);
    const stop = sync();
    await expect.poll(tables).toEqual(['clicks: id bigint', 'views: id bigint, day date']);
    const [{ uri } = { uri: '' }] = await database.selectFrom('dataset').select('uri').execute();
    const known = await database.selectFrom('known_table').select(['id', 'name', 'location']).orderBy('name').execute();
    expect(known[0]).toEqual({ id: itemId(uri, 'Table', 'clicks'), name: 'clicks', location: 's3://acme/clicks/' });
    await stop();

    // Another process finds that nothing is to be asked, until tables come or go.
    operator.asked.length = 0;
    operator.catalogs.set('web', { etag: 'two', tables: [table('views', { columns: [] })] });
    sync();
    await putDataset(api, 'web', '2026-11-30T13:00:00Z');
    await indexed();
    await expect.poll(tables).toEqual(['views: ']);
    expect(operator.asked).toEqual(['web']);
  });

  it('are asked for by their ETag, and stay as they are where that is what there is', async () => {
    const operator = new Operator();
    operator.catalogs.set('web', { etag: 'one', tables: [table('clicks')] });
    const { sync, tables, database, api, indexed } = await scene(['web'], operator);
    sync();
    await expect.poll(tables).toHaveLength(1);
    const fetched = async () =>
      (
        await database.selectFrom('dataset_catalog').select(['tables_synced', 'etag']).executeTakeFirstOrThrow()
      ).tables_synced?.toISOString();
    await putDataset(api, 'web', '2026-11-30T13:00:00Z');
    await indexed();
    await expect.poll(fetched).toBe('2026-11-30T13:00:00.000Z');
    expect(await tables()).toEqual(['clicks: id bigint']);
    expect(operator.asked).toEqual(['web', 'web']);
  });

  it('are read from the beginning where they change between two pages', async () => {
    const operator = new Operator();
    operator.catalogs.set('web', { etag: 'one', tables: [table('a'), table('b')] });
    const page = operator.page.bind(operator);
    operator.page = async (name, from) => {
      const answer = await page(name, from);
      if (operator.asked.length === 1) operator.catalogs.set('web', { etag: 'two', tables: [table('a'), table('c')] });
      return answer;
    };
    const { sync, tables } = await scene(['web'], operator);
    sync();
    await expect.poll(tables).toEqual(['a: id bigint', 'c: id bigint']);
    expect(operator.asked).toEqual(['web', 'web after a', 'web', 'web after a']);
  });

  it('of many datasets are read a few at a time, and one that cannot be read keeps no other waiting', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `set-${at}`);
    const operator = new Operator();
    for (const name of names.slice(1)) operator.catalogs.set(name, { etag: name, tables: [table(name)] });
    const { sync, tables } = await scene(names, operator);
    sync();
    await expect.poll(tables).toHaveLength(11);
    expect(operator.mostAtOnce).toBe(4);
    // It is tried again, later and later.
    operator.catalogs.set('set-0', { etag: 'late', tables: [table('late')] });
    await expect.poll(tables, { timeout: 10_000 }).toHaveLength(12);
  });

  it('go with their dataset', async () => {
    const operator = new Operator();
    operator.catalogs.set('web', { etag: 'one', tables: [table('clicks')] });
    const { sync, tables, api } = await scene(['web'], operator);
    sync();
    await expect.poll(tables).toHaveLength(1);
    await api.delete(datasetKind, { namespace: 'sales-prod', name: 'web' });
    await expect.poll(tables).toEqual([]);
  });
});
