// Imports of what people had in AWS before: whose data it is, what it was like, and what is left of it at the end.
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { REGION } from '../support/operator-in-process.ts';
import {
  eventually,
  openImportScene,
  PRODUCER,
  readyOf,
  shareOf,
  tableAt,
  type ImportScene,
} from '../support/import-scene.ts';

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

interface Registered {
  readonly RoleArn?: string;
  readonly HybridAccessEnabled?: boolean;
}

describe('a bucket that was registered with Lake Formation before', () => {
  const registration = async (bucket: string): Promise<Registered | undefined> => {
    const { ResourceInfoList = [] } = await scene.produce<{
      ResourceInfoList?: (Registered & { ResourceArn: string })[];
    }>('lakeformation', 'ListResources', {});
    return ResourceInfoList.find(({ ResourceArn }) => ResourceArn === `arn:aws:s3:::${bucket}`);
  };
  const register = async (bucket: string, how: object): Promise<unknown> =>
    await scene.produce('lakeformation', 'RegisterResource', { ResourceArn: `arn:aws:s3:::${bucket}`, ...how });
  const makeRole = async (RoleName: string): Promise<string> => {
    const trust = { Effect: 'Allow', Principal: { Service: 'lakeformation.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await scene.produce('iam', 'CreateRole', {
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    });
    return `arn:aws:iam::${scene.accountId('producer')}:role/${RoleName}`;
  };
  const end = async (name: string): Promise<void> => await scene.end(datasetKind, { namespace: PRODUCER, name });

  it('is registered with the service-linked role again when its dataset ends', async () => {
    await scene.makeBucket('acme-slrb');
    await scene.makeDatabase('slrb', { rows: 's3://acme-slrb/rows/' });
    await register('acme-slrb', { UseServiceLinkedRole: true });
    const before = await registration('acme-slrb');
    await scene.import('slrb', { bucket: { name: 'acme-slrb' }, glueDatabase: { name: 'slrb' } });
    expect(await registration('acme-slrb')).not.toMatchObject({ RoleArn: before?.RoleArn });
    await end('slrb');
    expect(await registration('acme-slrb')).toMatchObject({ RoleArn: before?.RoleArn, HybridAccessEnabled: false });
  });

  it('is registered with the role of somebody again, in hybrid access mode', async () => {
    const RoleArn = await makeRole('LegacyLake');
    await scene.makeBucket('acme-legacylake');
    await scene.makeDatabase('legacylake');
    await register('acme-legacylake', { RoleArn, HybridAccessEnabled: true });
    await scene.import('legacylake', { bucket: { name: 'acme-legacylake' }, glueDatabase: { name: 'legacylake' } });
    await end('legacylake');
    expect(await registration('acme-legacylake')).toMatchObject({ RoleArn, HybridAccessEnabled: true });
  });

  it('is told to be registered by hand where its old role is gone, and its dataset ends', async () => {
    const RoleArn = await makeRole('GoneLake');
    await scene.makeBucket('acme-gonelake');
    await scene.makeDatabase('gonelake');
    await register('acme-gonelake', { RoleArn });
    await scene.import('gonelake', { bucket: { name: 'acme-gonelake' }, glueDatabase: { name: 'gonelake' } });
    await scene.produce('iam', 'DeleteRole', { RoleName: 'GoneLake' });
    await end('gonelake');
    expect(await registration('acme-gonelake')).toBeUndefined();
    await eventually(
      async () => (await scene.notes('gonelake')).filter((note) => note.startsWith('NotRestored')),
      [expect.stringContaining(`was registered with Lake Formation by ${RoleArn}: register it again`)],
    );
  });

  it('may have a database made for it, and CloudFormation keeps no access to the location', async () => {
    await scene.makeBucket('acme-slr');
    await register('acme-slr', { UseServiceLinkedRole: true });
    await scene.import('slr', { bucket: { name: 'acme-slr' } });
    const { PrincipalResourcePermissions = [] } = await scene.produce<{
      PrincipalResourcePermissions?: { Principal: { DataLakePrincipalIdentifier: string } }[];
    }>('lakeformation', 'ListPermissions', {
      ResourceType: 'DATA_LOCATION',
      Resource: { DataLocation: { ResourceArn: 'arn:aws:s3:::acme-slr' } },
    });
    expect(PrincipalResourcePermissions.map(({ Principal }) => Principal.DataLakePrincipalIdentifier)).toEqual([]);
    await end('slr');
  });
});

