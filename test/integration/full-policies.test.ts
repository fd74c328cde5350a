// Policies of bucket and key that an account's administrators have filled to AWS's limit with statements of their own.
import { beforeAll, describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { oneShare } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import type { Item, SharingWorld } from '../support/sharing-world.ts';
import { addStatement, readSharedPolicy, removeStatement, type SharedPolicy } from '../support/statements-of-others.ts';

const stage = oneShare();
const { reads, settled, share } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const ITEM: Item = { kind: 'Bucket', name: BUCKET };
const READS = { ...NO_ACCESS, bucket: true };
const SID = 'TheirsToTheBrim';

/** Takes away what is ours whether or not anything is shared, and fills what room there is. */
const fill = async (at: SharedPolicy, limit: number, baseline: readonly string[]): Promise<void> => {
  for (const sid of baseline) await removeStatement(world.admin, at, sid);
  const theirs = (length: number): Record<string, unknown> => ({
    Sid: SID,
    Effect: 'Deny',
    Principal: '*',
    Action: 'bucket' in at ? 's3:PutObjectLegalHold' : 'kms:TagResource',
    Resource: 'bucket' in at ? `arn:aws:s3:::${BUCKET}/*` : '*',
    Condition: { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::111111111111:role/${'x'.repeat(length)}` } },
  });
  const { Statement = [] } = (await readSharedPolicy(world.admin, at)) ?? {};
  const size = JSON.stringify({ Version: '2012-10-17', Statement: [...Statement, theirs(0)] }).length;
  await addStatement(world.admin, at, theirs(limit - size));
};

const textOf = async (at: SharedPolicy): Promise<string> => JSON.stringify(await readSharedPolicy(world.admin, at));

describe.each([
  ['bucket', (): SharedPolicy => ({ bucket: BUCKET }), 20_480, ['RequiredSecureTransport']],
  [
    'key',
    (): SharedPolicy => ({ key: world.keyArn }),
    32_768,
    ['EnableDatasetIAMRoleKeyUsage', 'KMSPivotRolePermissions'],
  ],
] as const)('a policy of the %s without room for what is ours', (_what, place, limit, baseline) => {
  it('does not keep one share from ending, nor take anything from another, and has it all once there is room', async () => {
    await share([ITEM]);
    await world.request('two', 'robots', { items: [ITEM] });
    await world.approve('two', 'robots', { items: [ITEM] });
    await settled('analysts', READS);
    await settled('robots', READS);
    world.operator?.kill();
    await fill(place(), limit, baseline);
    world.start();
    await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
    await world.until(async () => {
      expect(await world.exists(shareRequestKind, world.requestName('one', 'analysts'))).toBe(false);
      expect(await textOf(place())).not.toContain(world.admin.roleArn('analysts'));
    });
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    expect(await reads('robots')).toEqual(READS);
    expect(await world.exists(shareApprovalKind, world.approvalName('two', 'robots'))).toBe(true);
    await removeStatement(world.admin, place(), SID);
    world.verifyAll();
    await world.until(async () => {
      for (const sid of baseline) expect(await textOf(place())).toContain(sid);
    });
    expect(await reads('robots')).toEqual(READS);
  });
});
