// Who may read shared data, through every door: buckets, keys, access points. The cases that other simulators get wrong.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import type { Snapshot } from '../core/world.ts';
import {
  actor,
  allow,
  answerTo,
  CONSUMER,
  deny,
  makeRole,
  policy,
  PRODUCER,
  REGION,
  sessionOf,
  type Actor,
} from './cast.ts';

const BUCKET = 'raw-data';
const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;
const POINT_ARN = `arn:aws:s3:${REGION}:${PRODUCER}:accesspoint/share`;

let aws: SimulatedAws;
let producer: Actor;
let consumer: Actor;
let start: Snapshot;

/** A role of the consumer account with S3, KMS and access point rights on its own side. */
const READS = allow(['s3:GetObject', 's3:ListBucket', 's3:PutObject', 'kms:Decrypt', 'kms:GenerateDataKey'], '*');

beforeAll(async () => {
  aws = await startAws();
  producer = actor(aws, 'producer');
  consumer = actor(aws, 'consumer');
  await producer.s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } });
  await producer.s3.putObject({ Bucket: BUCKET, Key: 'sales/2024.csv', Body: 'id,amount\n1,2\n' });
  await producer.s3.putObject({ Bucket: BUCKET, Key: 'hr/salaries.csv', Body: 'secret' });
  await makeRole(consumer, CONSUMER, 'analyst', READS);
  await makeRole(consumer, CONSUMER, 'stranger', READS);
  await makeRole(consumer, CONSUMER, 'powerless');
  await makeRole(producer, PRODUCER, 'local', READS);
  start = aws.world.snapshot();
});
afterAll(async () => aws.stop());

const as = async (name: string): Promise<Actor> =>
  name === 'local'
    ? actor(aws, await sessionOf(producer, `arn:aws:iam::${PRODUCER}:role/local`))
    : actor(aws, await sessionOf(consumer, `arn:aws:iam::${CONSUMER}:role/${name}`));

const read = async (name: string, Key = 'sales/2024.csv', Bucket = BUCKET): Promise<string> =>
  answerTo((await as(name)).s3.getObject({ Bucket, Key }));

const share = (...statements: object[]) =>
  producer.s3.putBucketPolicy({ Bucket: BUCKET, Policy: policy(...statements) });
const analyst = { Principal: { AWS: `arn:aws:iam::${CONSUMER}:role/analyst` } };

