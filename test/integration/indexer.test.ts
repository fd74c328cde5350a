// What an indexer must survive: restarts, lists, restored backups, a database that goes away, and another indexer.

import { sql } from 'kysely';
import { Client } from 'pg';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { freshness } from '../../api/read-model/freshness.ts';
import { migrate } from '../../api/read-model/migrate.ts';
import { projectNow } from '../../api/read-model/project-now.ts';
import { projections } from '../../api/read-model/projections.ts';
import { rebuild, type RebuildProgress, rebuildProgress } from '../../api/read-model/rebuild.ts';
import type { Tables } from '../../api/read-model/tables.ts';
import { LeaderElection } from '../../operator/kernel/runtime/leader-election.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { ownDatabaseServer } from '../support/database.ts';
import { dataset, leads, memoryCluster, organization, populate, put, share, startIndexer, written } from '../support/index-scene.ts'; // prettier-ignore
import { quickClock } from '../support/quick-clock.ts';
import { dump } from '../support/read-model.ts';

const postgres = ownDatabaseServer();

/** Every table of the read model. */
const everything = [
  ...projections.map(({ table }) => table),
  'share_item',
  'dataset_item',
] as const satisfies (keyof Tables)[];

const isBuilt = async (database: Database): Promise<boolean> => (await rebuildProgress(database)).finished;
const owners = async (database: Database) =>
  Object.fromEntries(
    (await database.selectFrom('organization').select(['name', 'owner']).execute()).map(({ name, owner }) => [
      name,
      owner,
    ]),
  );
const epoch = async (database: Database) =>
  (await database.selectFrom('indexed_cluster').select('epoch').executeTakeFirstOrThrow()).epoch;
const acme = { name: 'acme' };

async function scene(): Promise<{ api: Awaited<ReturnType<typeof memoryCluster>>; database: Database; url: string }> {
  const api = await memoryCluster();
  await populate(api);
  return { api, ...(await postgres.fresh()) };
}

