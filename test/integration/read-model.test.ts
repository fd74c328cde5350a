// The read model follows the API server into a real PostgreSQL.

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { migrate } from '../../api/read-model/migrate.ts';
import { projections } from '../../api/read-model/projections.ts';
import { itemId } from '../../api/read-model/item-id.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { idFromUid } from '../../operator/resources/names.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { databaseServer } from '../support/database.ts';
import { viewers } from '../support/read-model.ts';
import { caughtUp, dataset, environment, memoryCluster, ordersTable, organization, populate, put, READY_NAMESPACE, share, startIndexer } from '../support/index-scene.ts'; // prettier-ignore

const postgres = databaseServer();

/** What people would be shown: without what is only there to keep it. */
const organizations = async (database: Database) =>
  database.selectFrom('organization').select(['name', 'owner', 'invited']).orderBy('name').execute();

/** The tables of all kinds, and how many rows they have. */
const counts = async (database: Database): Promise<Record<string, number>> => {
  const counted: Record<string, number> = {};
  for (const { table } of projections) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(database);
    counted[table] = rows[0]?.n ?? 0;
  }
  return counted;
};

describe('The read model', () => {
  it('shows organizations and environments, and follows their changes and deletions', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    await put(api, organizationKind, { name: 'acme' }, organization('platform', ['sales']));
    startIndexer(api, database);

    await expect.poll(() => organizations(database)).toEqual([{ name: 'acme', owner: 'platform', invited: ['sales'] }]);

    await put(api, organizationKind, { name: 'acme' }, organization('finance'));
    await put(api, environmentKind, { name: 'sales-prod' }, environment('sales'));
    await expect.poll(() => organizations(database)).toEqual([{ name: 'acme', owner: 'finance', invited: [] }]);
    await expect
      .poll(() => database.selectFrom('environment').select(['name', 'organization', 'account']).execute())
      .toEqual([{ name: 'sales-prod', organization: 'acme', account: '111111111111' }]);

    await api.delete(organizationKind, { name: 'acme' });
    await expect.poll(() => organizations(database)).toEqual([]);
  });

  it('lets those see an environment who may read it by RBAC, and follows their organization', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    await put(api, organizationKind, { name: 'acme' }, organization('platform', ['sales']));
    await put(api, environmentKind, { name: 'sales-prod' }, environment('sales'), READY_NAMESPACE);
    const indexer = startIndexer(api, database);

    await expect.poll(() => viewers(database, 'environment')).toEqual({ 'sales-prod': ['platform', 'sales'] });
    await caughtUp(indexer, database);
    await put(api, organizationKind, { name: 'acme' }, organization('board', ['sales']));
    await expect.poll(() => viewers(database, 'environment')).toEqual({ 'sales-prod': ['board', 'sales'] });
    await expect.poll(() => viewers(database, 'organization')).toEqual({ acme: ['board', 'sales'] });
  });

  it('has a row for every object of every kind, for each item of a share and for all that a dataset offers', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    await populate(api);
    startIndexer(api, database);

    await expect.poll(() => counts(database)).toEqual({
      tenant: 1, organization: 1, environment: 2, team: 1, dataset: 1, dataset_table: 1, consumption_role: 1, share_request: 1, share_approval: 1,
    }); // prettier-ignore
    const items = await database.selectFrom('share_item').selectAll().orderBy('position').execute();
    expect(items.map(({ kind, name, state, requested }) => [kind, name, state, requested])).toEqual([
      ['Table', 'orders', 'Granted', true],
      ['Folder', 'raw', null, true],
      ['Table', 'former', 'Revoking', false],
    ]);
    const { uri } = await database.selectFrom('share_request').select('uri').executeTakeFirstOrThrow();
    expect(items[0]?.id).toBe(itemId(uri, 'Table', 'orders'));
    const offered = await database
      .selectFrom('dataset_item')
      .select(['kind', 'name', 'prefix'])
      .orderBy('name')
      .execute();
    expect(offered).toEqual([
      { kind: 'Bucket', name: 'acme-orders', prefix: null },
      { kind: 'Table', name: 'orders', prefix: null },
      { kind: 'Folder', name: 'raw', prefix: 'raw/' },
    ]);
  });

  it('shows a request to its environment and to those who decide about it, and a draft to its environment alone', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    await populate(api);
    await put(
      api,
      shareRequestKind,
      { namespace: 'marketing-prod', name: 'draft' },
      share('marketing', [ordersTable], { draft: true }),
    );
    const indexer = startIndexer(api, database);

    const environmentOfWhoAsks = ['marketing', 'marketing-lead'];
    await expect
      .poll(() => viewers(database, 'share_request'))
      .toEqual({
        'for-us': [...environmentOfWhoAsks, 'sales', 'stewards'],
        draft: environmentOfWhoAsks,
      });
    expect(await viewers(database, 'dataset')).toEqual({ orders: ['sales', 'stewards'] });

    await caughtUp(indexer, database);
    // A new steward decides from now on, a former one does not.
    await put(api, datasetKind, { namespace: 'sales-prod', name: 'orders' }, dataset('sales', ['auditors']));
    await expect
      .poll(async () => (await viewers(database, 'share_request'))['for-us'])
      .toEqual(['auditors', ...environmentOfWhoAsks, 'sales']);
    expect(await viewers(database, 'dataset')).toEqual({ orders: ['auditors', 'sales'] });
    // A team leaves: it sees nothing of the environment any more.
    await api.delete(teamKind, { namespace: 'marketing-prod', name: 'marketing' });
    await expect.poll(async () => (await viewers(database, 'share_request'))['draft']).toEqual(['marketing-lead']);
    expect((await viewers(database, 'environment'))['marketing-prod']).toEqual(['marketing-lead', 'platform']);
  });

  it('gives an id that two objects claim to the one that has it, and the other an id of its own', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    const claims = (owner: string) => ({ ...organization(owner), id: 'claimed0' });
    await put(api, organizationKind, { name: 'first' }, claims('first'));
    const indexer = startIndexer(api, database);
    await caughtUp(indexer, database);
    const second = await put(api, organizationKind, { name: 'a-second' }, claims('second'));
    const ids = () => database.selectFrom('organization').select(['name', 'uri']).orderBy('name').execute();
    await expect.poll(ids).toEqual([
      { name: 'a-second', uri: idFromUid(second.metadata.uid) },
      { name: 'first', uri: 'claimed0' },
    ]);
  });

  it('is migrated once by several that start together', async () => {
    const { database, url } = await postgres.empty();
    const other = postgres.connect(url);
    const ran = await Promise.all([migrate(database), migrate(other)]);
    expect(ran.flat().toSorted()).toEqual([...new Set(ran.flat())].toSorted());
    expect(ran.flat()).toContain('0001_read_model');
    expect(await migrate(database)).toEqual([]);
  });
});
