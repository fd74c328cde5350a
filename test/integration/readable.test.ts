// Healthy means readable: whatever others write into policies, the status says of each item what its reader finds when it reads.
import * as fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ShareItemStatus } from '../../operator/resources/share-request.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { letEnginesIn, Reader } from '../support/reading.ts';
import { BUCKET, DATABASE } from '../support/sharing-data.ts';
import { ITEMS, type Item, type SharingWorld } from '../support/sharing-world.ts';
import { addStatement, removeStatement, setOwnPolicy, type SharedPolicy } from '../support/statements-of-others.ts';

const stage = oneShare();
const { settled, share, statusOf, itemOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

beforeEach(async () => {
  await letEnginesIn(world.admin);
});

const bucket: SharedPolicy = { bucket: BUCKET };
const OBJECTS = `arn:aws:s3:::${BUCKET}/*`;
const SID = 'NotForReaders';

const itemsOfOne = async (): Promise<readonly ShareItemStatus[]> => (await statusOf('one', 'analysts')).items ?? [];

/** Each item is as healthy as its reader finds it. `unknown`: what says so need not be true. */
const healthIsTrue = async (unknown = false): Promise<void> => {
  const reader = await Reader.of(world.aws, world.admin, 'analysts');
  for (const item of await itemsOfOne()) {
    if (unknown && item.health === 'Unknown') continue;
    const found = await reader.read(item);
    expect({ item, found }, JSON.stringify(found)).toMatchObject({
      item: { health: found.readable ? 'Healthy' : 'Unhealthy' },
    });
  }
};

const looked = async (check: () => Promise<void>): Promise<void> => {
  world.verifyAll();
  await world.until(check);
};

const setKey = async (operation: 'DisableKey' | 'EnableKey' | 'ScheduleKeyDeletion' | 'CancelKeyDeletion') => {
  await world.admin.call('producer', 'kms', operation, { KeyId: world.keyArn });
};

const setBoundary = async (actions: readonly string[] | undefined): Promise<void> => {
  const PolicyArn = `arn:aws:iam::${world.admin.id('consumer')}:policy/boundary`;
  const consumer = async (operation: string, input: object): Promise<unknown> =>
    await world.admin.call('consumer', 'iam', operation, input);
  await consumer('DeleteRolePermissionsBoundary', { RoleName: 'analysts' }).catch(() => undefined);
  await consumer('DeletePolicy', { PolicyArn }).catch(() => undefined);
  if (actions === undefined) return;
  const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  await consumer('CreatePolicy', {
    PolicyName: 'boundary',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  await consumer('PutRolePermissionsBoundary', { RoleName: 'analysts', PermissionsBoundary: PolicyArn });
};

const deny = (who: object | '*', changes: object = {}) => ({
  Sid: SID,
  Effect: 'Deny',
  Principal: who,
  Action: 's3:GetObject',
  Resource: OBJECTS,
  ...changes,
});

describe('an item that is granted and cannot be read', () => {
  it('says which statement of the bucket policy keeps its reader out, and is healthy again when it is gone', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await addStatement(world.admin, bucket, deny({ AWS: world.admin.roleArn('analysts') }));
    await looked(async () => {
      expect(await itemOf('Bucket', BUCKET)).toMatchObject({
        state: 'Granted',
        health: 'Unhealthy',
        reason: 'ReaderDenied',
        message: expect.stringMatching(new RegExp(`"${SID}".*policy of bucket ${BUCKET}.*denies s3:GetObject`)),
      });
      const status = await statusOf('one', 'analysts');
      expect(status.phase).toBe('Unhealthy');
      expect(readyOf(status)).toMatchObject({ status: 'False', reason: 'ReaderDenied' });
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Healthy', status: 'False', reason: 'ReaderDenied' }),
      );
      await healthIsTrue();
    });
    await removeStatement(world.admin, bucket, SID);
    await looked(async () => {
      expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'True' });
      await healthIsTrue();
    });
  });

  it('says so of a key that is disabled or to be deleted, with how to mend it', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    const saysOfKey = async (message: RegExp): Promise<void> =>
      await looked(async () => {
        const told = { health: 'Unhealthy', reason: 'KeyNotAllowed', message: expect.stringMatching(message) };
        expect(await itemOf('Bucket', BUCKET)).toMatchObject(told);
        expect(await itemOf('Folder', 'raw')).toMatchObject(told);
        expect(await itemOf('Table', 'orders')).toMatchObject(told);
        await healthIsTrue();
      });
    await setKey('DisableKey');
    await saysOfKey(/is Disabled.*enable it/);
    await setKey('ScheduleKeyDeletion');
    await saysOfKey(/is PendingDeletion.*cancel its deletion/);
    await setKey('CancelKeyDeletion');
    await setKey('EnableKey');
    await looked(healthIsTrue);
  });

  it('says so of a permissions boundary and of policies of the role', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await setBoundary(['s3:*', 'kms:*']);
    await looked(async () => {
      expect(await itemOf('Table', 'orders')).toMatchObject({
        reason: 'ReaderDenied',
        message: expect.stringMatching(/permissions boundary ".*policy\/boundary" allows glue:GetTable/),
      });
      await healthIsTrue();
    });
    await setBoundary(undefined);
    await setOwnPolicy(world.admin, 'analysts', [{ Sid: SID, Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }]);
    await looked(async () => {
      expect(await itemOf('Folder', 'raw')).toMatchObject({
        reason: 'ReaderDenied',
        message: expect.stringMatching(new RegExp(`"${SID}".*inline policy own.*denies kms:Decrypt`)),
      });
      await healthIsTrue();
    });
    await setOwnPolicy(world.admin, 'analysts', []);
    await looked(healthIsTrue);
  });

  it('says Unknown where it depends on the network that the reader comes from', async () => {
    await share([{ kind: 'Bucket', name: BUCKET }]);
    await looked(async () => expect(await itemOf('Bucket', BUCKET)).toMatchObject({ health: 'Healthy' }));
    const Condition = { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    const who = { AWS: world.admin.roleArn('analysts') };
    await addStatement(world.admin, bucket, deny(who, { Condition }));
    await looked(async () => {
      const status = await statusOf('one', 'analysts');
      expect(status.items?.[0]).toMatchObject({ state: 'Granted', health: 'Unknown', reason: 'Unverified' });
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Healthy', status: 'Unknown', message: expect.stringContaining(SID) }),
      );
    });
  });

  it('says Unknown where somebody lets everybody in, which S3 may take for letting in nobody of other accounts', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.admin.call('producer', 's3', 'PutPublicAccessBlock', {
      Bucket: BUCKET,
      PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
    });
    await addStatement(world.admin, bucket, {
      ...deny('*'),
      Effect: 'Allow',
      Resource: `arn:aws:s3:::${BUCKET}/open/*`,
    });
    await looked(async () => {
      for (const [kind, name] of [
        ['Bucket', BUCKET],
        ['Folder', 'raw'],
      ] as const)
        expect(await itemOf(kind, name)).toMatchObject({
          health: 'Unknown',
          message: expect.stringMatching(new RegExp(`"${SID}".*lets everybody in.*name whom it is for`)),
        });
      expect(await itemOf('Table', 'orders')).toMatchObject({ health: 'Healthy' });
      await healthIsTrue(true);
    });
    await removeStatement(world.admin, bucket, SID);
    await looked(async () => {
      expect(await itemOf('Bucket', BUCKET)).toMatchObject({ health: 'Healthy' });
      await healthIsTrue();
    });
  });

  it('says Unknown of a table, too, where the policy of its bucket cannot be read any more', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    const ours = ['dataallPivotRole', 'orders-dataset'].map((name) => world.admin.arn('producer', `role/${name}`));
    const resources = [`arn:aws:s3:::${BUCKET}`, OBJECTS];
    await addStatement(world.admin, bucket, deny({ AWS: ours }, { Action: 's3:*', Resource: resources }));
    world.verifyAll();
    await world.until(async () => {
      for (const { health } of await itemsOfOne()) expect(health).toBe('Unknown');
      await healthIsTrue(true);
    }, true);
    await removeStatement(world.admin, bucket, SID);
    await looked(healthIsTrue);
  });

  it('says Unknown of a table whose place is registered with another role, and what to do', async () => {
    const tables: readonly Item[] = [
      { kind: 'Table', name: 'orders' },
      { kind: 'Table', name: 'customers' },
    ];
    await share(tables);
    await looked(async () => {
      for (const { name } of tables) expect(await itemOf('Table', name)).toMatchObject({ health: 'Healthy' });
    });
    const producer = async (service: string, operation: string, input: object): Promise<void> => {
      await world.admin.call('producer', service, operation, input);
    };
    const ResourceArn = `arn:aws:s3:::${BUCKET}/orders`;
    const RoleName = 'somebody';
    await producer('iam', 'CreateRole', {
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lakeformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    const RoleArn = `arn:aws:iam::${world.admin.id('producer')}:role/${RoleName}`;
    await producer('lakeformation', 'RegisterResource', { ResourceArn, RoleArn });
    const reader = await Reader.of(world.aws, world.admin, 'analysts');
    await looked(async () => {
      expect(await itemOf('Table', 'orders')).toMatchObject({
        state: 'Granted',
        health: 'Unknown',
        reason: 'Unverified',
        message: expect.stringMatching(/:orders-data\/orders is registered .* by .*role\/somebody, .*deregister it/),
      });
      expect(await itemOf('Table', 'customers')).toMatchObject({ health: 'Healthy' });
    });
    const [orders, customers] = await itemsOfOne();
    if (orders === undefined || customers === undefined) throw new Error('no items');
    expect(await reader.read(orders)).toMatchObject({ readable: false });
    expect(await reader.read(customers)).toEqual({ readable: true });
    await producer('lakeformation', 'DeregisterResource', { ResourceArn });
    await producer('iam', 'DeleteRole', { RoleName });
    await looked(async () => {
      expect(await itemOf('Table', 'orders')).toMatchObject({ health: 'Healthy' });
      await healthIsTrue();
    });
  });

  it('is refused where it is a view or a link, with what to share instead', async () => {
    const make = async (Name: string, table: object): Promise<void> => {
      await world.admin.call('producer', 'glue', 'CreateTable', {
        DatabaseName: DATABASE,
        TableInput: { Name, ...table },
      });
    };
    await make('recent', { TableType: 'VIRTUAL_VIEW', ViewOriginalText: '/* Presto View */' });
    const CatalogId = world.admin.id('producer');
    await make('alias', { TargetTable: { CatalogId, DatabaseName: DATABASE, Name: 'customers' } });
    await share([
      { kind: 'Table', name: 'recent' },
      { kind: 'Table', name: 'alias' },
      { kind: 'Table', name: 'orders' },
    ]);
    await world.until(async () => {
      expect(await itemOf('Table', 'recent')).toMatchObject({
        state: 'Failed',
        message: expect.stringMatching(/is a view.*share the tables that it reads/),
      });
      expect(await itemOf('Table', 'alias')).toMatchObject({
        state: 'Failed',
        message: expect.stringMatching(/link to table customers of database orders.*share that table/),
      });
      expect(await itemOf('Table', 'orders')).toMatchObject({ state: 'Granted', health: 'Healthy' });
    });
  });
});

