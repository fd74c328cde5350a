import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition, isTrue } from '../../operator/kernel/conditions.ts';
import { leaseKind } from '../../operator/kernel/leader-election.ts';
import { namespaceKind } from '../../operator/controllers/namespace.ts';
import { environmentKind, type Environment } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { openEnvironmentScene, REGION, type EnvironmentScene } from './environment-scene.ts';

let scene: EnvironmentScene;

beforeAll(async () => {
  scene = await openEnvironmentScene();
  await scene.apply(
    organizationKind,
    { name: 'acme' },
    {
      label: 'ACME',
      owner: 'platform',
      teams: [
        { group: 'Sales Engineers', permissions: ['LINK_ENVIRONMENT'] },
        { group: 'Sales Analysts', permissions: [] },
      ],
    },
  );
}, 120_000);
afterAll(() => scene[Symbol.asyncDispose]());

const reasonOf = ({ status }: Environment): string | undefined => findCondition(status.conditions, 'Ready')?.reason;
const isReady = ({ status }: { status: Environment['status'] }): boolean => isTrue(status.conditions, 'Ready');

const managed = (account: string, more: object = {}): object => ({
  organization: 'acme',
  label: 'Sales',
  owner: 'Sales Engineers',
  account: { id: scene.accountId(account), region: REGION },
  pivotRole: { mode: 'Managed' },
  ...more,
});

/** What the printed command does. */
const consent = async (account: string, { status }: Environment): Promise<void> => {
  const [, value = ''] = /put-parameter .*--value (\w+)/.exec(status.linkCommand ?? '') ?? [];
  expect(value).toBe(status.externalId);
  await scene.administer(account, 'ssm', 'PutParameter', {
    Name: '/dataall/dataall/consent',
    Value: value,
    Type: 'String',
    Overwrite: true,
  });
};

describe('an environment', () => {
  it('is linked once its account consents, and leaves the account as it was', async () => {
    const name = { name: 'sales' };
    await scene.apply(environmentKind, name, managed('producer', { deletionPolicy: 'Delete' }));
    const unlinked = await scene.until(environmentKind, name, (found) => reasonOf(found) === 'ConsentMissing');
    expect(unlinked.status.stack).toBeUndefined();
    expect((await scene.api.get(namespaceKind, name)).metadata).toMatchObject({
      labels: { 'dataall.io/environment': 'sales' },
      annotations: { 'dataall.io/account': scene.accountId('producer') },
    });
    await consent('producer', unlinked);
    const ready = await scene.until(environmentKind, name, isReady);
    expect(ready.status).toMatchObject({
      pivotRole: { arn: `arn:aws:iam::${scene.accountId('producer')}:role/dataallPivotRole-cdk` },
      stack: { status: 'CREATE_COMPLETE' },
      namespace: { origin: 'Created' },
      inUse: 0,
    });
    const settings = await scene.administer<{
      DataLakeSettings: { DataLakeAdmins: { DataLakePrincipalIdentifier: string }[] };
    }>('producer', 'lakeformation', 'GetDataLakeSettings', {});
    expect(settings.DataLakeSettings.DataLakeAdmins).toContainEqual({
      DataLakePrincipalIdentifier: ready.status.pivotRole?.arn,
    });

    // A second one for the same account and region.
    await scene.apply(environmentKind, { name: 'again' }, managed('producer'));
    const refused = await scene.until(
      environmentKind,
      { name: 'again' },
      (found) => reasonOf(found) === 'AccountTaken',
    );
    expect(findCondition(refused.status.conditions, 'AccountClaimed')?.message).toContain('Environment sales');

    await scene.apply(environmentKind, { name: 'again' }, managed('producer', { suspend: true }));
    await scene.until(environmentKind, { name: 'again' }, (found) => reasonOf(found) === 'Suspended');

    // A team in it, with its own role.
    await scene.apply(
      teamKind,
      { namespace: 'sales', name: 'analysts' },
      {
        group: 'Sales Analysts',
        permissions: ['RUN_ATHENA_QUERY'],
      },
    );
    const team = await scene.until(teamKind, { namespace: 'sales', name: 'analysts' }, ({ status }) =>
      isTrue(status.conditions, 'Ready'),
    );
    expect(team.status.roleArn).toMatch(/role\/dataall-sales-analysts-/);
    expect(team.status.roleId).toMatch(/^AROA/);
    await scene.until(environmentKind, name, ({ status }) => status.inUse === 1);
    await expect(scene.api.delete(environmentKind, name)).rejects.toThrow(/analysts/);

    await scene.api.delete(teamKind, { namespace: 'sales', name: 'analysts' });
    await scene.gone(teamKind, { namespace: 'sales', name: 'analysts' });
    await scene.until(environmentKind, name, ({ status }) => status.inUse === 0);
    await scene.api.delete(environmentKind, name);
    await scene.gone(environmentKind, name);
    await scene.gone(namespaceKind, name);
    const left = await scene.administer<{ DataLakeSettings: { DataLakeAdmins?: unknown[] } }>(
      'producer',
      'lakeformation',
      'GetDataLakeSettings',
      {},
    );
    expect(left.DataLakeSettings.DataLakeAdmins ?? []).toEqual([]);
    await expect(
      scene.administer('producer', 'iam', 'GetRole', { RoleName: 'dataallPivotRole-cdk' }),
    ).rejects.toMatchObject({ code: 'NoSuchEntityException' });
    // Whoever waited has the account now.
    await scene.apply(environmentKind, { name: 'again' }, managed('producer', { suspend: false }));
    await scene.until(environmentKind, { name: 'again' }, isReady);
    const lease = await scene.api.get(leaseKind, {
      namespace: 'dataall-system',
      name: `${scene.accountId('producer')}-${REGION}`,
    });
    expect(lease.spec?.holderIdentity).toMatch(/^again\//);
  });
});
