// An account that refuses for good holds up what gives access, and nothing else.
import { beforeAll, describe, expect, it } from 'vitest';
import { eventKind } from '../../operator/kernel/runtime/event-recorder.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { leftovers } from '../support/leftovers.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import type { SharingWorld } from '../support/sharing-world.ts';

const stage = oneShare();
const { reads, settled, share, statusOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const LONG_MS = 5 * 60_000;

/** As an administrator of the consumer account has it, whatever its pivot role is allowed otherwise. */
const refuse = async (action: string): Promise<void> => {
  await world.admin.call('consumer', 'iam', 'PutRolePolicy', {
    RoleName: 'dataallPivotRole',
    PolicyName: 'refused',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
    }),
  });
};

const allow = async (): Promise<void> => {
  await world.admin.call('consumer', 'iam', 'DeleteRolePolicy', {
    RoleName: 'dataallPivotRole',
    PolicyName: 'refused',
  });
};

const isLater = async (ms: number): Promise<void> => {
  const end = world.clock.now() + ms;
  await world.until(() => expect(world.clock.now()).toBeGreaterThan(end), true);
};

const notRestored = async (): Promise<readonly unknown[]> =>
  (await world.api.list(eventKind)).items.filter(({ reason }) => reason === 'NotRestored').map(({ note }) => note);

const theRole = () => world.requestName('analysts', 'analysts');

describe('an account that does not let us take share policies', () => {
  it('holds the share, its approval and the role it was for, which say so, and all go when it does', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await refuse('iam:D*');
    await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
    await world.api.delete(shareApprovalKind, world.approvalName('one', 'analysts'));
    await world.api.delete(consumptionRoleKind, theRole());
    await isLater(LONG_MS);
    // What can be taken is: the data is closed where it is.
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({
      status: 'False',
      message: expect.stringMatching(/iam:De\w+/),
    });
    expect(await world.exists(shareApprovalKind, world.approvalName('one', 'analysts'))).toBe(true);
    expect(await world.exists(consumptionRoleKind, theRole())).toBe(true);
    expect(await notRestored()).toEqual([]);
    await allow();
    await world.until(async () => {
      expect(await world.exists(shareRequestKind, world.requestName('one', 'analysts'))).toBe(false);
      expect(await world.exists(shareApprovalKind, world.approvalName('one', 'analysts'))).toBe(false);
      expect(await world.exists(consumptionRoleKind, theRole())).toBe(false);
    });
    expect(await leftovers(world.admin)).toEqual([]);
    expect(await notRestored()).toEqual([]);
  });

  it('does not hold a role that nothing is shared with any more, and an Event says what is not known to be gone', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
    await world.until(async () =>
      expect(await world.exists(shareRequestKind, world.requestName('one', 'analysts'))).toBe(false),
    );
    await refuse('iam:*');
    await world.api.delete(consumptionRoleKind, theRole());
    await isLater(30_000);
    expect(await world.exists(consumptionRoleKind, theRole())).toBe(true);
    await world.until(async () => expect(await world.exists(consumptionRoleKind, theRole())).toBe(false), true);
    await world.until(async () => {
      expect(await notRestored()).toEqual([
        expect.stringMatching(/^share-policies:.*analysts stay as they are: .*iam:/),
      ]);
    }, true);
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    await allow();
  });
});
