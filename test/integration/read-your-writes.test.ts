// What the API server returned to a mutation is shown by the next query, before the indexer has heard of it.

import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHANGES_CHANNEL } from '../../api/read-model/changes-channel.ts';
import { deletedNow, projectNow } from '../../api/read-model/project-now.ts';
import { projections } from '../../api/read-model/projections.ts';
import type { Kind } from '../../operator/kernel/kind.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { databaseServer } from '../support/database.ts';
import { memoryCluster, ordersTable, organization, populate, put, share, startIndexer, written } from '../support/index-scene.ts'; // prettier-ignore
import { dump, viewers } from '../support/read-model.ts';

const postgres = databaseServer();

describe('An object that a mutation returned', () => {
  it('is shown at once, by the same row that the indexer makes of it', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database } = await postgres.fresh();
    for (const { kind } of projections)
      for (const object of (await api.list(kind as unknown as Kind)).items) await projectNow(database, object);
    expect(await viewers(database, 'share_request')).toEqual({
      'for-us': ['marketing', 'marketing-lead', 'sales', 'stewards'],
    });
    const shown = await dump(
      database,
      'share_request',
      'share_item',
      'dataset',
      'dataset_item',
      'organization',
      'tenant',
    );

    const indexer = startIndexer(api, database);
    await expect.poll(() => database.selectFrom('indexed_kind').selectAll().execute()).toHaveLength(projections.length);
    expect(
      await dump(database, 'share_request', 'share_item', 'dataset', 'dataset_item', 'organization', 'tenant'),
    ).toEqual(shown);
    expect(await written(indexer, 'share_request')).toBe(0);
  });

  it('does not replace what is newer, nor bring back what was deleted', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    const older = await put(api, organizationKind, { name: 'acme' }, organization('platform'));
    const newer = await put(api, organizationKind, { name: 'acme' }, organization('finance'));
    await projectNow(database, newer);
    await projectNow(database, older);
    const owners = async () =>
      (await database.selectFrom('organization').select('owner').execute()).map(({ owner }) => owner);
    expect(await owners()).toEqual(['finance']);

    startIndexer(api, database);
    await expect.poll(() => database.selectFrom('indexed_kind').selectAll().execute()).toHaveLength(projections.length);
    await api.delete(organizationKind, { name: 'acme' });
    await expect.poll(owners).toEqual([]);
    await projectNow(database, newer);
    expect(await owners()).toEqual([]);
  });

  it('replaces the one of its name that was there before it, whose end nobody has told yet', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    const before = await put(api, organizationKind, { name: 'acme' }, organization('platform'));
    await projectNow(database, before);
    await api.delete(organizationKind, { name: 'acme' });
    const anew = await put(api, organizationKind, { name: 'acme' }, organization('finance'));
    await projectNow(database, anew);
    const shown = () => database.selectFrom('organization').select(['uid', 'owner']).execute();
    expect(await shown()).toEqual([{ uid: anew.metadata.uid, owner: 'finance' }]);
    await projectNow(database, before);
    expect(await shown()).toEqual([{ uid: anew.metadata.uid, owner: 'finance' }]);
  });

  it('is gone at once where nothing kept it', async () => {
    const api = await memoryCluster();
    const { database } = await postgres.fresh();
    const acme = await put(api, organizationKind, { name: 'acme' }, organization('platform'));
    await projectNow(database, acme);
    await api.delete(organizationKind, { name: 'acme' });
    await deletedNow(database, api, organizationKind, { name: 'acme' });
    expect(await database.selectFrom('organization').selectAll().execute()).toEqual([]);
  });

  it('is told to whoever listens, once it is committed, by kind and id alone', async () => {
    const api = await memoryCluster();
    const { database, url } = await postgres.fresh();
    const listener = new Client({ connectionString: url });
    await listener.connect();
    onTestFinished(async () => listener.end());
    const heard: (string | undefined)[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    await listener.query(`listen ${CHANGES_CHANNEL}`);

    const request = await put(
      api,
      shareRequestKind,
      { namespace: 'm', name: 'one' },
      share('marketing', [ordersTable]),
    );
    await projectNow(database, request);
    await projectNow(database, request);
    const { uri } = await database.selectFrom('share_request').select('uri').executeTakeFirstOrThrow();
    await expect.poll(() => heard).toEqual([`ShareRequest ${uri}`]);
  });
});
