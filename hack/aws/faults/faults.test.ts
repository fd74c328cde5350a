import { CreateRoleCommand, GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { BatchGrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateAccessPointCommand, GetAccessPointCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { afterEach, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import type { Interceptor } from '../core/interceptor.ts';
import { EventualConsistency } from './consistency.ts';
import { Faults } from './faults.ts';
import { awsRateLimits, limitFor, rateLimits, type RateLimit } from './rate-limits.ts';

const running: SimulatedAws[] = [];
afterEach(async () => {
  for (const aws of running.splice(0)) await aws.stop();
});

/** A simulated AWS with interceptors and a client configuration that does not retry. */
const start = async (...interceptors: Interceptor[]) => {
  const aws = await startAws({ inProcess: true, interceptors });
  running.push(aws);
  return { aws, config: { ...aws.clientConfig('producer', 'eu-west-1'), maxAttempts: 1 } };
};

const put = (ssm: SSMClient, Name: string, Value = 'x') =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
const get = async (ssm: SSMClient, Name: string): Promise<string | undefined> =>
  (await ssm.send(new GetParameterCommand({ Name })).catch(() => undefined))?.Parameter?.Value;

describe('Faults', () => {
  it('does nothing without rules', async () => {
    const { config } = await start(new Faults());
    const ssm = new SSMClient(config);
    await put(ssm, '/a');
    expect(await get(ssm, '/a')).toBe('x');
  });

  it('fails before the operation, or after it was done', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    const ssm = new SSMClient(config);
    const match = { service: 'ssm', operation: 'PutParameter' };
    faults.add({ match, fault: { kind: 'server-error', when: 'before' }, times: 1 });
    await expect(put(ssm, '/before')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect(await get(ssm, '/before')).toBeUndefined();
    faults.add({ match, fault: { kind: 'server-error', status: 503, when: 'after' }, times: 1 });
    await expect(put(ssm, '/after')).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect(await get(ssm, '/after')).toBe('x');
  });

  it('cuts the connection before and after the commit', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    const ssm = new SSMClient(config);
    faults.add({ match: { operation: 'PutParameter' }, fault: { kind: 'cut', when: 'before' }, times: 1 });
    faults.add({ match: { operation: 'PutParameter' }, fault: { kind: 'cut', when: 'after' }, skip: 1, times: 1 });
    await expect(put(ssm, '/one')).rejects.toThrow('socket hang up');
    await expect(put(ssm, '/two')).rejects.toThrow('socket hang up');
    expect([await get(ssm, '/one'), await get(ssm, '/two')]).toEqual([undefined, 'x']);
  });

  it('hangs until it is taken away', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    const ssm = new SSMClient(config);
    const handle = faults.add({ match: { operation: 'PutParameter' }, fault: { kind: 'hang', when: 'after' } });
    const call = put(ssm, '/hung');
    while (handle.struck === 0) await new Promise(setImmediate);
    expect(await get(ssm, '/hung')).toBe('x');
    faults.clear();
    await expect(call).rejects.toThrow('socket hang up');
    await put(ssm, '/free');
  });

  it('strikes as often as told, on whom it was told', async () => {
    const faults = new Faults();
    const { aws, config } = await start(faults);
    const ssm = new SSMClient(config);
    const others = new SSMClient({ ...aws.clientConfig('consumer', 'eu-west-1'), maxAttempts: 1 });
    const handle = faults.add({
      match: { account: '222222222222', operation: /^Put/ },
      fault: { kind: 'throttle' },
      skip: 1,
      times: 2,
    });
    await put(ssm, '/1');
    await expect(put(ssm, '/2')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(put(ssm, '/3')).rejects.toThrow('Rate exceeded');
    await put(ssm, '/4');
    await put(others, '/1');
    expect([handle.matched, handle.struck]).toEqual([4, 2]);
    handle.remove();
    await put(ssm, '/5');
    expect(handle.matched).toBe(4);
  });

  it('draws chances from the seed', async () => {
    const outcomes = async (): Promise<string> => {
      const faults = new Faults();
      const { config } = await start(faults);
      const ssm = new SSMClient(config);
      faults.add({ fault: { kind: 'throttle' }, probability: 0.5 });
      let line = '';
      for (let n = 0; n < 20; n++)
        line += await put(ssm, '/p').then(
          () => '.',
          () => 'x',
        );
      return line;
    };
    const first = await outcomes();
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
    expect(await outcomes()).toBe(first);
  });

  it('says "slower" as each service does, and in every other shape', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    faults.add({ fault: { kind: 'throttle' }, match: { service: /^(iam|s3|sqs)$/ } });
    await expect(
      new IAMClient(config).send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{}' })),
    ).rejects.toMatchObject({ name: 'Throttling' });
    await expect(new S3Client(config).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    });
    await expect(new SQSClient(config).send(new CreateQueueCommand({ QueueName: 'q' }))).rejects.toMatchObject({
      name: 'RequestThrottled',
    });
    for (const shape of [
      'Throttling',
      'ThrottlingException',
      'TooManyRequestsException',
      'RequestLimitExceeded',
    ] as const) {
      const handle = faults.add({ match: { service: 'ssm' }, fault: { kind: 'throttle', shape } });
      await expect(put(new SSMClient(config), '/t')).rejects.toMatchObject({ name: shape });
      handle.remove();
    }
    faults.add({ match: { service: 'lakeformation' }, fault: { kind: 'throttle', shape: 'InvalidInputException' } });
    const grant = new LakeFormationClient(config).send(new BatchGrantPermissionsCommand({ Entries: [] }));
    await expect(grant).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringMatching(/^Rate exceeded \(Service: AmazonIdentityManagement/) as string,
    });
  });

  it('is retried by the SDK like the real thing', async () => {
    const faults = new Faults();
    const { aws } = await start(faults);
    const ssm = new SSMClient(aws.clientConfig('producer', 'eu-west-1'));
    const handle = faults.add({ match: { service: 'ssm' }, fault: { kind: 'cut', when: 'after' }, times: 1 });
    await put(ssm, '/retried');
    expect(handle.matched).toBe(2);
  });

  it('lets some entries of a batch fail and does the rest', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    const sqs = new SQSClient(config);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    faults.add({
      match: { operation: 'SendMessageBatch' },
      fault: { kind: 'partial-failure', fails: (_, index) => index === 1, code: 'InternalError' },
    });
    const answer = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id })) }),
    );
    expect(answer.Failed).toMatchObject([{ Id: 'b', Code: 'InternalError' }]);
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['a', 'c']);
  });

  it('shows every call to a hook, and dies where the hook says', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    const ssm = new SSMClient(config);
    const calls: string[] = [];
    faults.add({
      fault: {
        kind: 'hook',
        before: ({ operation }) => void calls.push(`before ${operation}`),
        after: ({ operation }) => {
          calls.push(`after ${operation}`);
          if (calls.length === 4) throw new Error('killed');
        },
      },
    });
    await put(ssm, '/one');
    await expect(put(ssm, '/two')).rejects.toThrow('socket hang up');
    expect(calls).toEqual(['before PutParameter', 'after PutParameter', 'before PutParameter', 'after PutParameter']);
    faults.clear();
    expect(await get(ssm, '/two')).toBe('x');
  });

  it('delays calls', async () => {
    const faults = new Faults();
    const { config } = await start(faults);
    const ssm = new SSMClient(config);
    faults.add({ fault: { kind: 'latency', milliseconds: 60, jitter: 0.5 } });
    const started = performance.now();
    await put(ssm, '/slow');
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  });
});