describe('An indexer', () => {
  it('that starts again writes what differs and nothing else', async () => {
    const { api, database } = await scene();
    const first = startIndexer(api, database);
    await expect.poll(() => isBuilt(database)).toBe(true);
    await first.stop();

    await put(api, organizationKind, { name: 'globex' }, organization('globex'));
    await put(
      api,
      datasetKind,
      { namespace: 'sales-prod', name: 'orders' },
      { ...dataset('sales', ['stewards']), label: 'All orders' },
    );
    await api.delete(consumptionRoleKind, { namespace: 'marketing-prod', name: 'etl' });
    const second = startIndexer(api, database);
    await expect.poll(() => owners(database)).toEqual({ acme: 'platform', globex: 'globex' });
    await expect.poll(() => database.selectFrom('consumption_role').selectAll().execute()).toEqual([]);
    expect(await database.selectFrom('dataset').select('label').execute()).toEqual([{ label: 'All orders' }]);
    const counted = await Promise.all(projections.map(async ({ table }) => [table, await written(second, table)]));
    expect(Object.fromEntries(counted.filter(([, rows]) => rows !== 0))).toEqual({ organization: 1, dataset: 1 });
    expect(await epoch(database)).toBe(1);
  });

  it('takes an object that was made anew under its name for another one, whether or not it saw the deletion', async () => {
    const { api, database } = await scene();
    const before = await put(api, organizationKind, acme, organization('platform'));
    const first = startIndexer(api, database);
    await expect.poll(() => isBuilt(database)).toBe(true);
    await api.delete(organizationKind, acme);
    const seen = await put(api, organizationKind, acme, organization('second'));
    await expect.poll(() => owners(database)).toEqual({ acme: 'second' });
    await first.stop();
    await api.delete(organizationKind, acme);
    const unseen = await put(api, organizationKind, acme, organization('third'));
    startIndexer(api, database);
    await expect.poll(() => owners(database)).toEqual({ acme: 'third' });

    // What was answered to writes to those before comes late.
    await projectNow(database, before);
    await projectNow(database, seen);
    expect(await database.selectFrom('organization').select(['uid', 'owner']).execute()).toEqual([
      { uid: unseen.metadata.uid, owner: 'third' },
    ]);
  });

  it('does not sweep what is younger than its list', async () => {
    const { api, database } = await scene();
    const first = await put(api, organizationKind, acme, organization('platform'));
    // As a gateway writes it that has heard more of the API server than the list which is being looked at.
    const metadata = { ...first.metadata, uid: 'later', name: 'later', resourceVersion: '1000000' };
    await projectNow(database, { ...first, metadata });
    startIndexer(api, database);
    await expect.poll(() => isBuilt(database)).toBe(true);
    expect(Object.keys(await owners(database)).toSorted()).toEqual(['acme', 'later']);
    // Nor does it keep it from coming.
    expect(await database.selectFrom('tombstone').selectAll().execute()).toEqual([]);
  });

  it('begins a new epoch when etcd was restored from a backup, whether it looked on or not, and keeps nothing of what was lost', async () => {
    for (const looksOn of [true, false]) {
      const { api, database } = await scene();
      const restore = api.backUp();
      const first = startIndexer(api, database);
      await put(api, organizationKind, acme, organization('after'));
      await put(api, organizationKind, { name: 'lost' }, organization('lost'));
      await api.delete(consumptionRoleKind, { namespace: 'marketing-prod', name: 'etl' });
      await expect.poll(() => owners(database)).toEqual({ acme: 'after', lost: 'lost' });
      await expect.poll(() => database.selectFrom('consumption_role').selectAll().execute()).toEqual([]);
      if (!looksOn) await first.stop();
      restore();
      // The history that goes on from the backup comes to the same resource versions, and further.
      if (!looksOn)
        for (let n = 0; n < 20; n++) await put(api, organizationKind, { name: 'globex' }, organization(`globex-${n}`));
      if (!looksOn) startIndexer(api, database);

      await expect.poll(() => owners(database)).toEqual({ acme: 'platform', ...(!looksOn && { globex: 'globex-19' }) });
      await expect
        .poll(() => database.selectFrom('consumption_role').select('name').execute())
        .toEqual([{ name: 'etl' }]);
      expect(await epoch(database)).toBe(2);
      await expect.poll(() => rebuildProgress(database)).toMatchObject({ stale: 0, finished: true });
      await first.stop();
    }
  });

  it('catches up when the database was away, and loses nothing that happened meanwhile', async () => {
    const { api, database, url } = await scene();
    const indexer = startIndexer(api, database);
    await expect.poll(() => isBuilt(database)).toBe(true);
    // It is in the middle of a write, which waits for somebody else's lock, when the server is killed.
    const locks = new Client({ connectionString: url });
    locks.on('error', () => undefined);
    await locks.connect();
    await locks.query('begin; lock table organization in access exclusive mode');
    await put(api, organizationKind, acme, organization('meanwhile'));
    const waits = `select count(*)::int as n from pg_locks where not granted`;
    await expect.poll(async () => (await locks.query<{ n: number }>(waits)).rows[0]?.n).toBe(1);
    await postgres.server().kill();
    await put(api, organizationKind, { name: 'globex' }, organization('globex'));
    await api.delete(consumptionRoleKind, { namespace: 'marketing-prod', name: 'etl' });
    const failures = async () =>
      (await indexer.registry.getSingleMetric('dataall_indexer_failures_total')?.get())?.values
        .map(({ value }) => value)
        .reduce((sum, value) => sum + value, 0);
    await expect.poll(failures).toBeGreaterThan(0);
    const lag = async () =>
      (await indexer.registry.getSingleMetric('dataall_indexer_lag_seconds')?.get())?.values[0]?.value ?? 0;
    expect(await lag()).toBeGreaterThan(0);

    await postgres.server().start();
    await expect.poll(() => owners(database), { timeout: 10_000 }).toEqual({ acme: 'meanwhile', globex: 'globex' });
    await expect.poll(() => database.selectFrom('consumption_role').selectAll().execute()).toEqual([]);
    await expect.poll(lag).toBe(0);
  });

  it('says until when the rows were known to be those of the API server, and stops to when that is away', async () => {
    const { api, database } = await scene();
    const behind = async () => (await freshness(database)).behindSeconds ?? Infinity;
    expect(await behind()).toBe(Infinity);
    startIndexer(api, database);
    await expect.poll(behind).toBeLessThan(1);
    api.down();
    await expect.poll(behind).toBeGreaterThan(2);
    api.up();
    await expect.poll(behind).toBeLessThan(1);
  });

  it('leads alone, and another takes over what it leaves', async () => {
    const { api, database, url } = await scene();
    const clock = quickClock(20, () => 0.5);
    const candidate = (identity: string) => ({
      clock,
      election: () =>
        new LeaderElection({
          api,
          namespace: 'dataall-system',
          name: 'dataall-indexer',
          identity,
          clock,
          log: pino({ level: 'silent' }),
        }),
    });
    const one = startIndexer(api, database, candidate('one'));
    await expect.poll(() => leads(one)).toBe(true);
    const two = startIndexer(api, postgres.connect(url), candidate('two'));
    await put(api, organizationKind, acme, organization('by-one'));
    await expect.poll(() => owners(database)).toEqual({ acme: 'by-one' });
    expect([await leads(one), await leads(two)]).toEqual([true, false]);
    expect(await written(two, 'organization')).toBe(0);

    await one.stop();
    await put(api, organizationKind, acme, organization('by-two'));
    await expect.poll(() => owners(database), { timeout: 10_000 }).toEqual({ acme: 'by-two' });
    expect(await leads(two)).toBe(true);
  });

  it('gives equal rows from an empty database, and says how far it is', async () => {
    const { api, database } = await scene();
    startIndexer(api, database);
    await expect.poll(() => isBuilt(database)).toBe(true);
    const before = await dump(database, ...everything);

    const other = await postgres.empty();
    await migrate(other.database);
    startIndexer(api, other.database);
    await expect.poll(() => isBuilt(other.database)).toBe(true);
    expect(await dump(other.database, ...everything)).toEqual(before);

    const told: RebuildProgress[] = [];
    await rebuild(database, (progress) => told.push(progress), AbortSignal.timeout(20_000));
    expect(told[0]).toMatchObject({ finished: false });
    expect(told.at(-1)).toEqual({ done: 10, stale: 0, finished: true });
    expect(await dump(database, ...everything)).toEqual(before);
  });

  it('writes 500 items of one share, and of a change only what changed', async () => {
    const { api, database } = await scene();
    const items = Array.from({ length: 500 }, (_, n) => ({ kind: 'Table', name: `t${n}` }));
    const name = { namespace: 'marketing-prod', name: 'large' };
    const status = (granted: number) => ({
      items: items.map((item, n) => ({ ...item, state: n < granted ? 'Granted' : 'Granting' })),
    });
    await put(api, shareRequestKind, name, share('marketing', items), status(0));
    startIndexer(api, database);
    const granted = async () => {
      const rows = await database.selectFrom('share_item').select((eb) => eb.fn.countAll<string>().as('n')).where('state', '=', 'Granted').executeTakeFirst(); // prettier-ignore
      return Number(rows?.n);
    };
    // One of them is of the other share.
    await expect.poll(async () => (await database.selectFrom('share_item').select('id').execute()).length).toBe(503);
    expect(await granted()).toBe(1);
    await put(api, shareRequestKind, name, share('marketing', items), status(499));
    await expect.poll(granted).toBe(500);
    await put(api, shareRequestKind, name, share('marketing', items.slice(0, 10)), { items: [] });
    await expect.poll(async () => (await database.selectFrom('share_item').select('id').execute()).length).toBe(13);
  });

  it('leaves out what the database refuses, goes on with the rest, and tries it again', async () => {
    const { api, database } = await scene();
    const label = (text: string) => ({ ...organization('strange'), label: text });
    await put(api, organizationKind, { name: 'strange' }, label('a\0b\uD800c'));
    await database.schema
      .alterTable('organization')
      .addCheckConstraint('no_bad', sql`owner <> 'refused'`)
      .execute();
    await put(api, organizationKind, { name: 'refused' }, organization('refused'));
    const indexer = startIndexer(api, database);
    await expect.poll(() => owners(database)).toEqual({ acme: 'platform', strange: 'strange' });
    await expect.poll(() => isBuilt(database)).toBe(true);
    expect(await database.selectFrom('organization').select('label').where('name', '=', 'strange').execute()).toEqual([
      { label: 'a\uFFFDb\uFFFDc' },
    ]);
    const failures = await indexer.registry.getSingleMetric('dataall_indexer_failures_total')?.get();
    expect(failures?.values.find(({ labels }) => labels['reason'] === 'refused')?.value).toBeGreaterThan(0);

    await database.schema.alterTable('organization').dropConstraint('no_bad').execute();
    await expect.poll(() => owners(database)).toEqual({ acme: 'platform', strange: 'strange', refused: 'refused' });
  });
});
