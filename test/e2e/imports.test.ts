// Imports of what people had in AWS before: whose data it is, what it was like, and what is left of it at the end.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { eventually, openImportScene, PRODUCER, shareOf, tableAt, type ImportScene } from './import-scene.ts';

let scene: ImportScene;

beforeAll(async () => {
  scene = await openImportScene();
}, 240_000);
afterAll(() => scene[Symbol.asyncDispose]());

describe("a table whose data lies in another owner's bucket", () => {
  const OWN = 'own.csv';
  const refusal = (table: string): string =>
    `table ${table} lies in s3://acme-treasury/, not in bucket acme-salesx of this dataset: share it from the dataset of that bucket`;
  const itemsOf = async (): Promise<Record<string, string>> => {
    const { status } = await scene.api.get(shareRequestKind, shareOf('salesx'));
    return Object.fromEntries((status.items ?? []).map(({ name, state, message }) => [name, message ?? state]));
  };
  /** What the sales team itself reads, through its own role. */
  const readsItself = async (table: string): Promise<boolean> => {
    const { status } = await scene.api.get(environmentKind, { name: PRODUCER });
    const role = status.defaultRole?.arn.split('/').at(-1) ?? '';
    const { PrincipalResourcePermissions = [] } = await scene.produce<{
      PrincipalResourcePermissions?: { Principal: { DataLakePrincipalIdentifier: string }; Permissions: string[] }[];
    }>('lakeformation', 'ListPermissions', {
      Resource: { Table: { DatabaseName: 'salesx', Name: table } },
    });
    return PrincipalResourcePermissions.some(
      ({ Principal, Permissions }) =>
        Principal.DataLakePrincipalIdentifier.endsWith(`/${role}`) &&
        Permissions.some((permission) => permission === 'ALL' || permission === 'SELECT'),
    );
  };

  const addPartition = async (day: string, location: string): Promise<unknown> =>
    await scene.produce('glue', 'CreatePartition', {
      DatabaseName: 'salesx',
      TableName: 'parted',
      PartitionInput: { Values: [day], StorageDescriptor: { Location: location } },
    });

  it('is shared by nobody but the dataset of that bucket, and not read by the team that names it', async () => {
    await scene.makeBucket('acme-salesx', { [`own/${OWN}`]: '1,ours\n', [`moving/${OWN}`]: '1,ours\n' });
    await scene.makeBucket('acme-treasury', { 'ledger/a.csv': '1,theirs\n' });
    await scene.makeDatabase('salesx', {
      own: 's3://acme-salesx/own/',
      moving: 's3://acme-salesx/moving/',
      ledger: 's3://acme-treasury/ledger/',
    });
    const partitioned = { PartitionKeys: [{ Name: 'day', Type: 'string' }] };
    await scene.produce('glue', 'CreateTable', {
      DatabaseName: 'salesx',
      TableInput: tableAt('parted', 's3://acme-salesx/own/', partitioned),
    });
    await addPartition('1', 's3://acme-salesx/own/');
    const dataset = await scene.import('salesx', { bucket: { name: 'acme-salesx' }, glueDatabase: { name: 'salesx' } });
    await scene.import('treasury', { bucket: { name: 'acme-treasury' } });
    expect(dataset.status.tables?.names).toEqual(['moving', 'own', 'parted']);

    const items = ['own', 'moving', 'parted', 'ledger'].map((name) => ({ kind: 'Table', name }));
    await scene.share('salesx', items, ({ status }) => status.phase === 'PartlyGranted');
    expect(await itemsOf()).toEqual({
      own: 'Granted',
      moving: 'Granted',
      parted: 'Granted',
      ledger: refusal('ledger'),
    });
    expect(await scene.query('salesx_shared', 'own')).toContain('1,ours');
    expect(await scene.query('salesx_shared', 'ledger')).toMatch(/denied|insufficient|not exist/i);
    expect(await readsItself('own')).toBe(true);
    expect(await readsItself('ledger')).toBe(false);
  });

  it('is taken back within seconds when it is moved there after it was granted', async () => {
    await scene.produce('glue', 'UpdateTable', {
      DatabaseName: 'salesx',
      TableInput: tableAt('moving', 's3a://acme-treasury/ledger'),
    });
    await eventually(async () => (await itemsOf())['moving'], refusal('moving').replace('s3://', 's3a://'));
    expect(await scene.query('salesx_shared', 'moving')).toMatch(/denied|insufficient|not exist/i);
    expect(await readsItself('moving')).toBe(false);
  });

  it('is taken back when one of its partitions is added there', async () => {
    await addPartition('2', 's3://acme-treasury/ledger/');
    await eventually(async () => (await itemsOf())['parted'], refusal('parted'));
    expect(await readsItself('parted')).toBe(false);
    await scene.end(shareRequestKind, shareOf('salesx'));
    await scene.end(datasetKind, { namespace: PRODUCER, name: 'salesx' });
    await scene.end(datasetKind, { namespace: PRODUCER, name: 'treasury' });
  });
});
