import { afterEach, describe, expect, it } from 'vitest';
import type { Interceptor } from '../../hack/aws/core/interceptor.ts';
import { ConnectionCut } from '../../hack/aws/core/interceptor.ts';
import { AwsError } from '../../hack/aws/core/aws-error.ts';
import type { AwsOptions } from './account.ts';
import type { CallReport } from './calls.ts';
import { isFault } from './fault.ts';
import type { FaultKind } from './fault.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { defaultRateLimits, rateLimit } from './rate-limits.ts';
import { externalId, pivotRoleName, region, startAccounts } from './testing/simulated-accounts.ts';
import type { SimulatedAccounts } from './testing/simulated-accounts.ts';
import type { AwsCall } from './call.ts';
import { withCallContext } from './call-context.ts';

let world: SimulatedAccounts;
afterEach(async () => await world.stop());

const faultOf = async (call: Promise<unknown>, kind: FaultKind) => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isFault(error)) throw new Error(`expected ${kind}, got ${String(error)}`);
  expect(error.kind).toBe(kind);
  return error;
};

/** Fails the first `times` calls of an operation, before or after it is done. */
const failing = (
  operation: string,
  times: number,
  error: () => Error,
  when: 'before' | 'after' = 'before',
): Interceptor => {
  let left = times;
  return {
    async around(call, input, next) {
      if (call.operation !== operation || left === 0) return await next(input);
      left -= 1;
      if (when === 'after') await next(input);
      throw error();
    },
  };
};

/** Operations the simulator saw of an account, in order. */
const seen = (account: string) =>
  world.aws.world.log.filter((record) => record.account === account).map(({ operation }) => operation);

const start = async (options: Partial<AwsOptions> = {}, interceptors: readonly Interceptor[] = []) => {
  world = await startAccounts({ rateLimits: defaultRateLimits, ...options }, { inProcess: true, interceptors });
  world.aws.world.clearLog();
  return world;
};

describe('an account', () => {
  it('is entered as its pivot role, in a session that names installation and epoch', async () => {
    const { producer, aws } = await start({ installation: 'prod', epoch: () => 42 });
    const identity = await producer.sts.identity();
    expect(identity.account).toBe(aws.accounts['producer']?.id);
    expect(identity.arn).toBe(`arn:aws:sts::${identity.account}:assumed-role/${pivotRoleName}/dataall-prod-42`);
  });

  it('is entered once for all calls and services', async () => {
    const { producer, aws } = await start();
    await Promise.all([
      producer.sts.identity(),
      producer.iam.role(pivotRoleName),
      producer.ssm.parameter('/x'),
      producer.iam.role('none'),
    ]);
    expect(seen(aws.accounts['hub']?.id ?? '')).toEqual(['AssumeRole']);
  });

  it('cannot be entered with another external id, and says what to do', async () => {
    const { accounts, producer } = await start();
    const wrong = accounts.forEnvironment({
      accountId: producer.account,
      region,
      pivotRoleArn: `arn:aws:iam::${producer.account}:role/${pivotRoleName}`,
      externalId: `${externalId}x`,
    });
    const fault = await faultOf(wrong.iam.role(pivotRoleName), 'NoTrust');
    expect(fault).toMatchObject({ account: producer.account, retryable: false, operation: 'AssumeRole' });
    expect(fault.advice).toContain('external id');
    await producer.iam.role(pivotRoleName);
  });

  it('is reached as the hub itself when it is the hub', async () => {
    const { accounts, aws } = await start();
    expect((await accounts.hub().sts.identity()).arn).toBe(
      `arn:aws:iam::${aws.accounts['hub']?.id}:user/administrator`,
    );
  });

  it('has bootstrap roles by their CDK names', async () => {
    const { accounts, administer, producer } = await start();
    const name = `cdk-acme-lookup-role-${producer.account}-${region}`;
    await administer('producer', 'iam', 'CreateRole', {
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: accounts.hub().account }, Action: 'sts:AssumeRole' }],
      }),
    });
    const lookup = accounts.forBootstrap({ accountId: producer.account, region, role: 'lookup', qualifier: 'acme' });
    expect((await lookup.sts.identity()).arn).toContain(`assumed-role/${name}/`);
    expect(accounts.executionRoleArn({ accountId: producer.account, region })).toBe(
      `arn:aws:iam::${producer.account}:role/cdk-hnb659fds-cfn-exec-role-${producer.account}-${region}`,
    );
  });

  it('gets a new session when the role was deleted and made again', async () => {
    const { accounts, administer, producer } = await start();
    await producer.sts.identity();
    await administer('producer', 'iam', 'DetachRolePolicy', {
      RoleName: pivotRoleName,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    });
    await faultOf(producer.iam.role(pivotRoleName), 'AccessDenied');
    await administer('producer', 'iam', 'AttachRolePolicy', {
      RoleName: pivotRoleName,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    });
    accounts.forget(`arn:aws:iam::${producer.account}:role/${pivotRoleName}`);
    expect((await producer.iam.role(pivotRoleName))?.name).toBe(pivotRoleName);
    expect(seen(accounts.hub().account)).toEqual(['AssumeRole', 'AssumeRole']);
  });
});