describe('a key that cannot be used', () => {
  it('is told of its dataset as soon as it is disabled or to be deleted, and no longer once it is mended', async () => {
    const { KeyMetadata } = await scene.produce<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {});
    const KeyId = KeyMetadata.Arn;
    await scene.makeBucket('acme-dying');
    await scene.produce('s3', 'PutBucketEncryption', {
      Bucket: 'acme-dying',
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyId } }],
      },
    });
    const key = { namespace: PRODUCER, name: 'dying' };
    const s3 = { bucket: { name: 'acme-dying' }, kmsKey: { arn: KeyId } };
    await scene.produce('kms', 'DisableKey', { KeyId });
    await scene.import('dying', s3, (found) => readyOf(found) === `KeyNotAllowed: key ${KeyId} is disabled: enable it`);
    await scene.produce('kms', 'EnableKey', { KeyId });
    await scene.requestReconcile(datasetKind, key);
    await scene.until(datasetKind, key, (found) => readyOf(found).startsWith('Succeeded'));
    await scene.produce('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    await scene.until(datasetKind, key, (found) =>
      /^KeyNotFound: key .* will be deleted on \d{4}-\d\d-\d\d: cancel it/.test(readyOf(found)),
    );
    await scene.produce('kms', 'CancelKeyDeletion', { KeyId });
    await scene.until(datasetKind, key, (found) => readyOf(found).startsWith('KeyNotAllowed'));
    await scene.produce('kms', 'EnableKey', { KeyId });
    await scene.until(datasetKind, key, (found) => readyOf(found).startsWith('Succeeded'));
    await scene.end(datasetKind, key);
  });
});

describe('an import', () => {
  it('alarms neither its owner nor a neighbour while its rights are on the way', async () => {
    await scene.makeBucket('acme-calm');
    await scene.import('calm', { bucket: { name: 'acme-calm' } });
    await scene.makeBucket('acme-busy');
    await scene.import('busy', { bucket: { name: 'acme-busy' } });
    const notes = [...(await scene.notes('calm')), ...(await scene.notes('busy'))];
    expect(notes.filter((note) => /AccessDenied|EnvironmentNotReady|AwsError/.test(note))).toEqual([]);
    expect(notes.filter((note) => note.startsWith('Ready: '))).toHaveLength(2);
    for (const name of ['calm', 'busy']) await scene.end(datasetKind, { namespace: PRODUCER, name });
  });
});

