// Tables are found by everybody, known by who may see the dataset or was given them, and described in DatasetTable objects.

import { describe, expect, it } from 'vitest';
import { featuresWith } from '../../../../operator/features/testing/features-with.ts';
import { annotations } from '../../../../operator/resources/annotations.ts';
import { datasetKind } from '../../../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../../../operator/resources/dataset-table.ts';
import { databaseServer } from '../../../../test/support/database.ts';
import { dataset } from '../../../../test/support/index-scene.ts';
import type { Mutation, Query } from '../../../graphql/schema-types.ts';
import { itemId } from '../../../read-model/item-id.ts';
import { knowColumns, ordersScene, ORDERS, type OrdersScene } from '../testing/orders-scene.ts';

const postgres = databaseServer();

const GET = `query ($uri: String!) { getDatasetTable(tableUri: $uri) {
  tableUri datasetUri name description LastGlueTableStatus GlueTableProperties userRoleForTable dataset { label } terms { nodes { path } }
  restricted { AwsAccountId GlueDatabaseName GlueTableName S3Prefix } columns { count nodes { columnUri name } } } }`;
const COLUMNS = `query ($uri: String!, $filter: DatasetTableColumnFilter) { listDatasetTableColumns(tableUri: $uri, filter: $filter) {
  count nodes { columnUri name typeName columnType description GlueDatabaseName } } }`;
const LIST = '{ listDatasetTables { count nodes { name } } }';
const UPDATE = `mutation ($uri: String, $input: ModifyDatasetTableInput) { updateDatasetTable(tableUri: $uri, input: $input) { description terms { nodes { path } } } }`;
const DESCRIBE = `mutation ($uri: String, $input: DatasetTableColumnInput) { updateDatasetTableColumn(columnUri: $uri, input: $input) { name description } }`;
const DELETE = `mutation ($uri: String!) { deleteDatasetTable(tableUri: $uri) }`;
const SYNC = `mutation ($uri: String!) { syncDatasetTableColumns(tableUri: $uri) { count } }`;

const about = { datasetRef: { name: 'orders' }, table: 'orders' };
const written = async (scene: OrdersScene, name = 'orders') =>
  (await scene.stored(datasetTableKind, { namespace: 'sales-prod', name }))?.spec;
/** A second table, about which nobody has written. */
async function withReturns(scene: OrdersScene): Promise<string> {
  const tables = { count: 2, names: ['orders', 'returns'], syncedAt: '2026-11-30T12:00:00Z' };
  await scene.put(datasetKind, ORDERS, dataset('sales', ['stewards']), { bucket: 'acme-orders', tables });
  return itemId(scene.uris.dataset, 'Table', 'returns');
}

