// Settings of Lake Formation where AWS refuses all of them because of one administrator.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Snapshot } from '../../../../hack/aws/core/world.ts';
import { region, startAccounts, type SimulatedAccounts } from '../../../aws/testing/simulated-accounts.ts';
import type { LakeSettingsClaims } from '../../desired.ts';
import { reconcileDocument } from '../../reconcile-document.ts';
import { lakeSettings } from './lake-settings.ts';

let world: SimulatedAccounts;
let pristine: Snapshot;
beforeAll(async () => {
  world = await startAccounts({}, { inProcess: true });
  pristine = world.aws.world.snapshot();
});
afterAll(async () => await world.stop());
beforeEach(() => world.aws.world.restore(pristine));

const arnOf = (role: string): string => `arn:aws:iam::${world.producer.account}:role/${role}`;
const pivot = (): string => arnOf('dataallPivotRole');

const makeRole = async (RoleName: string): Promise<void> => {
  const trust = { Effect: 'Allow', Principal: { AWS: world.producer.account }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await world.administer('producer', 'iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
};
const deleteRole = async (RoleName: string): Promise<void> =>
  void (await world.administer('producer', 'iam', 'DeleteRole', { RoleName }));

/** What `steward` and `auditor` leave behind, beside an administrator who is still there. */
const withDeletedAdministrators = async (...others: readonly string[]): Promise<void> => {
  for (const role of ['steward', 'auditor', 'keeper']) await makeRole(role);
  const settings = await world.producer.lakeFormation.settings();
  await world.producer.lakeFormation.putSettings({
    ...settings,
    administrators: [...settings.administrators, arnOf('keeper'), arnOf('steward'), ...others],
    others: { ...settings.others, ReadOnlyAdmins: [{ DataLakePrincipalIdentifier: arnOf('auditor') }] },
  });
  for (const role of ['steward', 'auditor']) await deleteRole(role);
};

const reconcile = async (claims: Partial<LakeSettingsClaims>) => {
  const omittedPrincipals: string[] = [];
  const outcome = await reconcileDocument(
    lakeSettings,
    { aws: world.producer, now: () => 0, signal: new AbortController().signal },
    { kind: 'lake-settings', account: world.producer.account, region },
    {
      grants: [],
      administrators: [],
      formerAdministrators: [],
      crossAccountVersion: 0,
      restoreVersion: undefined,
      ...claims,
    },
    { mode: 'repair', audit: (record) => omittedPrincipals.push(...(record.omittedPrincipals ?? [])) },
  );
  return { outcome, omittedPrincipals };
};

it('an account is linked although administrators of it were deleted: they go, and the record says so', async () => {
  await withDeletedAdministrators();
  const { administrators } = await world.producer.lakeFormation.settings();
  const { outcome, omittedPrincipals } = await reconcile({ administrators: [pivot()] });
  expect(outcome).toMatchObject({ clean: true, writes: 1 });
  expect(omittedPrincipals).toEqual([arnOf('steward'), arnOf('auditor')]);
  const after = await world.producer.lakeFormation.settings();
  expect(after.administrators).toEqual([...administrators.filter((arn) => arn !== arnOf('steward')), pivot()]);
  expect(after.others.ReadOnlyAdmins).toEqual([]);
});

it('an account is unlinked although administrators of it were deleted', async () => {
  await withDeletedAdministrators(pivot());
  const { outcome } = await reconcile({ formerAdministrators: [pivot()] });
  expect(outcome).toMatchObject({ clean: true });
  const { administrators } = await world.producer.lakeFormation.settings();
  expect(administrators).toContain(arnOf('keeper'));
  expect(administrators).not.toContain(pivot());
});

it('whom we want ourselves is not left out quietly', async () => {
  await expect(reconcile({ administrators: [arnOf('nobody')] })).rejects.toMatchObject({ kind: 'UnknownPrincipal' });
});
