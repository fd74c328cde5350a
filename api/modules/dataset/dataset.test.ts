// Datasets are found by everybody who is signed in, and known by who may read the object.

import { Client } from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import type { Query } from '../../graphql/schema-types.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene } from '../../../test/support/gateway-scene.ts';
import { dataset, populate, put } from '../../../test/support/index-scene.ts';
import { ordersScene, ORDERS } from './testing/orders-scene.ts';

const postgres = databaseServer();

const GET = `query ($uri: String!) { getDataset(datasetUri: $uri) {
  datasetUri label name description tags owner admins SamlAdminGroupName imported owners stewards stewardGroups
  ready reason message userRoleForDataset userRoleInEnvironment topics topicNames confidentiality language languageName autoApprovalEnabled
  enableExpiration expirySetting expiryMinDuration expiryMaxDuration
  restricted { AwsAccountId region S3BucketName GlueDatabaseName IAMDatasetAdminRoleArn KmsAlias importedS3Bucket importedKmsKey }
  environment { environmentUri label region organization { name } }
  statistics { tables locations upvotes } terms { count nodes { label path } }
  tables { count nodes { name } } locations { count nodes { name S3Prefix } }
  stack { stack status accountid region }
} }`;

describe('getDataset', () => {
  it('tells its owner everything, from the row of the object', async () => {
    const scene = await ordersScene(postgres);
    const { getDataset } = await scene.owner.ask<Query>(GET, { uri: scene.uris.dataset });
    expect(getDataset).toMatchObject({
      datasetUri: scene.uris.dataset,
      label: 'Orders',
      name: 'orders',
      SamlAdminGroupName: 'sales',
      imported: true,
      owners: 'sales',
      stewards: 'stewards',
      stewardGroups: ['stewards'],
      userRoleForDataset: 'Admin',
      userRoleInEnvironment: 'Owner',
      confidentiality: 'Official',
      enableExpiration: false,
      restricted: { S3BucketName: 'acme-orders', KmsAlias: 'Undefined', importedS3Bucket: true, importedKmsKey: false },
      environment: { environmentUri: scene.uris.environment, label: 'Sales', organization: { name: 'acme' } },
      statistics: { tables: 1, locations: 1, upvotes: 0 },
      tables: { count: 1, nodes: [{ name: 'orders' }] },
      locations: { count: 1, nodes: [{ name: 'raw', S3Prefix: 'raw/' }] },
      stack: { stack: 'dataset', accountid: '111111111111', region: 'eu-west-1' },
    });
  });

  it('lets a stranger find it, and keeps from them where the data is', async () => {
    const scene = await ordersScene(postgres);
    const { getDataset } = await scene.stranger.ask<Query>(GET, { uri: scene.uris.dataset });
    expect(getDataset).toMatchObject({ label: 'Orders', userRoleForDataset: 'NoPermission', restricted: null });
    expect(getDataset).toMatchObject({ stack: null, message: null, userRoleInEnvironment: 'NotInvited' });
    expect(JSON.stringify(getDataset)).not.toContain('acme-orders');
    expect(JSON.stringify(getDataset)).not.toContain('111111111111');
  });

  it('says what each is to it: steward, who was given some, administrator', async () => {
    const scene = await ordersScene(postgres);
    const roleOf = async (person: keyof typeof scene & ('steward' | 'consumer' | 'administrator')) => {
      const { getDataset } = await scene[person].ask<Query>(GET, { uri: scene.uris.dataset });
      return [getDataset?.userRoleForDataset, getDataset?.restricted !== null];
    };
    expect(await roleOf('steward')).toEqual(['DataSteward', true]);
    expect(await roleOf('consumer')).toEqual(['Shared', false]);
    expect(await roleOf('administrator')).toEqual(['NoPermission', true]);
  });

  it('says that there is none where there is none', async () => {
    const scene = await ordersScene(postgres);
    expect(await scene.owner.refused(GET, { uri: 'nonesuch' })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await scene.owner.refused(GET, { uri: '' })).toMatchObject({ code: 'RequiredParameter' });
  });

  it('says words that the enums of data.all do not know in fields of their own, and null in theirs', async () => {
    const scene = await ordersScene(postgres);
    const words = { topics: ['Sales', 'Wind power'], language: 'Welsh', confidentiality: 'C3', terms: ['/a/Revenue'] };
    await scene.put(datasetKind, ORDERS, { ...dataset('sales'), ...words });
    const { getDataset } = await scene.owner.ask<Query>(GET, { uri: scene.uris.dataset });
    expect(getDataset).toMatchObject({
      topics: ['Sales'],
      topicNames: ['Sales', 'Wind power'],
      language: null,
      languageName: 'Welsh',
      confidentiality: 'C3',
      terms: { count: 1, nodes: [{ label: 'Revenue', path: '/a/Revenue' }] },
    });
  });
});

