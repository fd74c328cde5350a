// Athena itself: workgroups, result files, file formats, and tables that IAM alone or hybrid access decides about.
import * as athena from '@aws-sdk/client-athena';
import * as glue from '@aws-sdk/client-glue';
import * as kms from '@aws-sdk/client-kms';
import * as lake from '@aws-sdk/client-lakeformation';
import * as s3 from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../lakeformation/share-scene.ts';
import * as stage from '../lakeformation/share-scene.ts';
import * as scene from './query-scene.ts';

const { BUCKET, DATABASE, PRODUCER, TABLE } = stage;
const READER = `arn:aws:iam::${PRODUCER}:role/reader`;
const RESULTS = 'producer-results';

const readBucket = {
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
};
const results = {
  Effect: 'Allow',
  Action: ['s3:GetBucketLocation', 's3:PutObject', 's3:GetObject'],
  Resource: [`arn:aws:s3:::${RESULTS}`, `arn:aws:s3:::${RESULTS}/*`],
};
const catalog = { Effect: 'Allow', Action: 'glue:Get*', Resource: '*' };
const queries = { Effect: 'Allow', Action: 'athena:*', Resource: '*' };

/** The producer's account with data, a workgroup and a role `reader`. */
const open = async (govern: boolean): Promise<Scene> => {
  const world = await stage.openScene();
  if (govern) await stage.governLake(world.producer, PRODUCER);
  await stage.makeTable(world.producer);
  const client = scene.s3Of(world, 'producer');
  await scene.makeBucket(client, BUCKET);
  await scene.makeBucket(client, RESULTS);
  await scene.putObject(client, `${TABLE}/part-0.csv`, scene.ORDERS);
  await scene.putObject(client, `${TABLE}/_SUCCESS`, 'not data');
  await scene.athenaOf(world, 'producer').send(
    new athena.CreateWorkGroupCommand({
      Name: scene.WORKGROUP,
      Configuration: { ResultConfiguration: { OutputLocation: `s3://${RESULTS}/athena` } },
      Tags: [{ Key: 'team', Value: 'analysts' }],
    }),
  );
  await stage.makeRole(world.producer, 'lake', { Service: 'lakeformation.amazonaws.com' }, scene.lakeRoleStatements);
  await stage.makeRole(world.producer, 'reader', { AWS: PRODUCER }, [
    readBucket,
    results,
    catalog,
    queries,
    stage.dataAccessStatement,
  ]);
  return world;
};

const count = `SELECT count(*) AS n FROM ${TABLE}`;
const run = async (world: Scene, sql: string) => scene.query(world, READER, sql, DATABASE);

describe('a table left to IAM', () => {
  it('is read with the rights of the caller', async () => {
    const world = await open(false);
    expect((await run(world, count)).rows).toEqual([['n'], ['4']]);
    await stage.setRolePolicy(world.producer, 'reader', [results, catalog, queries]);
    expect((await run(world, count)).reason).toMatch(
      /^PERMISSION_DENIED: Permission denied on S3 path: s3:\/\/sales-data\/orders\//,
    );
  });
});