describe('a table', () => {
  it('is told whole to who owns the dataset or was given it, and by name to others', async () => {
    const scene = await ordersScene(postgres);
    await knowColumns(scene);
    const read = async (person: typeof scene.owner) =>
      (await person.ask<Query>(GET, { uri: scene.uris.table })).getDatasetTable;
    const whole = {
      tableUri: scene.uris.table,
      datasetUri: scene.uris.dataset,
      name: 'orders',
      description: 'All orders',
      LastGlueTableStatus: 'InSync',
      GlueTableProperties: '{"TableType":"EXTERNAL_TABLE"}',
      dataset: { label: 'Orders' },
      restricted: {
        AwsAccountId: '111111111111',
        GlueDatabaseName: 'acme_orders',
        GlueTableName: 'orders',
        S3Prefix: 's3://acme-orders/orders/',
      },
      columns: { count: 3 },
    };
    expect(await read(scene.owner)).toMatchObject({ ...whole, userRoleForTable: 'Admin' });
    expect(await read(scene.consumer)).toMatchObject({ ...whole, userRoleForTable: 'Shared' });
    const told = await read(scene.stranger);
    expect(told).toMatchObject({ name: 'orders', restricted: null, columns: null, GlueTableProperties: null });
    expect(JSON.stringify(told)).not.toMatch(/acme|111111111111|bigint/);
    expect(await scene.owner.refused(GET, { uri: 'none' })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('tells its columns to everybody where its level means Unclassified here, and to nobody else where nobody chooses one', async () => {
    const columnsFor = async (features: object, confidentiality: string) => {
      const parts = { features: featuresWith({ modules: { datasets_base: { features } } }) };
      const scene = await ordersScene(postgres, parts, { confidentiality });
      await knowColumns(scene);
      const { getDatasetTable } = await scene.stranger.ask<Query>(GET, { uri: scene.uris.table });
      return getDatasetTable?.columns?.count;
    };
    const mapping = { custom_confidentiality_mapping: { Public: 'Unclassified', Private: 'Official' } };
    expect(await columnsFor(mapping, 'Public')).toBe(3);
    expect(await columnsFor(mapping, 'Private')).toBeUndefined();
    // A word of nobody's, which meant it before there was a mapping.
    expect(await columnsFor(mapping, 'Unclassified')).toBeUndefined();
    expect(await columnsFor({}, 'Unclassified')).toBe(3);
    expect(await columnsFor({ confidentiality_dropdown: false }, 'Unclassified')).toBeUndefined();
  });

  it('is listed to who may see its dataset', async () => {
    const scene = await ordersScene(postgres);
    expect((await scene.steward.ask<Query>(LIST)).listDatasetTables).toEqual({ count: 1, nodes: [{ name: 'orders' }] });
    expect((await scene.consumer.ask<Query>(LIST)).listDatasetTables?.count).toBe(0);
  });

  it('is described by what its owner wrote before what others did, and not by what was about a dataset before', async () => {
    const scene = await ordersScene(postgres);
    const put = async (name: string, more: object, status: object = {}) =>
      scene.put(datasetTableKind, { namespace: 'sales-prod', name }, { ...about, ...more }, status);
    await put('a-former', { description: 'Of one before', filters: [{ name: 'eu', rows: 'true' }] }, { datasetUid: 'former' }); // prettier-ignore
    await put('z-owner', { description: 'By the owner', filters: [{ name: 'eu', rows: 'true' }] });
    const { getDatasetTable } = await scene.stranger.ask<Query>(GET, { uri: scene.uris.table });
    expect(getDatasetTable?.description).toBe('By the owner');
  });
});

describe('columns', () => {
  it('are those of Glue with what people wrote, page by page', async () => {
    const scene = await ordersScene(postgres);
    await knowColumns(scene);
    const columns = [{ name: 'region', description: 'Where it was sold' }];
    await scene.put(datasetTableKind, { namespace: 'sales-prod', name: 'orders' }, { ...about, columns });
    const { listDatasetTableColumns } = await scene.steward.ask<Query>(COLUMNS, { uri: scene.uris.table });
    expect(listDatasetTableColumns?.nodes).toMatchObject([
      { name: 'id', typeName: 'bigint', columnType: 'column', description: 'Number of the order' },
      { name: 'region', typeName: 'string', description: 'Where it was sold', GlueDatabaseName: 'acme_orders' },
      { name: 'day', typeName: 'date', columnType: 'partition_0', description: null },
    ]);
    const found = await scene.steward.ask<Query>(COLUMNS, { uri: scene.uris.table, filter: { term: 'SOLD' } });
    expect(found.listDatasetTableColumns?.count).toBe(1);
  });

  it('are for who may see the dataset or was given the table, unless it is Unclassified', async () => {
    const scene = await ordersScene(postgres);
    await knowColumns(scene);
    const count = async (person: typeof scene.owner) =>
      (await person.ask<Query>(COLUMNS, { uri: scene.uris.table })).listDatasetTableColumns?.count;
    expect(await count(scene.consumer)).toBe(3);
    expect(await scene.stranger.refused(COLUMNS, { uri: scene.uris.table })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('GET_DATASET_TABLE'),
    });
    // Nor is told which there are, by asking for a change that is none.
    for (const column of ['id', 'none'])
      expect(await scene.stranger.refused(DESCRIBE, { uri: `${scene.uris.table}.${column}`, input: {} })).toMatchObject(
        { code: 'UnauthorizedOperation', message: expect.stringContaining(scene.uris.table) },
      );
    await scene.put(datasetKind, ORDERS, { ...dataset('sales'), confidentiality: 'Unclassified' });
    expect(await count(scene.stranger)).toBe(3);
  });

  it('are described by owner and steward, in the DatasetTable', async () => {
    const scene = await ordersScene(postgres);
    await knowColumns(scene);
    const uri = `${scene.uris.table}.region`;
    const said = async (description: string) =>
      (await scene.steward.ask<Mutation>(DESCRIBE, { uri, input: { description } })).updateDatasetTableColumn;
    expect(await said('Where')).toEqual({ name: 'region', description: 'Where' });
    expect((await written(scene))?.columns).toEqual([{ name: 'region', description: 'Where' }]);
    expect(await said('')).toEqual({ name: 'region', description: null });
    expect((await written(scene))?.columns).toBeUndefined();
    expect(await scene.stranger.refused(DESCRIBE, { uri, input: { description: 'x' } })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    const none = `${scene.uris.table}.nonesuch`;
    expect(await scene.owner.refused(DESCRIBE, { uri: none, input: {} })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('are asked for anew by the owner of the dataset', async () => {
    const scene = await ordersScene(postgres);
    await knowColumns(scene);
    expect(await scene.owner.ask(SYNC, { uri: scene.uris.table })).toEqual({ syncDatasetTableColumns: { count: 3 } });
    const object = await scene.stored(datasetKind, ORDERS);
    expect(object?.metadata.annotations).toHaveProperty([annotations.requestedAt]);
    expect(await scene.consumer.refused(SYNC, { uri: scene.uris.table })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
  });
});

describe('updateDatasetTable', () => {
  it('changes the DatasetTable there is', async () => {
    const scene = await ordersScene(postgres);
    const input = { label: 'orders', description: 'Every one', terms: ['/a/Order'] };
    const answer = await scene.steward.ask<Mutation>(UPDATE, { uri: scene.uris.table, input });
    expect(answer.updateDatasetTable).toEqual({ description: 'Every one', terms: { nodes: [{ path: '/a/Order' }] } });
    expect(await written(scene)).toEqual({ ...about, description: 'Every one', terms: ['/a/Order'] });
  });

  it('makes one where nobody has written yet, also where another request has just done so', async () => {
    const scene = await ordersScene(postgres);
    const uri = await withReturns(scene);
    const write = (description: string) => scene.steward.ask(UPDATE, { uri, input: { description } });
    await Promise.all([write('What came back'), write('What came back')]);
    const { items } = await scene.api.list(datasetTableKind);
    const made = items.filter(({ spec }) => spec.table === 'returns');
    expect(made.map(({ spec }) => spec.description)).toEqual(['What came back']);
    expect((await scene.stranger.ask<Query>(GET, { uri })).getDatasetTable?.description).toBe('What came back');
  });

  it('is refused to strangers, and for what Glue alone can change', async () => {
    const scene = await ordersScene(postgres);
    const { table: uri } = scene.uris;
    const refusal = async (person: typeof scene.owner, input: object) =>
      (await person.refused(UPDATE, { uri, input })).code;
    expect(await refusal(scene.stranger, { description: 'Mine' })).toBe('UnauthorizedOperation');
    expect(await refusal(scene.consumer, { description: 'Mine' })).toBe('UnauthorizedOperation');
    expect(await refusal(scene.owner, { label: 'orders2' })).toBe('InvalidInput');
    expect(await refusal(scene.owner, { tags: ['a'] })).toBe('InvalidInput');
    expect(await written(scene)).toEqual({ ...about, description: 'All orders' });
  });
});

describe('deleteDatasetTable', () => {
  it('forgets what was written, unless somebody was given the table', async () => {
    const scene = await ordersScene(postgres);
    expect(await scene.owner.refused(DELETE, { uri: scene.uris.table })).toMatchObject({ code: 'ResourceShared' });
    const uri = await withReturns(scene);
    await scene.owner.ask(UPDATE, { uri, input: { description: 'What came back' } });
    await scene.owner.ask(DELETE, { uri });
    await scene.indexed();
    const { items } = await scene.api.list(datasetTableKind);
    expect(items.map(({ spec }) => spec.table)).toEqual(['orders']);
    expect((await scene.owner.ask<Query>(GET, { uri })).getDatasetTable).toMatchObject({
      name: 'returns',
      description: null,
    });
    // There is nothing to forget any more, but it still takes the right.
    expect(await scene.owner.ask(DELETE, { uri })).toEqual({ deleteDatasetTable: true });
    expect(await scene.stranger.refused(DELETE, { uri })).toMatchObject({ code: 'UnauthorizedOperation' });
  });
});