describe('the health of a share', () => {
  const RUNS = 20;
  const who = fc.constantFrom(
    'reader' as const,
    'another' as const,
    'everybody' as const,
    'its account' as const,
    'all but the reader' as const,
    'the dataset' as const,
  );
  const s3Deny = fc.record({
    who,
    Action: fc.constantFrom('s3:GetObject', 's3:Get*', 's3:PutObject', ['s3:PutObject', 's3:GetObject']),
    Resource: fc.constantFrom(
      OBJECTS,
      `arn:aws:s3:::${BUCKET}/raw/*`,
      `arn:aws:s3:::${BUCKET}/raw*`,
      `arn:aws:s3:::${BUCKET}/orders/*`,
    ),
    Condition: fc.constantFrom(
      undefined,
      { Bool: { 'aws:SecureTransport': 'false' } },
      { StringEquals: { 's3:DataAccessPointAccount': '222222222222' } },
      { StringNotEquals: { 's3:DataAccessPointAccount': '222222222222' } },
      { Null: { 's3:DataAccessPointArn': 'true' } },
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::333333333333:role/ana*' } },
      { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
    ),
  });
  const kmsDeny = fc.record({
    who: fc.constantFrom('reader' as const, 'another' as const, 'its account' as const, 'the dataset' as const),
    Action: fc.constantFrom('kms:Decrypt', 'kms:Encrypt', 'kms:*'),
    Condition: fc.constantFrom(
      undefined,
      { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
      { StringNotEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
    ),
  });
  const ownDeny = fc.record({
    Action: fc.constantFrom(
      's3:GetObject',
      'glue:GetTable',
      'kms:Decrypt',
      'lakeformation:GetDataAccess',
      's3:PutObject',
    ),
    Resource: fc.constantFrom('*', OBJECTS, 'arn:aws:s3:*:*:accesspoint/*', 'arn:aws:glue:*:*:table/orders/orders'),
  });
  const boundary = fc.constantFrom(undefined, ['*'], ['s3:*', 'kms:*'], ['glue:*', 'lakeformation:*'], ['s3:*']);
  const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(one, { nil: undefined, freq: 1 });
  const situation = fc.record({
    s3: optional(s3Deny),
    kms: optional(kmsDeny),
    own: optional(ownDeny),
    boundary,
    isKeyEnabled: fc.constantFrom(true, true, true, false),
  });

  const principalOf = (name: string): object => {
    const { admin } = world;
    switch (name) {
      case 'reader':
        return { Principal: { AWS: admin.roleArn('analysts') } };
      case 'another':
        return { Principal: { AWS: [admin.roleArn('robots'), admin.roleArn('inhouse')] } };
      case 'its account':
        return { Principal: { AWS: `arn:aws:iam::${admin.id('consumer')}:root` } };
      case 'the dataset':
        return { Principal: { AWS: `arn:aws:iam::${admin.id('producer')}:role/orders-dataset` } };
      case 'everybody':
        return { Principal: '*' };
      default:
        return { NotPrincipal: { AWS: [admin.roleArn('analysts'), `arn:aws:iam::${admin.id('consumer')}:root`] } };
    }
  };

  it('is what the reader finds, whatever others deny in bucket, key, boundary and the role itself (property)', async () => {
    await share(ITEMS);
    await settled('analysts', EVERYTHING);
    const key: SharedPolicy = { key: world.keyArn };
    await fc.assert(
      fc.asyncProperty(situation, async ({ s3, kms, own, boundary: actions, isKeyEnabled }) => {
        const put = async (at: SharedPolicy, denied: object | undefined, by: string | undefined): Promise<void> => {
          if (denied === undefined || by === undefined) await removeStatement(world.admin, at, SID);
          else await addStatement(world.admin, at, { Sid: SID, Effect: 'Deny', ...denied, ...principalOf(by) });
        };
        const { who: s3Who, ...s3Rest } = s3 ?? {};
        const { who: kmsWho, ...kmsRest } = kms ?? {};
        await put(bucket, s3 && s3Rest, s3Who);
        await put(key, kms && { ...kmsRest, Resource: '*' }, kmsWho);
        await setKey(isKeyEnabled ? 'EnableKey' : 'DisableKey');
        await setBoundary(actions);
        await setOwnPolicy(world.admin, 'analysts', own === undefined ? [ALLOWED] : [{ Effect: 'Deny', ...own }]);
        const isNetwork = JSON.stringify(s3?.Condition ?? '').includes('SourceIp');
        await looked(async () => healthIsTrue(isNetwork));
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    await setKey('EnableKey');
    await setBoundary(undefined);
    await setOwnPolicy(world.admin, 'analysts', []);
    for (const at of [bucket, key]) await removeStatement(world.admin, at, SID);
  });
});

const ALLOWED = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };
