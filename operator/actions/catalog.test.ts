// Snapshots of a catalogue, in an account with our stacks: what they hold, and what it costs to ask for them.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataset, environment } from '../access/testing/fixtures.ts';
import { administerLake, region, startAccounts, type SimulatedAccounts } from '../aws/testing/simulated-accounts.ts';
import { readConfig } from '../config.ts';
import type { Platform } from '../controllers/reconcile/platform.ts';
import { FakeClock } from '../kernel/testing/fake-clock.ts';
import type { Dataset } from '../resources/dataset.ts';
import { catalogAction } from './catalog.ts';
import { catalogRoute } from './contract/catalog.ts';
import { pathOf } from './contract/route.ts';
import { ActionTestEnv, INDEXER } from './testing/action-test-env.ts';

const ORDERS = pathOf(catalogRoute, { resource: 'datasets', namespace: 'sales-prod', name: 'orders' });
const DATABASE = 'orders_db';
const BUCKET = 's3://orders-data';
const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: '', observedGeneration: 1 } as const;
const conditions = [{ ...ready, lastTransitionTime: '2026-01-01T00:00:00Z' }];
const sales = environment('sales-prod', { status: { conditions } });

let accounts: SimulatedAccounts;
let orders: Dataset;
let env: ActionTestEnv;
let clock: FakeClock;
beforeAll(async () => {
  accounts = await startAccounts();
  await administerLake(accounts.producer);
  await accounts.producer.glue.createDatabase({ name: DATABASE, description: 'Of orders' });
  for (let index = 0; index < 120; index++) await makeTable(`t${String(index).padStart(3, '0')}`);
  await makeTable('orders', `${BUCKET}/orders/`, 'of the order');
  await makeTable('stray', 's3://not-ours/stray/');
}, 60_000);
afterAll(() => accounts.stop());
beforeEach(() => {
  orders = dataset({ status: { conditions, glueDatabase: DATABASE } });
  clock = new FakeClock();
  const platform = {
    config: readConfig({ aws: { hub: { accountId: '111111111111', region } } }),
    accountOf: () => accounts.producer,
    specs: { environment: () => sales, dataset: () => orders },
  } as unknown as Partial<Platform>;
  env = new ActionTestEnv({ actions: [catalogAction()], platform, clock });
  env.rights.add(`${INDEXER} catalog datasets/sales-prod/orders`);
  env.rights.add('stewards catalog datasets/sales-prod/orders');
});
afterEach(() => env[Symbol.asyncDispose]());

const makeTable = async (name: string, location = `${BUCKET}/${name}/`, comment?: string): Promise<void> =>
  await accounts.producer.glue.createTable(DATABASE, {
    name,
    description: `About ${name}`,
    location,
    columns: [{ name: 'id', type: 'int', comment }],
    partitionKeys: [{ name: 'day', type: 'date', comment: undefined }],
    inputFormat: undefined,
    outputFormat: undefined,
    serde: undefined,
  });

const asIndexer = (query = '', headers: Record<string, string> = {}) =>
  env.ask(`${ORDERS}${query}`, { token: 'indexer', headers });
const read = async (query = '') => catalogRoute.answer.parse((await asIndexer(query)).json);

/** Calls of Glue that were made while `body` ran. */
const calls = async (body: () => Promise<unknown>): Promise<string[]> => {
  const { log } = accounts.aws.world;
  const before = log.length;
  await body();
  return log.slice(before).flatMap(({ service, operation }) => (service === 'glue' ? [operation] : []));
};

