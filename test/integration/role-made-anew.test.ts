// A role that is made anew under the name of one that was given access: what it reads at once, and what it never reads.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { NO_ACCESS, probeAccess, type Access } from '../support/access-probe.ts';
import { EVERYTHING } from '../support/one-share.ts';
import { SharingWorld } from '../support/sharing-world.ts';

const ROLE = 'analysts';

let world: SharingWorld;
beforeAll(async () => {
  world = await SharingWorld.open();
});
afterAll(async () => await world.close());
beforeEach(async () => {
  await world.reset();
  world.start();
  await world.request('one', ROLE);
  await world.approve('one', ROLE);
  await settled(EVERYTHING);
});

const access = async (): Promise<Access> => (await probeAccess(world.aws, world.admin))[ROLE];
const settled = async (wanted: Access): Promise<void> =>
  await world.until(async () => expect(await access()).toEqual(wanted));

/** As only an administrator of its account can: with every right there that reading takes. */
const createWithRightsOfItsOwn = async (): Promise<void> => {
  await world.admin.createRole(ROLE);
  await world.admin.call('consumer', 'iam', 'PutRolePolicy', {
    RoleName: ROLE,
    PolicyName: 'all',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:*', 'glue:*', 'lakeformation:*', 'kms:*'], Resource: '*' }],
    }),
  });
};

const grantsForTheName = async (): Promise<readonly unknown[]> => {
  const { PrincipalResourcePermissions = [] } = await world.admin.call<{ PrincipalResourcePermissions?: unknown[] }>(
    'producer',
    'lakeformation',
    'ListPermissions',
    { Principal: { DataLakePrincipalIdentifier: world.admin.roleArn(ROLE) } },
  );
  return PrincipalResourcePermissions;
};

it('reads nothing from the first moment on, before anybody has looked: its share policies are not attached to it', async () => {
  world.operator?.kill();
  await world.admin.deleteRole(ROLE);
  await world.admin.createRole(ROLE);
  expect(await access()).toEqual(NO_ACCESS);
  expect(await grantsForTheName()).not.toEqual([]);
});

it('with rights that its own account gives it reads tables, for which Lake Formation keeps grants by name, until it is looked at; folders and buckets never', async () => {
  world.operator?.kill();
  await world.admin.deleteRole(ROLE);
  await createWithRightsOfItsOwn();
  expect(await access()).toEqual({ ...NO_ACCESS, tables: EVERYTHING.tables });
  world.start();
  await settled(NO_ACCESS);
  expect(await grantsForTheName()).toEqual([]);
});

it.each(['went on', 'was begun anew when the role was gone'])(
  'reads nothing, whatever its account gives it, once an operator that %s has seen that the role before it was gone',
  async (how) => {
    if (how !== 'went on') world.operator?.kill();
    await world.admin.deleteRole(ROLE);
    if (how !== 'went on') world.start();
    world.verifyAll();
    await world.until(async () => expect(await grantsForTheName()).toEqual([]));
    world.operator?.kill();
    await createWithRightsOfItsOwn();
    expect(await access()).toEqual(NO_ACCESS);
  },
);