describe('lists of datasets', () => {
  const labels = (list: string, filter = '') => `{ ${list}${filter} { count nodes { label userRoleForDataset } } }`;

  it('are of what one owns, decides about or was given, and no more', async () => {
    const scene = await ordersScene(postgres);
    const named = async (person: typeof scene.owner, list: 'listDatasets' | 'listOwnedDatasets') =>
      (await person.ask<Query>(labels(list)))[list]?.nodes;
    expect(await named(scene.owner, 'listDatasets')).toEqual([{ label: 'Orders', userRoleForDataset: 'Admin' }]);
    expect(await named(scene.steward, 'listDatasets')).toHaveLength(1);
    expect(await named(scene.consumer, 'listDatasets')).toEqual([{ label: 'Orders', userRoleForDataset: 'Shared' }]);
    expect(await named(scene.stranger, 'listDatasets')).toEqual([]);
    expect(await named(scene.steward, 'listOwnedDatasets')).toHaveLength(1);
    expect(await named(scene.consumer, 'listOwnedDatasets')).toEqual([]);
  });

  it('are found by words, roles and in an order, with text as it is written', async () => {
    const scene = await ordersScene(postgres);
    await scene.put(
      datasetKind,
      { namespace: 'sales-prod', name: 'web' },
      { ...dataset('sales'), label: '100% web_log', s3: { origin: 'Create' } },
    );
    const found = async (filter: string) =>
      (await scene.owner.ask<Query>(labels('listDatasets', `(filter: {${filter}})`))).listDatasets?.nodes?.map(
        (node) => node?.label,
      );
    expect(await found('term: "ORDER"')).toEqual(['Orders']);
    expect(await found('term: "100%"')).toEqual(['100% web_log']);
    expect(await found(`term: "%' or 1=1 --"`)).toEqual([]);
    expect(await found('term: "_"')).toEqual(['100% web_log']);
    expect(await found('roles: [DataSteward]')).toEqual([]);
    expect(await found('sort: [{field: label, direction: desc}]')).toEqual(['Orders', '100% web_log']);
    expect(await found('pageSize: 1, page: 2, sort: [{field: label, direction: asc}]')).toEqual(['Orders']);
  });

  it('are of an environment for who may see it', async () => {
    const scene = await ordersScene(postgres);
    const query = labels('listDatasetsCreatedInEnvironment', `(environmentUri: "${scene.uris.environment}")`);
    expect((await scene.owner.ask<Query>(query)).listDatasetsCreatedInEnvironment?.count).toBe(1);
    expect(await scene.stranger.refused(query)).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('are of a group of one’s own in an environment', async () => {
    const scene = await ordersScene(postgres);
    const list = 'listS3DatasetsOwnedByEnvGroup';
    const query = (group: string) =>
      labels(list, `(environmentUri: "${scene.uris.environment}", groupUri: "${group}")`);
    expect((await scene.owner.ask<Query>(query('sales')))[list]?.count).toBe(1);
    expect(await scene.owner.refused(query('stewards'))).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await scene.stranger.refused(query('strangers'))).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('of tables and folders are for who may see the dataset', async () => {
    const scene = await ordersScene(postgres);
    const query = `{ listDatasetTablesFolders(datasetUri: "${scene.uris.dataset}") { count nodes { name targetType targetUri } } }`;
    expect((await scene.steward.ask<Query>(query)).listDatasetTablesFolders?.nodes).toEqual([
      { name: 'orders', targetType: 'Table', targetUri: scene.uris.table },
      { name: 'raw', targetType: 'Folder', targetUri: scene.uris.folder },
    ]);
    expect(await scene.consumer.refused(query)).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('GET_DATASET'),
    });
  });

  it('of 500 datasets take a handful of statements, whatever is asked of each', async () => {
    // Before there are connections, each of which keeps the method that it found.
    const spy = vi.spyOn(Client.prototype, 'query');
    onTestFinished(() => spy.mockRestore());
    const scene = await gatewayScene(postgres, async (api) => {
      await populate(api);
      for (let number = 1; number < 500; number++)
        await put(api, datasetKind, { namespace: 'sales-prod', name: `set-${number}` }, dataset('sales'));
    });
    const { uri } = await scene.database
      .selectFrom('environment')
      .select('uri')
      .where('name', '=', 'sales-prod')
      .executeTakeFirstOrThrow();
    const list = 'listS3DatasetsOwnedByEnvGroup';
    const query = `{ ${list}(environmentUri: "${uri}", groupUri: "sales", filter: { pageSize: 500 }) {
      count nodes { label stewards userRoleForDataset userRoleInEnvironment environment { label organization { label } }
        statistics { locations } restricted { S3BucketName } stack { accountid }
        tables(filter: { pageSize: 1 }) { count nodes { name dataset { label } } } locations(filter: { pageSize: 1 }) { nodes { name } } } } }`;
    spy.mockClear();
    const answer = await scene.as('olga', 'sales').ask<Query>(query);
    const statements = spy.mock.calls
      .map(([statement]): string => statement)
      // Without what the indexer does meanwhile.
      .filter((text) => /^\s*select/.test(text) && /dataset|environment|team/.test(text) && !text.includes('digest'));
    expect(answer[list]?.nodes).toHaveLength(500);
    expect(answer[list]?.nodes?.every((node) => node?.locations?.nodes?.[0]?.name === 'raw')).toBe(true);
    expect(statements.length).toBeGreaterThan(5);
    expect(statements.length).toBeLessThan(20);
  });
});