describe('a call', () => {
  it('carries its work in the user agent, and none outside of work', async () => {
    const { producer, aws } = await start();
    await withCallContext({ item: 'BucketPolicy:arn:aws:s3:::orders of Zoë', reconcileId: 'r-7' }, () =>
      producer.iam.role(pivotRoleName),
    );
    await producer.iam.role(pivotRoleName);
    const agents = aws.world.log
      .filter(({ operation }) => operation === 'GetRole')
      .map(({ userAgent }) => userAgent.split(' ')[0]);
    expect(agents).toEqual(['dataall/BucketPolicy:arn:aws:s3:::orders_of_Zo_/r-7', 'dataall/-/-']);
    const session = aws.world.log.find(({ operation }) => operation === 'AssumeRole');
    expect(session?.userAgent).toContain(`dataall/Session:arn:aws:iam::${producer.account}:role/${pivotRoleName}/`);
  });

  it('changes nothing when the lease is not ours', async () => {
    let leader = false;
    const { producer, aws } = await start({ mayWrite: () => leader });
    const fault = await faultOf(producer.ssm.putParameter('/a', '1'), 'NotLeader');
    expect(fault).toMatchObject({ retryable: false, outcomeUnknown: false });
    expect(await producer.ssm.parameter('/a')).toBeUndefined();
    leader = true;
    await producer.ssm.putParameter('/a', '1');
    expect((await producer.ssm.parameter('/a'))?.value).toBe('1');
    expect(aws.world.log.filter(({ operation }) => operation === 'PutParameter')).toHaveLength(1);
  });

  it('asks for the lease when its turn has come, not when it queues', async () => {
    let leader = true;
    const clock = new ManualClock(Date.now());
    const rateLimits = { ssm: { ...rateLimit(20), burst: 1 } };
    const { producer, accounts } = await start({ clock, mayWrite: () => leader, rateLimits });
    await producer.ssm.putParameter('/a', '1');
    const queued = faultOf(producer.ssm.putParameter('/a', '2'), 'NotLeader');
    expect(accounts.rateLimiterStates().find(({ key }) => key.endsWith('/ssm'))?.queued).toBe(1);
    leader = false;
    await clock.advance(50);
    await queued;
    await clock.advance(50);
    expect((await producer.ssm.parameter('/a'))?.value).toBe('1');
  });

  it('asks for the lease when the session is there, not before', async () => {
    let leader = true;
    const losing: Interceptor = {
      around: async (call, input, next) => {
        if (call.operation === 'AssumeRole') leader = false;
        return await next(input);
      },
    };
    const { producer } = await start({ mayWrite: () => leader }, [losing]);
    await faultOf(producer.ssm.putParameter('/a', '1'), 'NotLeader');
    expect(await producer.ssm.parameter('/a')).toBeUndefined();
  });

  it('does not wait for a session its work no longer needs', async () => {
    const never: Interceptor = {
      around: (call, input, next) => (call.operation === 'AssumeRole' ? new Promise(() => {}) : next(input)),
    };
    const { producer } = await start({}, [never]);
    const abort = new AbortController();
    const asked = withCallContext({ item: 'a', reconcileId: '1', signal: abort.signal }, () =>
      producer.ssm.putParameter('/a', '1'),
    );
    setImmediate(() => abort.abort());
    expect(await faultOf(asked, 'Cancelled')).toMatchObject({ outcomeUnknown: false });
  });

  it('can be cut off before and after by a hook, whose error stays what it is', async () => {
    let at: 'before' | 'after' | undefined;
    const crash = new Error('killed');
    const { producer } = await start({
      onCall: ({ operation }, phase) => {
        if (operation === 'PutParameter' && phase === at) throw crash;
      },
    });
    at = 'before';
    await expect(producer.ssm.putParameter('/a', '1')).rejects.toBe(crash);
    expect(await producer.ssm.parameter('/a')).toBeUndefined();
    at = 'after';
    await expect(producer.ssm.putParameter('/a', '1')).rejects.toBe(crash);
    expect((await producer.ssm.parameter('/a'))?.value).toBe('1');
  });

  it.each<[string, () => Error]>([
    ['plainly', () => new AwsError('ThrottlingException', 'Rate exceeded', { status: 400 })],
    [
      'inside another code',
      () =>
        new AwsError(
          'InternalServerError',
          'Rate exceeded (Service: AmazonIdentityManagement; Error Code: Throttling)',
          { status: 500 },
        ),
    ],
  ])('that is throttled %s queues again until it succeeds, slower', async (_how, error) => {
    const reports: CallReport[] = [];
    const { producer, accounts } = await start({ report: (report) => void reports.push(report) }, [
      failing('PutParameter', 3, error),
    ]);
    await producer.ssm.putParameter('/a', '1');
    expect((await producer.ssm.parameter('/a'))?.value).toBe('1');
    const outcomes = reports
      .filter(({ call }) => call.operation === 'PutParameter')
      .map(({ outcome, attempt }) => [outcome, attempt]);
    expect(outcomes).toEqual([
      ['Throttled', 1],
      ['Throttled', 2],
      ['Throttled', 3],
      ['ok', 4],
    ]);
    expect(accounts.rateLimiterStates().find(({ key }) => key.endsWith('/ssm'))?.rate).toBeLessThan(
      defaultRateLimits.ssm.initial * 0.5,
    );
  });

  it('that reads is repeated after a broken connection', async () => {
    const { producer } = await start({}, [failing('GetRole', 1, () => new ConnectionCut())]);
    expect((await producer.iam.role(pivotRoleName))?.name).toBe(pivotRoleName);
  });

  it('that writes is never repeated when it may have happened', async () => {
    const { producer, aws } = await start({}, [failing('PutParameter', 1, () => new ConnectionCut(), 'after')]);
    const fault = await faultOf(producer.ssm.putParameter('/a', '1'), 'Timeout');
    expect(fault).toMatchObject({ outcomeUnknown: true, retryable: true });
    expect(aws.world.log.filter(({ operation }) => operation === 'PutParameter')).toHaveLength(1);
    expect((await producer.ssm.parameter('/a'))?.value).toBe('1');
  });

  it('that conflicts is repeated, four times at most', async () => {
    const conflict = () => new AwsError('ConcurrentModificationException', 'busy', { status: 400 });
    const { producer } = await start({ random: () => 0 }, [
      failing('PutParameter', 2, conflict),
      failing('DeleteParameter', 9, conflict),
    ]);
    await producer.ssm.putParameter('/a', '1');
    await faultOf(producer.ssm.deleteParameter('/a'), 'Conflict');
    expect(world.aws.world.log.filter(({ operation }) => operation === 'DeleteParameter')).toHaveLength(4);
  });

  it('does not pay for the throttled session under it, nor repeat its attempts', async () => {
    const throttled = () => new AwsError('Throttling', 'Rate exceeded', { status: 400 });
    const { producer, accounts } = await start({ rateLimits: { sts: rateLimit(10_000) } }, [
      failing('AssumeRole', 99, throttled),
    ]);
    expect((await faultOf(producer.iam.role(pivotRoleName), 'Throttled')).operation).toBe('AssumeRole');
    expect(seen(accounts.hub().account)).toHaveLength(10);
    // What throttles lowers it; else it grows with time.
    expect(accounts.rateLimiterStates().find(({ key }) => key.endsWith('/iam'))?.rate).toBeGreaterThanOrEqual(
      defaultRateLimits.iam.initial,
    );
  });

  it('makes a new session when AWS calls the old one expired, once', async () => {
    const { producer, accounts } = await start({}, [
      failing('GetRole', 1, () => new AwsError('ExpiredTokenException', 'expired', { status: 400 })),
    ]);
    expect((await producer.iam.role(pivotRoleName))?.name).toBe(pivotRoleName);
    expect(seen(accounts.hub().account)).toEqual(['AssumeRole', 'AssumeRole']);
  });

  it('ends with its work, also when it waits for an answer', async () => {
    const never: Interceptor = {
      around: (call, input, next) => (call.operation === 'GetRole' ? new Promise(() => {}) : next(input)),
    };
    const { producer, accounts } = await start({}, [never]);
    await producer.sts.identity();
    const abort = new AbortController();
    const asked = withCallContext({ item: 'a', reconcileId: '1', signal: abort.signal }, () =>
      producer.iam.role(pivotRoleName),
    );
    setImmediate(() => abort.abort());
    await faultOf(asked, 'Cancelled');
    expect(accounts.rateLimiterStates().every(({ inFlight }) => inFlight === 0)).toBe(true);
  });

  it('waits half a minute for an answer and no longer', async () => {
    const never: Interceptor = {
      around: (call, input, next) => (call.operation === 'GetRole' ? new Promise(() => {}) : next(input)),
    };
    const clock = new ManualClock(Date.now());
    const { producer, accounts } = await start({ clock, random: () => 0 }, [never]);
    await producer.sts.identity();
    const asked = producer.iam.role(pivotRoleName);
    const outcome = faultOf(asked, 'Timeout');
    for (let second = 0; second < 70; second += 1) await clock.advance(1000);
    expect(await outcome).toMatchObject({ outcomeUnknown: false, reason: 'no answer in 30000 ms' });
    expect(accounts.rateLimiterStates().every(({ inFlight }) => inFlight === 0)).toBe(true);
  });

  it('without an answer for eight seconds is told once, and one with an answer never', async () => {
    const never: Interceptor = {
      around: (call, input, next) => (call.operation === 'GetRole' ? new Promise(() => {}) : next(input)),
    };
    const clock = new ManualClock(Date.now());
    const { producer } = await start({ clock, random: () => 0 }, [never]);
    const slow: string[] = [];
    const work = { item: 'a', reconcileId: '1', onSlow: ({ operation }: AwsCall) => slow.push(operation) };
    await withCallContext(work, () => producer.sts.identity());
    const outcome = faultOf(
      withCallContext(work, () => producer.iam.role(pivotRoleName)),
      'Timeout',
    );
    for (let second = 0; second < 7; second += 1) await clock.advance(1000);
    expect(slow).toEqual([]);
    for (let second = 7; second < 29; second += 1) await clock.advance(1000);
    expect(slow).toEqual(['GetRole']);
    for (let second = 29; second < 70; second += 1) await clock.advance(1000);
    await outcome;
  });

  it('of a throttled account does not hold up another', async () => {
    const throttled: Interceptor = {
      around: (call, input, next) => {
        if (call.account === world.producer.account)
          throw new AwsError('ThrottlingException', 'Rate exceeded', { status: 400 });
        return next(input);
      },
    };
    const interceptors: Interceptor[] = [];
    const { producer, consumer, accounts } = await start({}, interceptors);
    await producer.sts.identity();
    interceptors.push(throttled);
    const abort = new AbortController();
    const stuck = Array.from({ length: 50 }, () =>
      withCallContext({ item: 'a', reconcileId: '1', signal: abort.signal }, () =>
        producer.iam.role(pivotRoleName),
      ).catch(() => {}),
    );
    const waited: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      await consumer.iam.role(pivotRoleName);
      waited.push(
        accounts.rateLimiterStates().find(({ key }) => key === `${consumer.account}/global/iam`)?.queued ?? -1,
      );
    }
    expect(waited).toEqual([0, 0, 0, 0, 0]);
    expect(accounts.rateLimiterStates().find(({ key }) => key === `${consumer.account}/global/iam`)?.rate).toBe(
      defaultRateLimits.iam.initial,
    );
    abort.abort();
    await Promise.all(stuck);
  });
});

describe('over HTTP', () => {
  it('reaches the endpoint', async () => {
    world = await startAccounts({}, {});
    expect((await world.producer.sts.identity()).account).toBe(world.producer.account);
  });

  it('calls a dead endpoint unavailable, and knows that nothing was written', async () => {
    world = await startAccounts({ endpoint: 'http://127.0.0.1:9', random: () => 0 }, {});
    expect(await faultOf(world.producer.ssm.putParameter('/a', '1'), 'Unavailable')).toMatchObject({
      outcomeUnknown: false,
      code: 'ECONNREFUSED',
    });
  });
});
