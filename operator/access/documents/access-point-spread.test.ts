// An access point that S3 does not find right after it was made is waited for, and opens its folder when it is found.
import { expect, it } from 'vitest';
import { EventualConsistency } from '../../../hack/aws/faults/consistency.ts';
import { region, startAccounts } from '../../aws/simulated-account.ts';
import { reconcileDocument } from '../reconcile-document.ts';
import { folder, grant, grantPrincipal } from '../sharing-cast.ts';
import { accessPoint } from './access-point.ts';

const LAG = 5_000;

it('an access point that S3 does not find yet is no fault: it waits, and opens when it is found', async () => {
  const interceptors = [new EventualConsistency({ lag: LAG, services: [] })];
  const world = await startAccounts({}, { inProcess: true, interceptors });
  try {
    await world.administer('producer', 's3', 'CreateBucket', {
      Bucket: 'orders-data',
      CreateBucketConfiguration: { LocationConstraint: region },
    });
    await world.administer('consumer', 'iam', 'CreateRole', {
      RoleName: 'analysts',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const key = { kind: 'access-point', account: world.producer.account, region, name: 'a1b2c3d4-roleanal' } as const;
    const principal = grantPrincipal('analysts', { arn: `arn:aws:iam::${world.consumer.account}:role/analysts` });
    const claims = {
      bucket: 'orders-data',
      grants: [grant(folder('raw'), { principal })],
      remediation: 'Repair',
    } as const;
    const context = {
      aws: world.producer,
      now: () => world.aws.world.clock.now(),
      signal: AbortSignal.timeout(60_000),
    };
    const verdict = async () => {
      const outcome = await reconcileDocument(accessPoint, context, key, claims, { mode: 'repair', audit: () => {} });
      return outcome === 'must take' ? outcome : [...outcome.verdicts.values()][0];
    };
    const waiting = expect.objectContaining({
      state: 'Waiting',
      reason: 'AccessPointPending',
      message: expect.stringContaining('S3 does not find access point') as unknown,
    }) as unknown;
    expect(await verdict()).toEqual(waiting);
    expect(await verdict()).toEqual(waiting);
    world.aws.world.clock.advance(LAG);
    expect(await verdict()).toEqual({ state: 'Satisfied' });
  } finally {
    await world.stop();
  }
});