describe('rateLimits', () => {
  const limits: RateLimit[] = [
    {
      service: 'ssm',
      operations: ['GetParameter', 'GetParameters'],
      rate: 10,
      burst: 1,
      shared: true,
      source: 'assumed',
    },
    { service: 'ssm', access: 'write', rate: 1, burst: 3, source: 'assumed' },
  ];

  it('lets a burst through, then the rate, on the clock of the world', async () => {
    const { aws, config } = await start(rateLimits(limits));
    const ssm = new SSMClient(config);
    for (let n = 0; n < 3; n++) await put(ssm, '/x');
    await expect(put(ssm, '/x')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await put(new SSMClient({ ...config, region: 'us-east-1' }), '/x');
    aws.world.clock.advance(1000);
    await put(ssm, '/x');
    expect(aws.world.log.filter(({ outcome }) => outcome === 'throttled')).toHaveLength(1);
  });

  it('has a limit for reads and writes of every service the product writes to, each with its source', () => {
    for (const service of [
      'iam',
      's3',
      's3control',
      'kms',
      'glue',
      'lakeformation',
      'ram',
      'cloudformation',
      'ssm',
      'secretsmanager',
      'sts',
      'athena',
    ]) {
      const operation = service === 'sts' ? 'AssumeRole' : 'PutAnything';
      expect(limitFor(awsRateLimits, { service, operation }), service).toBeDefined();
    }
    for (const limit of awsRateLimits) {
      expect(limit.rate).toBeGreaterThan(0);
      expect(limit.burst).toBeGreaterThanOrEqual(1);
      expect(limit.source === 'documented').toBe(limit.page !== undefined);
    }
  });
});

describe('EventualConsistency', () => {
  it('lets grants and revocations be seen late, and documents at once', async () => {
    const { aws, config } = await start(new EventualConsistency({ lag: 5000 }));
    const iam = new IAMClient(config);
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole' }],
    };
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'late', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const { Credentials } = await new STSClient(config).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'session' }),
    );
    const asRole = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const ssm = new SSMClient({ ...aws.clientConfig(asRole, 'eu-west-1'), maxAttempts: 1 });
    const setRight = (Effect: string) => {
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect, Action: 'ssm:*', Resource: '*' }],
      });
      return iam.send(new PutRolePolicyCommand({ RoleName: 'late', PolicyName: 'p', PolicyDocument }));
    };
    await expect(put(ssm, '/x')).rejects.toThrow('not authorized');
    await setRight('Allow');
    expect((await iam.send(new GetRolePolicyCommand({ RoleName: 'late', PolicyName: 'p' }))).PolicyDocument).toContain(
      'Allow',
    );
    await expect(put(ssm, '/x')).rejects.toThrow('not authorized');
    aws.world.clock.advance(5000);
    await put(ssm, '/x');
    await setRight('Deny');
    await put(ssm, '/x');
    aws.world.clock.advance(5000);
    await expect(put(ssm, '/x')).rejects.toThrow('explicit deny');
  });

  it('holds for principals: resource policies that name a new role are refused until it has spread', async () => {
    const { aws, config } = await start(new EventualConsistency({ lag: 5000, services: [] }));
    const Principal = { AWS: 'arn:aws:iam::222222222222:role/late' };
    const owner = new S3Client(config);
    const Bucket = 'late-bucket';
    await owner.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const statement = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await new IAMClient(config).send(new CreateRoleCommand({ RoleName: 'late', AssumeRolePolicyDocument }));
    const Statement = [{ Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` }];
    const name = new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    await expect(owner.send(name)).rejects.toMatchObject({ name: 'MalformedPolicy' });
    aws.world.clock.advance(5000);
    await owner.send(name);
  });

  it('holds for access points: one that was asked for before it was made is missed a while longer', async () => {
    const { aws, config } = await start(new EventualConsistency({ lag: 5000 }));
    const points = new S3ControlClient(config);
    const Bucket = 'late-bucket';
    await new S3Client(config).send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const find = (Name: string) => points.send(new GetAccessPointCommand({ AccountId: '222222222222', Name }));
    const make = (Name: string) =>
      points.send(new CreateAccessPointCommand({ AccountId: '222222222222', Name, Bucket }));
    const missing = { name: 'NoSuchAccessPoint' };
    await expect(find('sought')).rejects.toMatchObject(missing);
    await make('sought');
    await make('unsought');
    await expect(find('sought')).rejects.toMatchObject(missing);
    await expect(make('sought')).rejects.toMatchObject({ name: 'AccessPointAlreadyOwnedByYou' });
    expect((await find('unsought')).Name).toBe('unsought');
    aws.world.clock.advance(5000);
    expect((await find('sought')).Name).toBe('sought');
  });

  it('holds for bucket policies too', async () => {
    const { aws, config } = await start(new EventualConsistency({ lag: 5000 }));
    const owner = new S3Client(config);
    const guest = new S3Client({ ...aws.clientConfig('consumer', 'eu-west-1'), maxAttempts: 1 });
    const Bucket = 'late-bucket';
    await owner.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const look = () => guest.send(new ListObjectsV2Command({ Bucket }));
    await expect(look()).rejects.toMatchObject({ name: 'AccessDenied' });
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { AWS: '333333333333' },
        Action: 's3:ListBucket',
        Resource: `arn:aws:s3:::${Bucket}`,
      },
    ];
    await owner.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
    await expect(look()).rejects.toMatchObject({ name: 'AccessDenied' });
    aws.world.clock.advance(5000);
    await look();
    await owner.send(new DeleteBucketPolicyCommand({ Bucket }));
    await look();
    aws.world.clock.advance(5000);
    await expect(look()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
