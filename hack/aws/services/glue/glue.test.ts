// The Data Catalog: what IAM must allow, databases, tables, links, partitions, and the catalog's own policy across accounts.
import * as glue from '@aws-sdk/client-glue';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clients, Scene } from '../lakeformation/share-scene.ts';
import * as stage from '../lakeformation/share-scene.ts';

const { CONSUMER, DATABASE, PRODUCER, TABLE } = stage;
const READER = `arn:aws:iam::${PRODUCER}:role/reader`;
const arn = (rest: string): string => `arn:aws:glue:${stage.REGION}:${PRODUCER}:${rest}`;

let scene: Scene;
let admin: Clients;

// Everything here is left to IAM, as in an account that never used Lake Formation.
beforeEach(async () => {
  scene = await stage.openScene();
  admin = scene.producer;
  await stage.makeTable(admin);
});

const readerWith = async (...resources: string[]): Promise<Clients> => {
  await stage.makeRole(admin, 'reader', { AWS: PRODUCER }, [
    { Effect: 'Allow', Action: 'glue:*', Resource: resources.map(arn) },
  ]);
  return scene.assume(READER);
};

const getTable = new glue.GetTableCommand({ DatabaseName: DATABASE, Name: TABLE });

describe('IAM', () => {
  it.each([
    [['catalog', `database/${DATABASE}`], `table/${DATABASE}/${TABLE}`],
    [['catalog', `table/${DATABASE}/${TABLE}`], `database/${DATABASE}`],
    [[`database/${DATABASE}`, `table/${DATABASE}/${TABLE}`], 'catalog'],
  ])('with %j lacks %s: the resource and all its ancestors must be allowed', async (resources, missing) => {
    const { glue: client } = await readerWith(...resources);
    await expect(client.send(getTable)).rejects.toThrow(`glue:GetTable on resource: ${arn(missing)}`);
  });

  it('with all three reads the table', async () => {
    const { glue: client } = await readerWith('catalog', `database/${DATABASE}`, `table/${DATABASE}/${TABLE}`);
    expect((await client.send(getTable)).Table?.Name).toBe(TABLE);
  });

  it('must allow the contents of a database that is deleted', async () => {
    const { glue: client } = await readerWith('catalog', `database/${DATABASE}`);
    await expect(client.send(new glue.DeleteDatabaseCommand({ Name: DATABASE }))).rejects.toThrow(
      arn(`table/${DATABASE}/*`),
    );
  });
});