describe('a bucket whose policy has statements under our Sids', () => {
  const policyOf = async (Bucket: string): Promise<{ readonly Sid?: string }[]> => {
    const { Policy } = await scene.produce<{ Policy: string }>('s3', 'GetBucketPolicy', { Bucket });
    return (JSON.parse(Policy) as { Statement: { Sid?: string }[] }).Statement;
  };
  const readsAs = async (role: string, Key: string): Promise<boolean> => {
    const principal = await scene.session('consumer', role);
    return await scene.aws.invoke('s3', 'GetObject', { Bucket: 'acme-legacy', Key }, principal, REGION).then(
      () => true,
      () => false,
    );
  };

  it('keeps them as they are, beside ours, and has them alone again at the end', async () => {
    await scene.administer('consumer', 'iam', 'CreateRole', {
      RoleName: 'old-consumer',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: scene.accountId('consumer') }, Action: 'sts:AssumeRole' }],
      }),
    });
    const resources = ['arn:aws:s3:::acme-legacy', 'arn:aws:s3:::acme-legacy/*'];
    await scene.administer('consumer', 'iam', 'PutRolePolicy', {
      RoleName: 'old-consumer',
      PolicyName: 'legacy',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: resources }],
      }),
    });
    await scene.makeBucket('acme-legacy', { 'docs/a.txt': 'a' });
    const before = [
      {
        Sid: 'DataAll-Bucket-ReadOnly',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${scene.accountId('consumer')}:role/old-consumer` },
        Action: ['s3:List*', 's3:GetObject'],
        Resource: resources,
      },
      {
        Sid: 'RequiredSecureTransport',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: resources,
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      },
    ];
    await scene.produce('s3', 'PutBucketPolicy', {
      Bucket: 'acme-legacy',
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: before }),
    });
    expect(await readsAs('old-consumer', 'docs/a.txt')).toBe(true);

    await scene.import('legacy', { bucket: { name: 'acme-legacy' } });
    await scene.share('legacy', [{ kind: 'Bucket', name: 'acme-legacy' }]);
    expect(await readsAs('analysts', 'docs/a.txt')).toBe(true);
    expect(await readsAs('old-consumer', 'docs/a.txt')).toBe(true);
    expect((await policyOf('acme-legacy')).map(({ Sid }) => Sid)).toEqual([
      'DataAll-Bucket-ReadOnly',
      'RequiredSecureTransport',
      'RequiredSecureTransport-2',
      'DataAll-Bucket-ReadOnly-2',
    ]);
    await eventually(
      async () => (await scene.notes('legacy')).filter((note) => note.startsWith('StatementsKept')),
      [expect.stringContaining('DataAll-Bucket-ReadOnly of the bucket')],
    );

    await scene.end(shareRequestKind, shareOf('legacy'));
    expect(await readsAs('analysts', 'docs/a.txt')).toBe(false);
    await scene.end(datasetKind, { namespace: PRODUCER, name: 'legacy' });
    expect(await policyOf('acme-legacy')).toEqual(before);
    expect(await readsAs('old-consumer', 'docs/a.txt')).toBe(true);
  });
});

describe('a dataset whose key does not leave its policy to IAM', () => {
  const keyPolicy = async (KeyId: string): Promise<object[]> => {
    const { Policy } = await scene.produce<{ Policy: string }>('kms', 'GetKeyPolicy', { KeyId });
    return (JSON.parse(Policy) as { Statement: object[] }).Statement;
  };
  const setKeyPolicy = async (KeyId: string, Statement: readonly object[]): Promise<unknown> =>
    await scene.produce('kms', 'PutKeyPolicy', {
      KeyId,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
  const key = { namespace: PRODUCER, name: 'strict' };

  it.each([
    ['leaves what an administrator wrote under our Sid', true],
    ['leaves what AWS lets nobody take away, and says so', false],
  ])('says what to add to the policy, and at its end %s', async (_, isKept) => {
    const administrators = {
      Sid: 'KeyAdmins',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${scene.accountId('producer')}:user/administrator` },
      Action: 'kms:*',
      Resource: '*',
    };
    const { KeyMetadata } = await scene.produce<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [administrators] }),
    });
    const KeyId = KeyMetadata.Arn;
    const bucket = isKept ? 'acme-strict' : 'acme-stricter';
    await scene.makeBucket(bucket);
    await scene.produce('s3', 'PutBucketEncryption', {
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyId } }],
      },
    });
    const { status } = await scene.api.get(environmentKind, { name: PRODUCER });
    const pivot = status.pivotRole?.arn ?? '';
    const s3 = { bucket: { name: bucket }, kmsKey: { arn: KeyId } };
    await scene.import('strict', s3, (found) =>
      readyOf(found).includes(`Add to the key's policy a statement that lets ${pivot} do kms:DescribeKey, `),
    );
    const letPivot = {
      Sid: 'KMSPivotRolePermissions',
      Effect: 'Allow',
      Principal: { AWS: pivot },
      Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:PutKeyPolicy', 'kms:ListResourceTags'],
      Resource: '*',
    };
    await setKeyPolicy(KeyId, [administrators, letPivot]);
    await scene.requestReconcile(datasetKind, key);
    await scene.until(datasetKind, key, (found) => readyOf(found).startsWith('Succeeded'));
    // Ours, which the pivot role has beside it, would let it in alone.
    if (!isKept) {
      const others = (await keyPolicy(KeyId)).filter(
        (statement) => !('Sid' in statement) || statement.Sid !== letPivot.Sid,
      );
      await setKeyPolicy(KeyId, others);
    }
    await scene.end(datasetKind, key);
    const last = {
      ...letPivot,
      Sid: 'KMSPivotRolePermissions-2',
      Principal: { AWS: [pivot] },
      Action: ['kms:GetKeyPolicy', 'kms:PutKeyPolicy'],
    };
    expect(await keyPolicy(KeyId)).toEqual([administrators, isKept ? letPivot : last]);
    const told = [expect.stringContaining('statement KMSPivotRolePermissions-2 stays in the policy of key')];
    await eventually(
      async () => (await scene.notes('strict')).filter((note) => note.startsWith('NotRestored')),
      isKept ? [] : told,
    );
  });
});

