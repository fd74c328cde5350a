// Roles that AWS does not know yet, a moment after they were made: access comes soon all the same, and to nobody else.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS, probeAccess, type Access } from '../support/access-probe.ts';
import { EVERYTHING, readyOf } from '../support/one-share.ts';
import type { RoleName } from '../support/sharing-data.ts';
import { SharingWorld } from '../support/sharing-world.ts';

/** AWS's clock does not come that far by itself: a role is known when the test says so. */
const SPREAD_MS = 10 * 60_000;
/** Of the operator's time: no longer than the wait it has come to. The look that comes by itself is after half an hour or more. */
const SOON_MS = 10 * 60_000;

let world: SharingWorld;
beforeAll(async () => {
  world = await SharingWorld.open({}, SPREAD_MS);
});
afterAll(async () => await world.close());
beforeEach(async () => await world.reset());

const settled = async (role: RoleName, access: Access): Promise<void> => {
  await world.until(async () => expect((await probeAccess(world.aws, world.admin))[role]).toEqual(access));
};
const readyOfShare = async (role: RoleName) =>
  readyOf((await world.api.get(shareRequestKind, world.requestName('one', role))).status);
const makeAnew = async (role: RoleName): Promise<void> => {
  await world.admin.deleteRole(role);
  await world.admin.createRole(role);
};

/** Shares at once with a role that is new, and waits until AWS has refused it more than once. */
const shareWithNew = async (role: RoleName): Promise<void> => {
  await makeAnew(role);
  world.start();
  await world.request('one', role);
  await world.approve('one', role);
  const refusals = () => world.aws.world.log.filter(({ errorCode }) => errorCode === 'MalformedPolicy');
  await world.until(() => expect(refusals().length).toBeGreaterThan(4), true);
};
const soon = async (check: () => Promise<void>): Promise<void> => {
  const since = world.clock.now();
  await world.until(check);
  expect(world.clock.now() - since).toBeLessThan(SOON_MS);
};

it.each(['analysts', 'inhouse'] as const)('%s, who are new, read soon what was approved', async (role) => {
  await shareWithNew(role);
  world.aws.world.clock.advance(SPREAD_MS);
  await soon(async () => expect(await readyOfShare(role)).toMatchObject({ status: 'True' }));
  await settled(role, EVERYTHING);
  expect(await world.writesOfAnotherLook()).toEqual([]);
});

it.each([
  // An access point that was made for it is not found by S3 before it is spread either, and cannot be deleted so long.
  ['not known yet either', 0, /^(Revoking|ApprovalStale)$/],
  ['known at once', SPREAD_MS, /^ApprovalStale$/],
])(
  'a role made anew while AWS does not know the one that was approved is not let in: %s',
  async (_what, ms, reason) => {
    await shareWithNew('analysts');
    await makeAnew('analysts');
    world.aws.world.clock.advance(ms);
    await soon(async () =>
      expect(await readyOfShare('analysts')).toMatchObject({ status: 'False', reason: expect.stringMatching(reason) }),
    );
    world.aws.world.clock.advance(SPREAD_MS);
    await soon(async () => expect(await readyOfShare('analysts')).toMatchObject({ reason: 'ApprovalStale' }));
    await settled('analysts', NO_ACCESS);
  },
);