describe('a catalogue snapshot', () => {
  it('has the tables of the dataset’s database whose data is in its bucket, with columns and comments', async () => {
    const { database, tables, total, complete, next } = await read();
    expect({ total, complete, next, database }).toEqual({
      total: 121,
      complete: true,
      next: undefined,
      database: { name: DATABASE, description: 'Of orders' },
    });
    expect(tables.find(({ name }) => name === 'orders')).toMatchObject({
      type: 'EXTERNAL_TABLE',
      description: 'About orders',
      location: `${BUCKET}/orders/`,
      columns: [{ name: 'id', type: 'int', comment: 'of the order' }],
      partitionKeys: [{ name: 'day', type: 'date' }],
    });
    expect(tables.map(({ name }) => name)).not.toContain('stray');
  });

  it('costs GetDatabase and a GetTables for each 100 tables, and nothing while it is good', async () => {
    expect(await calls(read)).toEqual(['GetDatabase', 'GetTables', 'GetTables']);
    expect(await calls(() => Promise.all([read(), read('?limit=10'), asIndexer()]))).toEqual([]);
  });

  it('is read once for all who ask for it at that time', async () => {
    expect(await calls(() => Promise.all(Array.from({ length: 8 }, () => read())))).toHaveLength(3);
  });

  it('that a client has is answered with 304, after it was read anew as well, until a table changed', async () => {
    const { headers } = await asIndexer();
    const etag = String(headers['etag']);
    const kept = () => asIndexer('', { 'if-none-match': `"other", ${etag}` });
    expect(await kept()).toMatchObject({ status: 304, text: '' });
    await clock.advance(16 * 60_000);
    expect(await calls(kept)).toHaveLength(3);
    expect((await kept()).status).toBe(304);
    await makeTable('news');
    expect((await kept()).status).toBe(304);
    synced('2026-01-01T01:00:00Z');
    const changed = await kept();
    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).not.toBe(etag);
    await accounts.producer.glue.deleteTable(DATABASE, 'news');
  });

  it('comes in pages that are of one snapshot', async () => {
    const first = await asIndexer('?limit=100');
    const snapshot = encodeURIComponent(String(first.headers['etag']));
    const { tables, next } = catalogRoute.answer.parse(first.json);
    const rest = await read(`?limit=100&after=${next}&snapshot=${snapshot}`);
    expect([...tables, ...rest.tables]).toHaveLength(121);
    expect(new Set([...tables, ...rest.tables].map(({ name }) => name)).size).toBe(121);
    expect(rest.next).toBeUndefined();
    expect((await read(`?after=zzz`)).tables).toEqual([]);
    expect(await env.problem(`${ORDERS}?after=${next}&snapshot=other`, { token: 'indexer' })).toMatchObject({
      status: 412,
    });
  });

  it('is of the dataset that has the name now', async () => {
    await read();
    orders = {
      ...orders,
      metadata: { ...orders.metadata, uid: 'new' },
      status: { ...orders.status, glueDatabase: 'gone' },
    };
    expect(await env.problem(ORDERS, { token: 'indexer' })).toMatchObject({
      status: 409,
      detail: expect.stringContaining('gone'),
    });
  });

  it.each(['?limit=0', '?limit=1001', '?limit=ten', '?limit=1&limit=2', '?page=2'])(
    'is not asked for by %s',
    async (query) => {
      expect((await asIndexer(query)).status).toBe(400);
    },
  );

  it('is read by stewards, and by nobody who lacks the verb', async () => {
    const stu = { name: 'stu', groups: ['stewards'] };
    expect((await env.ask(ORDERS, { user: stu })).status).toBe(200);
    expect((await env.ask(ORDERS, { user: { name: 'zoe', groups: ['strangers'] } })).status).toBe(403);
    expect((await env.ask(ORDERS)).status).toBe(403);
  });

  it('is written down when it is given, and not each time that it is not', async () => {
    const { headers } = await asIndexer();
    await asIndexer('', { 'if-none-match': String(headers['etag']) });
    expect(env.audited).toMatchObject([{ action: 'catalog', user: INDEXER, result: 'ok' }]);
  });
});

/** As its controller says when tables came or went. */
const synced = (syncedAt: string): void => {
  orders = { ...orders, status: { ...orders.status, tables: { count: 122, names: [], syncedAt } } };
};
