// The read model follows the API server into a real PostgreSQL.

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { migrate } from '../../api/read-model/migrate.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { databaseServer } from '../support/database.ts';
import {
  environment,
  memoryCluster,
  organization,
  put,
  READY_NAMESPACE,
  startIndexer,
} from '../support/index-scene.ts';

const postgres = databaseServer();

/** What people would be shown: without what is only there to keep it. */
const organizations = async (database: Database) =>
  database.selectFrom('organization').select(['name', 'owner', 'invited']).orderBy('name').execute();

/** Names of the groups that may see the rows of a table, by name of the object. */
const viewers = async (database: Database, table: 'organization' | 'environment') => {
  const { rows } = await sql<{ name: string; groups: string[] }>`
    select t.name, array(select g.name from identity_group g where g.id = any(t.viewers) order by 1) as groups
    from ${sql.table(table)} t`.execute(database);
  return Object.fromEntries(rows.map(({ name, groups }) => [name, groups]));
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
    startIndexer(api, database);

    await expect.poll(() => viewers(database, 'environment')).toEqual({ 'sales-prod': ['platform', 'sales'] });
    await put(api, organizationKind, { name: 'acme' }, organization('board', ['sales']));
    await expect.poll(() => viewers(database, 'environment')).toEqual({ 'sales-prod': ['board', 'sales'] });
    await expect.poll(() => viewers(database, 'organization')).toEqual({ acme: ['board', 'sales'] });
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