describe('bucket policies across accounts', () => {
  it('denies without a bucket policy', async () => {
    aws.world.restore(start);
    expect(await read('analyst')).toBe('AccessDenied');
  });

  it('lets in the role that is named, and no other', async () => {
    aws.world.restore(start);
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst));
    expect([await read('analyst'), await read('stranger')]).toEqual(['ok', 'AccessDenied']);
  });

  it('needs the caller side too', async () => {
    aws.world.restore(start);
    await share(
      allow('s3:GetObject', `${BUCKET_ARN}/*`, { Principal: { AWS: `arn:aws:iam::${CONSUMER}:role/powerless` } }),
    );
    expect(await read('powerless')).toBe('AccessDenied');
  });

  it('lets an account pass its right on', async () => {
    aws.world.restore(start);
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, { Principal: { AWS: CONSUMER } }));
    expect([await read('stranger'), await read('powerless')]).toEqual(['ok', 'AccessDenied']);
  });

  it('stops at a Deny on aws:PrincipalArn', async () => {
    aws.world.restore(start);
    await share(
      allow('s3:GetObject', `${BUCKET_ARN}/*`, { Principal: { AWS: CONSUMER } }),
      deny('s3:*', [BUCKET_ARN, `${BUCKET_ARN}/*`], {
        Principal: '*',
        Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${CONSUMER}:role/stranger` } },
      }),
    );
    expect([await read('analyst'), await read('stranger')]).toEqual(['ok', 'AccessDenied']);
  });

  it('keeps to the prefix: raw is not raw2/', async () => {
    aws.world.restore(start);
    await share(allow('s3:GetObject', `${BUCKET_ARN}/sales/*`, analyst));
    expect([await read('analyst'), await read('analyst', 'hr/salaries.csv')]).toEqual(['ok', 'AccessDenied']);
  });

  it('judges listing by s3:prefix', async () => {
    aws.world.restore(start);
    await share(
      allow('s3:ListBucket', BUCKET_ARN, { ...analyst, Condition: { StringLike: { 's3:prefix': ['sales/*'] } } }),
    );
    const { s3 } = await as('analyst');
    expect([
      await answerTo(s3.listObjectsV2({ Bucket: BUCKET, Prefix: 'sales/' })),
      await answerTo(s3.listObjectsV2({ Bucket: BUCKET, Prefix: 'hr/' })),
      await answerTo(s3.listObjectsV2({ Bucket: BUCKET })),
    ]).toEqual(['ok', 'AccessDenied', 'AccessDenied']);
  });

  it('refuses the name of nobody, as MalformedPolicy', async () => {
    aws.world.restore(start);
    const nobody = { Principal: { AWS: `arn:aws:iam::${CONSUMER}:role/nobody` } };
    expect(await answerTo(share(allow('s3:GetObject', `${BUCKET_ARN}/*`, nobody)))).toBe('MalformedPolicy');
  });

  it("refuses another bucket's resource and an action that fits no resource", async () => {
    aws.world.restore(start);
    expect(await answerTo(share(allow('s3:GetObject', 'arn:aws:s3:::other/*', analyst)))).toBe('MalformedPolicy');
    expect(await answerTo(share(allow('s3:ListBucket', `${BUCKET_ARN}/*`, analyst)))).toBe('MalformedPolicy');
  });

  it('forgets a role that was deleted: its successor of the same name is a stranger', async () => {
    aws.world.restore(start);
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst));
    const { Role: before } = await consumer.iam.getRole({ RoleName: 'analyst' });
    await consumer.iam.deleteRolePolicy({ RoleName: 'analyst', PolicyName: 'rights' });
    await consumer.iam.deleteRole({ RoleName: 'analyst' });
    const shown = await producer.s3.getBucketPolicy({ Bucket: BUCKET });
    expect(shown.Policy).toContain(before?.RoleId);
    expect(shown.Policy).not.toContain('role/analyst');
    await makeRole(consumer, CONSUMER, 'analyst', READS);
    expect(await read('analyst')).toBe('AccessDenied');
  });

  it('refuses public policies while they are blocked', async () => {
    aws.world.restore(start);
    const everyone = { Principal: '*' };
    expect(await answerTo(share(allow('s3:GetObject', `${BUCKET_ARN}/*`, everyone)))).toBe('AccessDenied');
    await producer.s3.deletePublicAccessBlock({ Bucket: BUCKET });
    expect(await answerTo(share(allow('s3:GetObject', `${BUCKET_ARN}/*`, everyone)))).toBe('ok');
    const anonymous = await fetch(`${aws.endpoint}/${BUCKET}/sales/2024.csv`);
    expect([anonymous.status, await anonymous.text()]).toEqual([200, 'id,amount\n1,2\n']);
  });

  it('tells strangers nothing without a signature', async () => {
    aws.world.restore(start);
    const anonymous = await fetch(`${aws.endpoint}/${BUCKET}/sales/2024.csv`);
    expect([anonymous.status, (await anonymous.text()).includes('AccessDenied')]).toEqual([403, true]);
  });

  it('does not say whether a key exists to those who may not list', async () => {
    aws.world.restore(start);
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst));
    expect(await read('analyst', 'nothing')).toBe('AccessDenied');
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst), allow('s3:ListBucket', BUCKET_ARN, analyst));
    expect(await read('analyst', 'nothing')).toBe('NoSuchKey');
  });

  it("answers AccessDenied when the bucket is not the expected owner's", async () => {
    aws.world.restore(start);
    const call = producer.s3.getBucketPolicy({ Bucket: BUCKET, ExpectedBucketOwner: CONSUMER });
    expect(await answerTo(call)).toBe('AccessDenied');
  });
});

describe('keys: encrypted objects need KMS on both sides', () => {
  const KEY = 'sales/secret.csv';
  /** A bucket encrypted with a key of the producer, shared by bucket policy with the analyst. @returns the key's ARN */
  const encrypted = async (): Promise<string> => {
    aws.world.restore(start);
    const { KeyMetadata } = await producer.kms.createKey({});
    const keyArn = KeyMetadata?.Arn ?? '';
    await producer.s3.putBucketEncryption({
      Bucket: BUCKET,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
            BucketKeyEnabled: true,
          },
        ],
      },
    });
    await producer.s3.putObject({ Bucket: BUCKET, Key: KEY, Body: 'encrypted' });
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst));
    return keyArn;
  };
  const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${PRODUCER}:root` }, Action: 'kms:*', Resource: '*' };

  it('denies by the key what the bucket allows', async () => {
    await encrypted();
    expect([await read('analyst', KEY), await read('analyst')]).toEqual(['AccessDenied', 'ok']);
  });

  it('allows when the key policy names the role', async () => {
    const KeyId = await encrypted();
    await producer.kms.putKeyPolicy({ KeyId, Policy: policy(root, { ...allow('kms:Decrypt', '*', analyst) }) });
    expect(await read('analyst', KEY)).toBe('ok');
  });

  it('lets a key be used through S3 only', async () => {
    const KeyId = await encrypted();
    const viaS3 = { Condition: { StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` } } };
    await producer.kms.putKeyPolicy({
      KeyId,
      Policy: policy(root, allow(['kms:Decrypt', 'kms:Encrypt'], '*', { ...analyst, ...viaS3 })),
    });
    const direct = await answerTo((await as('analyst')).kms.encrypt({ KeyId, Plaintext: Buffer.from('x') }));
    expect([await read('analyst', KEY), direct]).toEqual(['ok', 'AccessDeniedException']);
  });

  it("does not let AWS's own key serve another account", async () => {
    aws.world.restore(start);
    await producer.s3.putObject({ Bucket: BUCKET, Key: KEY, Body: 'x', ServerSideEncryption: 'aws:kms' });
    await share(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst));
    expect([await read('analyst', KEY), await read('local', KEY)]).toEqual(['AccessDenied', 'ok']);
  });

  it('cannot be read while the key waits for its deletion', async () => {
    const KeyId = await encrypted();
    await producer.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await read('local', KEY)).toBe('KMS.KMSInvalidStateException');
  });

  it('refuses policies that lock the caller out, or name nobody', async () => {
    const KeyId = await encrypted();
    const put = (Policy: string) => answerTo(producer.kms.putKeyPolicy({ KeyId, Policy }));
    expect(await put(policy(allow('kms:Decrypt', '*', analyst)))).toBe('MalformedPolicyDocumentException');
    const nobody = { Principal: { AWS: `arn:aws:iam::${CONSUMER}:role/nobody` } };
    expect(await put(policy(root, allow('kms:Decrypt', '*', nobody)))).toBe('MalformedPolicyDocumentException');
  });

  it('counts identity policies only where the key policy names the account', async () => {
    const KeyId = await encrypted();
    const administrator = { Principal: { AWS: `arn:aws:iam::${PRODUCER}:user/administrator` } };
    await producer.kms.putKeyPolicy({ KeyId, Policy: policy({ ...root, ...administrator }) });
    expect(await answerTo((await as('local')).kms.generateDataKey({ KeyId, KeySpec: 'AES_256' }))).toBe(
      'AccessDeniedException',
    );
    await producer.kms.putKeyPolicy({ KeyId, Policy: policy(root) });
    expect(await answerTo((await as('local')).kms.generateDataKey({ KeyId, KeySpec: 'AES_256' }))).toBe('ok');
  });
});

