import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFault } from '../fault.ts';
import { administerLake, region, startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts();
  const { glue } = world.producer;
  await administerLake(world.producer);
  await world.administer('producer', 's3', 'CreateBucket', {
    Bucket: 'orders',
    CreateBucketConfiguration: { LocationConstraint: region },
  });
  const rows = Array.from({ length: 1500 }, (_, index) => `${index},${index % 2 === 0 ? 'eu' : ''}`);
  await world.administer('producer', 's3', 'PutObject', {
    Bucket: 'orders',
    Key: 'orders/1.csv',
    Body: Buffer.from(rows.join('\n')),
  });
  await glue.createDatabase({ name: 'sales', locationUri: 's3://orders' });
  await glue.createTable('sales', {
    name: 'orders',
    location: 's3://orders/orders/',
    columns: [
      { name: 'id', type: 'bigint', comment: undefined },
      { name: 'region', type: 'string', comment: undefined },
    ],
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: { library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: { 'field.delim': ',' } },
  });
});
afterAll(async () => await world.stop());

const query = async (sql: string, limit?: number) =>
  await world.producer.athena.query({
    sql,
    database: 'sales',
    outputLocation: 's3://orders/results/',
    ...(limit === undefined ? {} : { limit }),
  });

it('answers columns and rows, without the header Athena puts in front', async () => {
  const result = await query('SELECT id, region FROM orders ORDER BY id LIMIT 2');
  expect(result.columns.map(({ name }) => name)).toEqual(['id', 'region']);
  expect(result.rows.map(([id]) => id)).toEqual(['0', '1']);
});

it('answers as many rows as are wanted, over pages', async () => {
  expect((await query('SELECT id FROM orders ORDER BY id', 1200)).rows.map(([id]) => id)).toEqual(
    Array.from({ length: 1200 }, (_, index) => String(index)),
  );
  expect((await query('SELECT id FROM orders ORDER BY id', 3)).rows).toEqual([['0'], ['1'], ['2']]);
});

it('says why a statement failed', async () => {
  await expect(query('SELECT FROM WHERE')).rejects.toSatisfy((error) => isFault(error, 'Invalid'));
  await expect(query('SELECT nothing FROM orders')).rejects.toSatisfy((error) => isFault(error, 'NotFound'));
  await expect(query('SELECT * FROM missing')).rejects.toSatisfy((error) => isFault(error, 'NotFound'));
  await world.administer('producer', 's3', 'PutBucketPolicy', {
    Bucket: 'orders',
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/orders/*' }],
    }),
  });
  await expect(query('SELECT id FROM orders')).rejects.toSatisfy((error) => isFault(error, 'AccessDenied'));
});