describe('an import that names no lakeFormation', () => {
  const HYBRID = 'acme-openlake';
  const key = { namespace: PRODUCER, name: 'openlake' };
  const EVERYBODY = { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' };
  const onTable = (Name: string) => ({ Table: { DatabaseName: 'openlake', Name } });

  /** A job of the account that has nothing but IAM rights: what it cannot do, it tells. */
  const makeJob = async (): Promise<() => Promise<string>> => {
    const allow = (Action: string | string[]): object => ({ Effect: 'Allow', Action, Resource: '*' });
    const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
    const trust = { Effect: 'Allow', Principal: { AWS: scene.accountId('producer') }, Action: 'sts:AssumeRole' };
    await scene.produce('iam', 'CreateRole', { RoleName: 'nightly', AssumeRolePolicyDocument: policy(trust) });
    await scene.produce('iam', 'PutRolePolicy', {
      RoleName: 'nightly',
      PolicyName: 'reads',
      PolicyDocument: policy(allow(['glue:Get*', 's3:Get*', 's3:List*'])),
    });
    const nightly = await scene.session('producer', 'nightly');
    return async () => {
      try {
        await scene.aws.invoke('glue', 'GetTable', { DatabaseName: 'openlake', Name: 'visits' }, nightly, REGION);
        await scene.aws.invoke('s3', 'GetObject', { Bucket: HYBRID, Key: 'visits/a.csv' }, nightly, REGION);
        return 'reads';
      } catch (error) {
        return String(error);
      }
    };
  };

  const optIns = async (): Promise<readonly string[]> => {
    const { LakeFormationOptInsInfoList = [] } = await scene.produce<{
      LakeFormationOptInsInfoList?: { Principal: { DataLakePrincipalIdentifier: string } }[];
    }>('lakeformation', 'ListLakeFormationOptIns', {});
    return LakeFormationOptInsInfoList.map(({ Principal }) => Principal.DataLakePrincipalIdentifier);
  };

  it('shares what filters show, while a job that relies on IAM alone reads on, before, during and after, until the end', async () => {
    await scene.makeBucket(HYBRID, { 'visits/a.csv': '1,ours\n2,secret\n', 'pages/a.csv': '3,page\n' });
    await scene.makeDatabase('openlake', { visits: `s3://${HYBRID}/visits/`, pages: `s3://${HYBRID}/pages/` });
    const whole = [{ Database: { Name: 'openlake' } }, onTable('visits'), onTable('pages')];
    for (const Resource of whole)
      await scene.produce('lakeformation', 'GrantPermissions', {
        Principal: EVERYBODY,
        Resource,
        Permissions: ['ALL'],
      });
    const job = await makeJob();
    expect(await job()).toBe('reads');
    const answers = new Set<string>();
    const end = new AbortController();
    const throughout = (async () => {
      while (!end.signal.aborted) {
        answers.add(await job());
        await setTimeout(20);
      }
    })();

    const s3 = { bucket: { name: HYBRID }, glueDatabase: { name: 'openlake' }, lakeFormation: undefined };
    const { status } = await scene.import('openlake', s3);
    expect(status.lakeFormation).toBe('Hybrid');
    expect(await job()).toBe('reads');
    await scene.apply(
      datasetTableKind,
      { namespace: PRODUCER, name: 'openlake.visits' },
      { datasetRef: { name: 'openlake' }, table: 'visits', filters: [{ name: 'first', rows: 'id = 1' }] },
    );
    await scene.share('openlake', [
      { kind: 'Table', name: 'visits', filters: ['first'] },
      { kind: 'Table', name: 'pages' },
    ]);
    expect(await scene.query('openlake_shared', 'visits_first')).toMatch(/1,ours/);
    expect(await scene.query('openlake_shared', 'visits_first')).not.toMatch(/secret/);
    expect(await scene.query('openlake_shared', 'pages')).toMatch(/3,page/);
    const analysts = `arn:aws:iam::${scene.accountId('consumer')}:role/analysts`;
    expect(await optIns()).toEqual([analysts, analysts]);

    // Somebody takes the opt-in away: the filter would mean nothing, and within moments it is there again.
    const Principal = { DataLakePrincipalIdentifier: analysts };
    await scene.produce('lakeformation', 'DeleteLakeFormationOptIn', { Principal, Resource: onTable('visits') });
    await eventually(optIns, [analysts, analysts]);

    await scene.end(shareRequestKind, shareOf('openlake'));
    expect(await optIns()).toEqual([]);
    expect(await scene.query('openlake_shared', 'visits_first')).toMatch(/denied|insufficient|not exist/i);
    await scene.end(datasetKind, key);
    expect(await job()).toBe('reads');
    end.abort();
    await throughout;
    expect([...answers]).toEqual(['reads']);
  });
});
