import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFault } from '../fault.ts';
import type { NewTable } from './glue.ts';
import { administerLake, startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts();
  // Lake Formation's administrator may do what the tests do, whatever the settings' defaults are.
  for (const account of [world.producer, world.consumer]) await administerLake(account);
});
afterAll(async () => await world.stop());

const orders: NewTable = {
  name: 'orders',
  location: 's3://orders/orders/',
  columns: [
    { name: 'id', type: 'bigint', comment: undefined },
    { name: 'region', type: 'string', comment: 'ISO code' },
  ],
  partitionKeys: [{ name: 'day', type: 'date', comment: undefined }],
  parameters: { classification: 'csv' },
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: { library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', parameters: { separatorChar: ',' } },
};

describe('databases and tables', () => {
  it('are made, read back as they were given, and deleted', async () => {
    const { glue, account } = world.producer;
    expect(await glue.database('sales')).toBeUndefined();
    expect(await glue.tables('sales')).toBeUndefined();
    await glue.createDatabase({
      name: 'sales',
      description: 'Sales',
      locationUri: 's3://orders',
      parameters: { owner: 'us' },
    });
    expect(await glue.database('sales')).toEqual({
      catalogId: account,
      name: 'sales',
      description: 'Sales',
      locationUri: 's3://orders',
      parameters: { owner: 'us' },
      target: undefined,
      opensNewTables: false,
    });
    await expect(glue.createDatabase({ name: 'sales' })).rejects.toSatisfy((error) => isFault(error, 'AlreadyExists'));

    await glue.createTable('sales', orders);
    await expect(glue.createTable('sales', orders)).rejects.toSatisfy((error) => isFault(error, 'AlreadyExists'));
    await expect(glue.createTable('none', orders)).rejects.toSatisfy((error) => isFault(error, 'NotFound'));
    const table = await glue.table('sales', 'orders');
    expect(table).toMatchObject({
      ...orders,
      catalogId: account,
      database: 'sales',
      target: undefined,
      type: 'EXTERNAL_TABLE',
    });
    expect(await glue.tables('sales')).toEqual([table]);
    expect(await glue.table('sales', 'none')).toBeUndefined();

    expect(await glue.deleteTable('sales', 'orders')).toBe(true);
    expect(await glue.deleteTable('sales', 'orders')).toBe(false);
    expect(await glue.deleteDatabase('sales')).toBe(true);
    expect(await glue.deleteDatabase('sales')).toBe(false);
  });

  it('name every place where an engine may look for their data', async () => {
    const { glue } = world.producer;
    await glue.createDatabase({ name: 'places' });
    const serde = { library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', parameters: { path: 's3://c/' } };
    const parameters = { metadata_location: 's3://b/metadata.json', 'storage.location.template': 's3://d/${day}/' };
    await glue.createTable('places', { ...orders, location: 's3://a/', parameters, serde });
    const table = await glue.table('places', 'orders');
    expect(table?.locations.toSorted()).toEqual(['s3://a/', 's3://b/metadata.json', 's3://c/', 's3://d/${day}/']);
    await glue.deleteTable('places', 'orders');
    await glue.deleteDatabase('places');
  });

  it('are listed over all pages', async () => {
    const { glue } = world.producer;
    await glue.createDatabase({ name: 'many' });
    const names = Array.from({ length: 205 }, (_, index) => `t${String(index).padStart(3, '0')}`);
    for (const name of names)
      await world.administer('producer', 'glue', 'CreateTable', { DatabaseName: 'many', TableInput: { Name: name } });
    expect((await glue.tables('many'))?.map(({ name }) => name).sort()).toEqual(names);
    await glue.deleteDatabase('many');
  });
});

describe('links', () => {
  it('are tables and databases that say what they point to', async () => {
    const { glue } = world.consumer;
    const target = { catalogId: world.producer.account, database: 'sales', table: 'orders' };
    await glue.createDatabase({ name: 'sales_shared' });
    await glue.createTable('sales_shared', { name: 'orders', target });
    expect(await glue.tables('sales_shared')).toMatchObject([{ name: 'orders', target }]);
    await glue.deleteTable('sales_shared', 'orders');
    await glue.deleteDatabase('sales_shared');
  });
});
