// An access point that S3 does not find right after it was made: waited for while it is wanted, and not taken for gone when it is not.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventualConsistency } from '../../../../hack/aws/faults/consistency.ts';
import { region, startAccounts, type SimulatedAccounts } from '../../../aws/testing/simulated-accounts.ts';
import type { Grant } from '../../grant.ts';
import { reconcileDocument, type DocumentOutcome } from '../../reconcile-document.ts';
import { folder, grant, grantPrincipal } from '../../testing/fixtures.ts';
import { accessPoint } from './access-point.ts';

const LAG = 5_000;
const NAME = 'a1b2c3d4-roleanal';

let world: SimulatedAccounts;
let raw: Grant;

beforeEach(async () => {
  const interceptors = [new EventualConsistency({ lag: LAG, services: [] })];
  world = await startAccounts({}, { inProcess: true, interceptors });
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
  const principal = grantPrincipal('analysts', { arn: `arn:aws:iam::${world.consumer.account}:role/analysts` });
  raw = grant(folder('raw'), { principal });
});
afterEach(async () => {
  await world.stop();
});

const run = async (grants: readonly Grant[]): Promise<DocumentOutcome> => {
  const key = { kind: 'access-point', account: world.producer.account, region, name: NAME } as const;
  const claims = { bucket: 'orders-data', grants, remediation: 'Repair' } as const;
  const context = { aws: world.producer, now: () => world.aws.world.clock.now(), signal: AbortSignal.timeout(60_000) };
  const outcome = await reconcileDocument(accessPoint, context, key, claims, { mode: 'repair', audit: () => {} });
  if (outcome === 'requiresRevocation') throw new Error('a repair takes');
  return outcome;
};
const verdict = async (grants: readonly Grant[]) => [...(await run(grants)).verdicts.values()][0];
const exists = async () => (await world.producer.s3control.accessPoints()).some(({ name }) => name === NAME);

it('an access point that S3 does not find yet is no fault: it waits, and opens when it is found', async () => {
  const waiting = expect.objectContaining({
    state: 'Waiting',
    reason: 'AccessPointPending',
    message: expect.stringContaining('S3 does not find access point') as unknown,
  }) as unknown;
  expect(await verdict([raw])).toEqual(waiting);
  expect(await verdict([raw])).toEqual(waiting);
  world.aws.world.clock.advance(LAG);
  expect(await verdict([raw])).toEqual({ state: 'Satisfied' });
});

it('an access point that S3 does not find yet is not gone: access has ended when it is deleted', async () => {
  await run([raw]);
  expect([(await run([])).clean, await exists()]).toEqual([false, true]);
  world.aws.world.clock.advance(LAG);
  expect([(await run([])).clean, await exists()]).toEqual([true, false]);
});
