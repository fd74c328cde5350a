// Roles that were deleted stand by their unique ids in policies of others, and AWS takes no policy that names one: what we give and take goes on.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import type { SharingWorld } from '../support/sharing-world.ts';
import {
  addStatement,
  readSharedPolicy,
  removeStatement,
  setOwnPolicy,
  type SharedPolicy,
} from '../support/statements-of-others.ts';

const stage = oneShare();
const { reads, settled, share, statusOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const bucket: SharedPolicy = { bucket: BUCKET };
const places = (): readonly SharedPolicy[] => [bucket, { key: world.keyArn }];
/** What a statement does, apart from whom it speaks of. */
const content = (at: SharedPolicy) =>
  'bucket' in at
    ? { Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${BUCKET}/*` }
    : { Action: 'kms:ScheduleKeyDeletion', Resource: '*' };
const ownRights = { Effect: 'Allow', Action: ['s3:GetObject', 'kms:Decrypt'], Resource: '*' };

/** Of the role that will be gone, alone or among others. */
const speakers = (): readonly (readonly [string, object])[] => {
  const [gone, here] = [world.admin.roleArn('robots'), world.admin.roleArn('inhouse')];
  return [
    ['Deny of one', { Effect: 'Deny', Principal: { AWS: gone } }],
    ['Deny of several', { Effect: 'Deny', Principal: { AWS: [gone, here] } }],
    [
      'Deny of all but some',
      { Effect: 'Deny', NotPrincipal: { AWS: [gone, here, `arn:aws:iam::${world.admin.id('producer')}:root`] } },
    ],
    ['Allow of one', { Effect: 'Allow', Principal: { AWS: gone } }],
    ['Allow of several', { Effect: 'Allow', Principal: { AWS: [gone, here] } }],
  ];
};

describe('a role that was deleted, in a statement of others', () => {
  beforeEach(async () => {
    await setOwnPolicy(world.admin, 'analysts', [ownRights]);
  });

  it('does not keep access from ending for a reader with rights of its own, nor from being given again', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    for (const at of places())
      for (const [name, who] of speakers())
        await addStatement(world.admin, at, { Sid: name.replaceAll(' ', ''), ...who, ...content(at) });
    const untouched = {
      Sid: 'Untouched',
      Effect: 'Deny',
      Principal: { AWS: world.admin.roleArn('inhouse') },
      Action: 's3:DeleteObject',
      Resource: [`arn:aws:s3:::${BUCKET}/b`, `arn:aws:s3:::${BUCKET}/a`],
    };
    await addStatement(world.admin, bucket, untouched);
    await world.admin.deleteRole('robots');
    expect(JSON.stringify(await readSharedPolicy(world.admin, bucket))).toContain('AROA');
    await world.edit(shareApprovalKind, world.approvalName('one', 'analysts'), { decision: 'Rejected' });
    await settled('analysts', NO_ACCESS);
    for (const at of places()) {
      const sids = (await readSharedPolicy(world.admin, at))?.Statement.map(({ Sid }) => Sid);
      expect(sids).toEqual(expect.arrayContaining(['Denyofseveral', 'Denyofallbutsome', 'Allowofseveral']));
      expect(sids).not.toContain('Denyofone');
    }
    expect((await readSharedPolicy(world.admin, bucket))?.Statement).toContainEqual(untouched);
    await world.edit(shareApprovalKind, world.approvalName('one', 'analysts'), { decision: 'Approved' });
    await settled('analysts', EVERYTHING);
  });

  it('is named with its statement where the statement would mean something else without it', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.admin.call('producer', 's3', 'DeletePublicAccessBlock', { Bucket: BUCKET });
    const hole = { Sid: 'AllButOne', Effect: 'Allow', NotPrincipal: { AWS: world.admin.roleArn('robots') } };
    await addStatement(world.admin, bucket, { ...hole, ...content(bucket) });
    await world.admin.deleteRole('robots');
    await world.edit(shareApprovalKind, world.approvalName('one', 'analysts'), { decision: 'Rejected' });
    await world.until(async () => {
      const { message } = readyOf(await statusOf('one', 'analysts')) ?? {};
      expect(message).toMatch(/bucket orders-data.*AllButOne.*AROA\w+.*remove the statement/);
    }, true);
    await removeStatement(world.admin, bucket, 'AllButOne');
    await settled('analysts', NO_ACCESS);
    expect((await reads('analysts')).bucket).toBe(false);
  });
});