describe('access points', () => {
  /** An access point on the bucket, open to the analyst for one prefix. @returns its alias */
  const point = async (): Promise<string> => {
    aws.world.restore(start);
    const { Alias } = await producer.s3control.createAccessPoint({
      AccountId: PRODUCER,
      Name: 'share',
      Bucket: BUCKET,
    });
    await producer.s3control.putAccessPointPolicy({
      AccountId: PRODUCER,
      Name: 'share',
      Policy: policy(
        allow('s3:GetObject', `${POINT_ARN}/object/sales/*`, analyst),
        allow('s3:ListBucket', POINT_ARN, { ...analyst, Condition: { StringLike: { 's3:prefix': ['sales/*'] } } }),
      ),
    });
    return Alias ?? '';
  };
  /** The bucket leaves decisions to the access points of its account. */
  const delegate = () =>
    share({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:*',
      Resource: [BUCKET_ARN, `${BUCKET_ARN}/*`],
      Condition: { StringEquals: { 's3:DataAccessPointAccount': PRODUCER } },
    });

  it('are closed as long as the bucket does not delegate to them', async () => {
    const alias = await point();
    expect(await read('analyst', 'sales/2024.csv', alias)).toBe('AccessDenied');
  });

  it('open what their policy says, by alias and by ARN, and nothing else', async () => {
    const alias = await point();
    await delegate();
    expect([
      await read('analyst', 'sales/2024.csv', alias),
      await read('analyst', 'sales/2024.csv', POINT_ARN),
      await read('analyst', 'hr/salaries.csv', alias),
      await read('stranger', 'sales/2024.csv', alias),
      await read('analyst', 'sales/2024.csv'),
    ]).toEqual(['ok', 'ok', 'AccessDenied', 'AccessDenied', 'AccessDenied']);
    const { s3 } = await as('analyst');
    const listed = await s3.listObjectsV2({ Bucket: alias, Prefix: 'sales/' });
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['sales/2024.csv']);
  });

  it('close again', async () => {
    const alias = await point();
    await delegate();
    await producer.s3control.deleteAccessPointPolicy({ AccountId: PRODUCER, Name: 'share' });
    expect(await read('analyst', 'sales/2024.csv', alias)).toBe('AccessDenied');
    await producer.s3control.deleteAccessPoint({ AccountId: PRODUCER, Name: 'share' });
    expect(await read('analyst', 'sales/2024.csv', alias)).toBe('NoSuchBucket');
  });

  it("are not another account's to manage", async () => {
    await point();
    const foreign = { AccountId: PRODUCER, Name: 'share' };
    expect(await answerTo(consumer.s3control.getAccessPointPolicy(foreign))).toBe('AccessDenied');
    expect(await answerTo(consumer.s3control.deleteAccessPoint(foreign))).toBe('AccessDenied');
  });

  it('refuse names of nobody and resources of others, and keep their bucket from being deleted', async () => {
    await point();
    const put = (...statements: object[]) =>
      answerTo(
        producer.s3control.putAccessPointPolicy({ AccountId: PRODUCER, Name: 'share', Policy: policy(...statements) }),
      );
    expect(
      await put(
        allow('s3:GetObject', `${POINT_ARN}/object/*`, { Principal: { AWS: `arn:aws:iam::${CONSUMER}:role/nobody` } }),
      ),
    ).toBe('MalformedPolicy');
    expect(await put(allow('s3:GetObject', `${BUCKET_ARN}/*`, analyst))).toBe('MalformedPolicy');
    await producer.s3.deleteObjects({
      Bucket: BUCKET,
      Delete: { Objects: [{ Key: 'sales/2024.csv' }, { Key: 'hr/salaries.csv' }] },
    });
    expect(await answerTo(producer.s3.deleteBucket({ Bucket: BUCKET }))).toBe('BucketHasAccessPointsAttached');
  });

  it('are listed in pages', async () => {
    await point();
    for (const Name of ['aaa', 'bbb'])
      await producer.s3control.createAccessPoint({ AccountId: PRODUCER, Name, Bucket: BUCKET });
    const first = await producer.s3control.listAccessPoints({ AccountId: PRODUCER, MaxResults: 2 });
    const second = await producer.s3control.listAccessPoints({
      AccountId: PRODUCER,
      MaxResults: 2,
      NextToken: first.NextToken ?? '',
    });
    const names = [first, second].flatMap(({ AccessPointList }) => AccessPointList ?? []).map(({ Name }) => Name);
    expect([names, second.NextToken]).toEqual([['aaa', 'bbb', 'share'], undefined]);
  });
});