describe('a table under Lake Formation', () => {
  it('is not read with S3 rights alone', async () => {
    const world = await open(true);
    expect((await run(world, count)).reason).toMatch(
      /Insufficient Lake Formation permission\(s\): Required Describe on orders|Required Describe on sales/,
    );
  });

  it('may be described without being read', async () => {
    const world = await open(true);
    await stage.grant(world.producer, READER, stage.tableResource, ['DESCRIBE']);
    expect((await run(world, count)).reason).toMatch(/Required Select on orders/);
  });

  it('in a location that is not registered is read with the rights of the caller, columns still limited', async () => {
    const world = await open(true);
    const columns: lake.Resource = {
      TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnNames: ['id', 'amount'] },
    };
    await stage.grant(world.producer, READER, columns, ['SELECT']);
    expect((await run(world, `SELECT * FROM ${TABLE} WHERE id = 1`)).rows).toEqual([
      ['id', 'amount'],
      ['1', '10.50'],
    ]);
    await stage.setRolePolicy(world.producer, 'reader', [results, catalog, queries]);
    expect((await run(world, count)).reason).toMatch(/Permission denied on S3 path/);
  });

  it('in a registered location needs no S3 rights of the caller', async () => {
    const world = await open(true);
    await scene.register(world.producer);
    await stage.grant(world.producer, READER, stage.tableResource, ['SELECT']);
    await stage.setRolePolicy(world.producer, 'reader', [results, catalog, queries, stage.dataAccessStatement]);
    expect((await run(world, count)).rows).toEqual([['n'], ['4']]);
    await world.producer.lake.send(new lake.DeregisterResourceCommand({ ResourceArn: `arn:aws:s3:::${BUCKET}` }));
    expect((await run(world, count)).reason).toMatch(/Permission denied on S3 path/);
  });

  it('is read by a grant on an LF-Tag policy while the table carries the tag', async () => {
    const world = await open(true);
    await scene.register(world.producer);
    const policy: lake.Resource = {
      LFTagPolicy: { ResourceType: 'TABLE', Expression: [{ TagKey: 'level', TagValues: ['public'] }] },
    };
    const tag = { Resource: stage.tableResource, LFTags: [{ TagKey: 'level', TagValues: ['public'] }] };
    await world.producer.lake.send(new lake.CreateLFTagCommand({ TagKey: 'level', TagValues: ['public'] }));
    await stage.grant(world.producer, READER, policy, ['SELECT']);
    expect((await run(world, count)).state).toBe('FAILED');
    await world.producer.lake.send(new lake.AddLFTagsToResourceCommand(tag));
    expect((await run(world, count)).rows).toEqual([['n'], ['4']]);
    await world.producer.lake.send(new lake.RemoveLFTagsFromResourceCommand(tag));
    expect((await run(world, count)).state).toBe('FAILED');
  });

  it('in a registered location whose role does not trust Lake Formation is not read', async () => {
    const world = await open(true);
    await stage.makeRole(world.producer, 'wrong', { Service: 'glue.amazonaws.com' }, scene.lakeRoleStatements);
    await world.producer.lake.send(
      new lake.RegisterResourceCommand({
        ResourceArn: `arn:aws:s3:::${BUCKET}`,
        RoleArn: `arn:aws:iam::${PRODUCER}:role/wrong`,
      }),
    );
    await stage.grant(world.producer, READER, stage.tableResource, ['SELECT']);
    expect((await run(world, count)).reason).toMatch(/Lake Formation cannot assume the role/);
  });

  it("in hybrid access mode is filtered for who opted in, and IAM's for everybody else", async () => {
    const world = await open(true);
    await scene.register(world.producer, true);
    await stage.grant(world.producer, 'IAM_ALLOWED_PRINCIPALS', stage.tableResource, ['ALL']);
    const columns: lake.Resource = { TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnNames: ['id'] } };
    await stage.grant(world.producer, READER, columns, ['SELECT']);
    const star = `SELECT * FROM ${TABLE} WHERE id = 1`;
    expect((await run(world, star)).rows[0]).toHaveLength(4);
    await world.producer.lake.send(
      new lake.CreateLakeFormationOptInCommand({
        Principal: { DataLakePrincipalIdentifier: READER },
        Resource: stage.tableResource,
      }),
    );
    expect((await run(world, star)).rows).toEqual([['id'], ['1']]);
  });
});

const describeTable = async (
  world: Scene,
  name: string,
  serde: string,
  extra: Partial<glue.TableInput> = {},
  parameters: Record<string, string> = {},
) =>
  world.producer.glue.send(
    new glue.CreateTableCommand({
      DatabaseName: DATABASE,
      TableInput: {
        Name: name,
        StorageDescriptor: {
          Location: `s3://${BUCKET}/${name}`,
          Columns: [
            { Name: 'id', Type: 'bigint' },
            { Name: 'name', Type: 'string' },
            { Name: 'price', Type: 'decimal(8,2)' },
            { Name: 'tags', Type: 'array<string>' },
          ],
          SerdeInfo: { SerializationLibrary: serde, Parameters: parameters },
        },
        ...extra,
      },
    }),
  );

const parquetFile = async (): Promise<Uint8Array> => {
  const directory = await mkdtemp(join(tmpdir(), 'parquet-'));
  const path = join(directory, 'a.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  // Another order of columns, and no price: Parquet is read by name.
  await connection.run(
    `COPY (SELECT ['x', 'y'] AS tags, 'pen' AS "Name", 7::BIGINT AS id) TO '${path}' (FORMAT parquet)`,
  );
  connection.disconnectSync();
  instance.closeSync();
  const bytes = await readFile(path);
  await rm(directory, { recursive: true });
  return bytes;
};

describe("credentials for an engine of one's own", () => {
  const ask = new lake.GetTemporaryGlueTableCredentialsCommand({
    TableArn: `arn:aws:glue:${stage.REGION}:${PRODUCER}:table/${DATABASE}/${TABLE}`,
  });

  it('are vended where the account allows it, for the whole table and its location only', async () => {
    const world = await open(true);
    await scene.register(world.producer);
    await stage.grant(world.producer, READER, stage.tableResource, ['SELECT']);
    const { lake: reader } = await world.assume(READER);
    await expect(reader.send(ask)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { DataLakeSettings } = await world.producer.lake.send(new lake.GetDataLakeSettingsCommand({}));
    await world.producer.lake.send(
      new lake.PutDataLakeSettingsCommand({
        DataLakeSettings: { ...DataLakeSettings, AllowFullTableExternalDataAccess: true },
      }),
    );
    const vended = await reader.send(ask);
    const client = scene.s3Of(world, {
      accessKeyId: vended.AccessKeyId ?? '',
      secretAccessKey: vended.SecretAccessKey ?? '',
      sessionToken: vended.SessionToken ?? '',
    });
    const object = await client.send(new s3.GetObjectCommand({ Bucket: BUCKET, Key: `${TABLE}/part-0.csv` }));
    expect(await object.Body?.transformToString()).toBe(scene.ORDERS);
    const outside = new s3.GetObjectCommand({ Bucket: BUCKET, Key: 'salaries/part-0.csv' });
    await expect(client.send(outside)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('an encrypted location', () => {
  it('is read when the registered role may use the key', async () => {
    const world = await open(true);
    const keys = new kms.KMSClient(world.aws.clientConfig('producer', stage.REGION));
    const { KeyMetadata } = await keys.send(new kms.CreateKeyCommand({}));
    await scene.s3Of(world, 'producer').send(
      new s3.PutObjectCommand({
        Bucket: BUCKET,
        Key: `${TABLE}/part-0.csv`,
        Body: scene.ORDERS,
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: KeyMetadata?.Arn,
      }),
    );
    await scene.register(world.producer);
    await stage.grant(world.producer, READER, stage.tableResource, ['SELECT']);
    expect((await run(world, count)).reason).toMatch(/Permission denied on S3 path.*kms:Decrypt/);
    await stage.setRolePolicy(world.producer, 'lake', [
      ...scene.lakeRoleStatements,
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KeyMetadata?.Arn },
    ]);
    expect((await run(world, count)).rows).toEqual([['n'], ['4']]);
  });
});

describe('file formats', () => {
  it('Parquet by column name', async () => {
    const world = await open(false);
    await describeTable(world, 'goods', 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe');
    await scene.putObject(scene.s3Of(world, 'producer'), 'goods/a.parquet', await parquetFile());
    expect((await run(world, 'SELECT * FROM goods')).rows).toEqual([
      ['id', 'name', 'price', 'tags'],
      ['7', 'pen', undefined, '[x, y]'],
    ]);
  });

  it('JSON lines', async () => {
    const world = await open(false);
    await describeTable(world, 'goods', 'org.openx.data.jsonserde.JsonSerDe');
    await scene.putObject(
      scene.s3Of(world, 'producer'),
      'goods/a.json',
      '{"id":1,"name":"pen","price":2.5,"tags":["a"]}\n{"id":2}\n',
    );
    expect((await run(world, 'SELECT * FROM goods ORDER BY id')).rows).toEqual([
      ['id', 'name', 'price', 'tags'],
      ['1', 'pen', '2.50', '[a]'],
      ['2', undefined, undefined, undefined],
    ]);
  });

  it('quoted CSV in partitions', async () => {
    const world = await open(false);
    const Columns = [
      { Name: 'id', Type: 'bigint' },
      { Name: 'name', Type: 'string' },
    ];
    const SerdeInfo = { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' };
    const storage = (path: string) => ({ Location: `s3://${BUCKET}/daily/${path}`, Columns, SerdeInfo });
    await describeTable(world, 'daily', '', {
      PartitionKeys: [{ Name: 'day', Type: 'date' }],
      StorageDescriptor: storage(''),
    });
    const client = scene.s3Of(world, 'producer');
    for (const day of ['2026-01-01', '2026-01-02']) {
      await scene.putObject(client, `daily/day=${day}/a.csv`, `1,"Ann, of ${day}"\n`);
      await world.producer.glue.send(
        new glue.CreatePartitionCommand({
          DatabaseName: DATABASE,
          TableName: 'daily',
          PartitionInput: { Values: [day], StorageDescriptor: storage(`day=${day}/`) },
        }),
      );
    }
    expect((await run(world, "SELECT * FROM daily WHERE day > DATE '2026-01-01'")).rows).toEqual([
      ['id', 'name', 'day'],
      ['1', 'Ann, of 2026-01-02', '2026-01-02'],
    ]);
  });

  it('an empty location is an empty table', async () => {
    const world = await open(false);
    await describeTable(world, 'goods', 'org.openx.data.jsonserde.JsonSerDe');
    expect((await run(world, 'SELECT * FROM goods')).rows).toEqual([['id', 'name', 'price', 'tags']]);
  });

  it.each([
    ['Iceberg', { table_type: 'ICEBERG', metadata_location: 's3://sales-data/goods/metadata/0.json' }],
    ['Delta Lake', { 'spark.sql.sources.provider': 'delta' }],
    ['Hudi', { 'spark.sql.sources.provider': 'hudi' }],
  ])('whose metadata says what is in a table are not read file by file: %s', async (format, Parameters) => {
    const world = await open(false);
    await describeTable(world, 'goods', '', { Parameters });
    await scene.putObject(scene.s3Of(world, 'producer'), 'goods/data/a.parquet', await parquetFile());
    await expect(run(world, 'SELECT * FROM goods')).rejects.toMatchObject({
      name: 'NotImplemented',
      message: `the AWS simulator does not implement athena queries of ${format} tables: ${DATABASE}.goods`,
    });
  });

  it('others are refused', async () => {
    const world = await open(false);
    await describeTable(world, 'goods', 'org.apache.hadoop.hive.ql.io.orc.OrcSerde');
    await scene.putObject(scene.s3Of(world, 'producer'), 'goods/a.orc', 'ORC');
    expect((await run(world, 'SELECT * FROM goods')).reason).toMatch(/^NOT_SUPPORTED: SerDe/);
  });
});

describe('results', () => {
  it('are a file of the caller, with types, in pages', async () => {
    const world = await open(false);
    const client = scene.athenaOf(world, 'producer');
    const { QueryExecutionId } = await client.send(
      new athena.StartQueryExecutionCommand({
        QueryString: `SELECT id, amount, customer FROM "awsdatacatalog"."${DATABASE}"."${TABLE}" ORDER BY id;`,
        WorkGroup: scene.WORKGROUP,
        ClientRequestToken: 'token-of-at-least-32-characters-00',
      }),
    );
    const { QueryExecution } = await client.send(new athena.GetQueryExecutionCommand({ QueryExecutionId }));
    expect(QueryExecution).toMatchObject({
      WorkGroup: scene.WORKGROUP,
      ResultConfiguration: { OutputLocation: `s3://${RESULTS}/athena/${QueryExecutionId ?? ''}.csv` },
      Statistics: { DataScannedInBytes: scene.ORDERS.length },
    });
    const object = await scene
      .s3Of(world, 'producer')
      .send(new s3.GetObjectCommand({ Bucket: RESULTS, Key: `athena/${QueryExecutionId ?? ''}.csv` }));
    expect(await object.Body?.transformToString()).toBe(
      '"id","amount","customer"\n"1","10.50","Ann"\n"2","20.00","Bob"\n"3","30.25","Cid"\n"4",,"Dee"\n',
    );
    const first = await client.send(new athena.GetQueryResultsCommand({ QueryExecutionId, MaxResults: 3 }));
    const second = await client.send(
      new athena.GetQueryResultsCommand({ QueryExecutionId, NextToken: first.NextToken }),
    );
    expect([first.ResultSet?.Rows?.length, second.ResultSet?.Rows?.length]).toEqual([3, 2]);
    expect(first.ResultSet?.ResultSetMetadata?.ColumnInfo?.map((column) => column.Type)).toEqual([
      'bigint',
      'decimal',
      'varchar',
    ]);
  });

  it('are not started twice for one request token', async () => {
    const world = await open(false);
    const client = scene.athenaOf(world, 'producer');
    const start = () =>
      client.send(
        new athena.StartQueryExecutionCommand({
          QueryString: 'SELECT 1',
          WorkGroup: scene.WORKGROUP,
          ClientRequestToken: 'the-same-token-the-same-token-000',
        }),
      );
    expect((await start()).QueryExecutionId).toBe((await start()).QueryExecutionId);
  });

  it('need s3:GetObject to be read and a place to be written', async () => {
    const world = await open(false);
    const { QueryExecutionId } = await scene
      .athenaOf(world, 'producer')
      .send(new athena.StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: scene.WORKGROUP }));
    await stage.setRolePolicy(world.producer, 'reader', [queries]);
    const client = scene.athenaOf(world, (await world.assume(READER)).credentials);
    await expect(client.send(new athena.GetQueryResultsCommand({ QueryExecutionId }))).rejects.toThrow('s3:GetObject');
    await expect(client.send(new athena.StartQueryExecutionCommand({ QueryString: 'SELECT 1' }))).rejects.toThrow(
      'No output location provided',
    );
  });
});

describe('workgroups', () => {
  it('are authorized one by one', async () => {
    const world = await open(false);
    await stage.setRolePolicy(world.producer, 'reader', [
      results,
      {
        Effect: 'Allow',
        Action: 'athena:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/team': 'others' } },
      },
    ]);
    await expect(run(world, 'SELECT 1')).rejects.toThrow(
      'athena:StartQueryExecution on resource: arn:aws:athena:eu-west-1:222222222222:workgroup/analysts',
    );
  });

  it('are updated, listed and deleted with their history only on request', async () => {
    const world = await open(false);
    const client = scene.athenaOf(world, 'producer');
    await client.send(
      new athena.UpdateWorkGroupCommand({
        WorkGroup: scene.WORKGROUP,
        Description: 'new',
        ConfigurationUpdates: {
          BytesScannedCutoffPerQuery: 10_000_000,
          ResultConfigurationUpdates: { OutputLocation: `s3://${RESULTS}/other/` },
        },
      }),
    );
    const { WorkGroup } = await client.send(new athena.GetWorkGroupCommand({ WorkGroup: scene.WORKGROUP }));
    expect(WorkGroup).toMatchObject({
      Description: 'new',
      Configuration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10_000_000,
        ResultConfiguration: { OutputLocation: `s3://${RESULTS}/other/` },
      },
    });
    await scene.queryAs(client, 'SELECT 1');
    const remove = (RecursiveDeleteOption: boolean) =>
      client.send(new athena.DeleteWorkGroupCommand({ WorkGroup: scene.WORKGROUP, RecursiveDeleteOption }));
    await expect(remove(false)).rejects.toThrow('is not empty');
    await remove(true);
    const { WorkGroups } = await client.send(new athena.ListWorkGroupsCommand({}));
    expect(WorkGroups?.map((entry) => entry.Name)).toEqual(['primary']);
  });

  it('keep named queries and tags', async () => {
    const world = await open(false);
    const client = scene.athenaOf(world, 'producer');
    const { NamedQueryId } = await client.send(
      new athena.CreateNamedQueryCommand({
        Name: 'all',
        Database: DATABASE,
        QueryString: count,
        WorkGroup: scene.WORKGROUP,
      }),
    );
    const list = new athena.ListNamedQueriesCommand({ WorkGroup: scene.WORKGROUP });
    expect((await client.send(list)).NamedQueryIds).toEqual([NamedQueryId]);
    expect((await client.send(new athena.GetNamedQueryCommand({ NamedQueryId }))).NamedQuery?.QueryString).toBe(count);
    await client.send(new athena.DeleteNamedQueryCommand({ NamedQueryId }));
    expect((await client.send(list)).NamedQueryIds).toEqual([]);
    const ResourceARN = `arn:aws:athena:${stage.REGION}:${PRODUCER}:workgroup/${scene.WORKGROUP}`;
    expect((await client.send(new athena.ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: 'team', Value: 'analysts' },
    ]);
  });
});