describe('databases and tables', () => {
  it('are named in lower case, made once, and gone when deleted', async () => {
    await expect(
      admin.glue.send(new glue.CreateDatabaseCommand({ DatabaseInput: { Name: 'SALES' } })),
    ).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    const found = await admin.glue.send(new glue.GetTableCommand({ DatabaseName: 'Sales', Name: 'ORDERS' }));
    expect(found.Table).toMatchObject({ Name: TABLE, DatabaseName: DATABASE, CatalogId: PRODUCER, VersionId: '0' });
    await admin.glue.send(new glue.DeleteDatabaseCommand({ Name: DATABASE }));
    await expect(admin.glue.send(getTable)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('leave the world as it was when deleted', async () => {
    await admin.glue.send(new glue.DeleteDatabaseCommand({ Name: DATABASE }));
    const fresh = await stage.openScene();
    const before = fresh.aws.world.snapshot();
    await stage.makeTable(fresh.producer);
    await fresh.producer.glue.send(new glue.DeleteDatabaseCommand({ Name: DATABASE }));
    expect(fresh.aws.world.diff(before, fresh.aws.world.snapshot())).toEqual([]);
  });

  it('are listed in pages', async () => {
    for (const name of ['returns', 'stock']) await stage.makeTable(admin, name);
    const first = await admin.glue.send(new glue.GetTablesCommand({ DatabaseName: DATABASE, MaxResults: 2 }));
    expect(first.TableList?.map((table) => table.Name)).toEqual(['orders', 'returns']);
    const second = await admin.glue.send(
      new glue.GetTablesCommand({ DatabaseName: DATABASE, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(second.TableList?.map((table) => table.Name)).toEqual(['stock']);
    expect(second.NextToken).toBeUndefined();
  });

  it('are deleted in a batch, each for itself', async () => {
    const { Errors } = await admin.glue.send(
      new glue.BatchDeleteTableCommand({ DatabaseName: DATABASE, TablesToDelete: [TABLE, 'none'] }),
    );
    expect(Errors).toMatchObject([{ TableName: 'none', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }]);
    await expect(admin.glue.send(getTable)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('count their versions and refuse an update of an older one', async () => {
    const update = (VersionId: string) =>
      admin.glue.send(
        new glue.UpdateTableCommand({
          DatabaseName: DATABASE,
          VersionId,
          TableInput: { Name: TABLE, Description: VersionId },
        }),
      );
    await update('0');
    await expect(update('0')).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
    expect((await admin.glue.send(getTable)).Table).toMatchObject({ VersionId: '1', Description: '0' });
  });
});

describe('resource links in one account', () => {
  it('to a table follow it, and leave it when deleted', async () => {
    await stage.makeLinkDatabase(admin);
    await stage.makeLink(admin);
    const link = { DatabaseName: stage.LINKS, Name: TABLE };
    const { Table } = await admin.glue.send(new glue.GetTableCommand(link));
    expect(Table).toMatchObject({ DatabaseName: stage.LINKS, TargetTable: { DatabaseName: DATABASE, Name: TABLE } });
    expect(Table?.StorageDescriptor?.Columns).toHaveLength(4);
    await admin.glue.send(new glue.DeleteTableCommand(link));
    expect((await admin.glue.send(getTable)).Table?.Name).toBe(TABLE);
  });

  it('to a database open its tables', async () => {
    await admin.glue.send(
      new glue.CreateDatabaseCommand({
        DatabaseInput: { Name: 'alias', TargetDatabase: { CatalogId: PRODUCER, DatabaseName: DATABASE } },
      }),
    );
    const { Table } = await admin.glue.send(new glue.GetTableCommand({ DatabaseName: 'alias', Name: TABLE }));
    expect(Table).toMatchObject({ Name: TABLE, DatabaseName: DATABASE });
    const { Database } = await admin.glue.send(new glue.GetDatabaseCommand({ Name: 'alias' }));
    expect(Database).toMatchObject({
      Name: 'alias',
      LocationUri: `s3://${stage.BUCKET}/`,
      TargetDatabase: { DatabaseName: DATABASE },
    });
  });
});

describe('partitions', () => {
  const table = { DatabaseName: DATABASE, TableName: 'daily' };
  const values = (day: string) => ({
    Values: ['2026', day],
    StorageDescriptor: { Location: `s3://${stage.BUCKET}/daily/${day}/` },
  });

  beforeEach(async () => {
    await admin.glue.send(
      new glue.CreateTableCommand({
        DatabaseName: DATABASE,
        TableInput: {
          Name: 'daily',
          PartitionKeys: [
            { Name: 'year', Type: 'string' },
            { Name: 'day', Type: 'string' },
          ],
        },
      }),
    );
  });

  it('are made, listed in pages, read and deleted', async () => {
    const { Errors } = await admin.glue.send(
      new glue.BatchCreatePartitionCommand({
        ...table,
        PartitionInputList: [values('01'), values('02'), values('01')],
      }),
    );
    expect(Errors).toMatchObject([
      { PartitionValues: ['2026', '01'], ErrorDetail: { ErrorCode: 'AlreadyExistsException' } },
    ]);
    const first = await admin.glue.send(new glue.GetPartitionsCommand({ ...table, MaxResults: 1 }));
    const second = await admin.glue.send(new glue.GetPartitionsCommand({ ...table, NextToken: first.NextToken }));
    expect([...(first.Partitions ?? []), ...(second.Partitions ?? [])].map((entry) => entry.Values)).toEqual([
      ['2026', '01'],
      ['2026', '02'],
    ]);
    await admin.glue.send(new glue.DeletePartitionCommand({ ...table, PartitionValues: ['2026', '01'] }));
    const left = await admin.glue.send(
      new glue.BatchGetPartitionCommand({
        ...table,
        PartitionsToGet: [{ Values: ['2026', '01'] }, { Values: ['2026', '02'] }],
      }),
    );
    expect(left.Partitions?.map((entry) => entry.Values)).toEqual([['2026', '02']]);
  });

  it('have a value for every key', async () => {
    const create = new glue.CreatePartitionCommand({ ...table, PartitionInput: { Values: ['2026'] } });
    await expect(admin.glue.send(create)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('filtered by an expression are not simulated, loudly', async () => {
    const find = new glue.GetPartitionsCommand({ ...table, Expression: "day = '01'" });
    await expect(admin.glue.send(find)).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('the catalog policy', () => {
  const shareWith = (principal: string, EnableHybrid?: 'TRUE' | 'FALSE') =>
    admin.glue.send(
      new glue.PutResourcePolicyCommand({
        EnableHybrid,
        PolicyInJson: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: principal },
              Action: 'glue:GetTable',
              Resource: [arn('catalog'), arn(`database/${DATABASE}`), arn(`table/${DATABASE}/*`)],
            },
          ],
        }),
      }),
    );
  const foreign = new glue.GetTableCommand({ CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE });

  it('opens tables that are left to IAM to another account, and closes them again', async () => {
    await expect(scene.consumer.glue.send(foreign)).rejects.toThrow('because no resource-based policy allows');
    await shareWith(`arn:aws:iam::${CONSUMER}:root`);
    expect((await scene.consumer.glue.send(foreign)).Table?.Name).toBe(TABLE);
    await admin.glue.send(new glue.DeleteResourcePolicyCommand({}));
    await expect(scene.consumer.glue.send(foreign)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('opens nothing that Lake Formation governs', async () => {
    await shareWith(`arn:aws:iam::${CONSUMER}:root`);
    await stage.governLake(admin, PRODUCER);
    await stage.revoke(admin, 'IAM_ALLOWED_PRINCIPALS', stage.tableResource, ['ALL']);
    await expect(scene.consumer.glue.send(foreign)).rejects.toThrow(
      'Insufficient Lake Formation permission(s): Required Describe on orders',
    );
  });

  it('and RAM shares live side by side only when both are said to', async () => {
    await stage.governLake(admin, PRODUCER);
    await stage.revoke(admin, 'IAM_ALLOWED_PRINCIPALS', stage.tableResource, ['ALL']);
    await shareWith(`arn:aws:iam::${CONSUMER}:root`);
    const grant = () => stage.grant(admin, CONSUMER, stage.tableResource, ['SELECT']);
    await expect(grant()).rejects.toThrow('glue:ShareResource');
    await admin.glue.send(new glue.DeleteResourcePolicyCommand({}));
    await grant();
    await expect(shareWith(`arn:aws:iam::${CONSUMER}:root`)).rejects.toMatchObject({ name: 'InvalidInputException' });
    await shareWith(`arn:aws:iam::${CONSUMER}:root`, 'TRUE');
  });

  it('is put conditionally', async () => {
    const { PolicyHash } = await shareWith(`arn:aws:iam::${CONSUMER}:root`);
    const { PolicyInJson } = await admin.glue.send(new glue.GetResourcePolicyCommand({}));
    const put = (PolicyHashCondition: string | undefined) =>
      admin.glue.send(
        new glue.PutResourcePolicyCommand({ PolicyInJson, PolicyHashCondition, PolicyExistsCondition: 'MUST_EXIST' }),
      );
    await expect(put('other')).rejects.toMatchObject({ name: 'ConditionCheckFailureException' });
    await put(PolicyHash);
    await expect(admin.glue.send(new glue.PutResourcePolicyCommand({ PolicyInJson: '{' }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });
});

it('tags databases', async () => {
  const ResourceArn = arn(`database/${DATABASE}`);
  await admin.glue.send(new glue.TagResourceCommand({ ResourceArn, TagsToAdd: { team: 'a', cost: 'b' } }));
  await admin.glue.send(new glue.UntagResourceCommand({ ResourceArn, TagsToRemove: ['cost'] }));
  expect((await admin.glue.send(new glue.GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: 'a' });
});
