import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { getIfPresent } from '../../operator/kernel/client/kube-api.ts';
import { findCondition, isTrue } from '../../operator/kernel/conditions.ts';
import { eventKind } from '../../operator/kernel/runtime/event-recorder.ts';
import { leaseKind } from '../../operator/kernel/lease.ts';
import { namespaceKind } from '../../operator/kernel/namespace-kind.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { environmentKind, type Environment } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { openEnvironmentScene, type EnvironmentScene } from '../support/environment-scene.ts';
import { REGION } from '../support/operator-in-process.ts';

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
const trustedOf = ({ status }: Environment): object => {
  const { reason, message } = findCondition(status.conditions, 'Trusted') ?? {};
  return { reason, message };
};
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
    // Anybody may make an organization and an environment for any account: without the account's consent it keeps nobody out.
    const squat = { name: 'squat' };
    await scene.apply(organizationKind, { name: 'strangers' }, { label: 'Strangers', owner: 'strangers' });
    await scene.apply(environmentKind, squat, managed('producer', { organization: 'strangers', owner: 'strangers' }));
    const squatting = await scene.until(environmentKind, squat, (found) => reasonOf(found) === 'ConsentMissing');
    expect(findCondition(squatting.status.conditions, 'AccountClaimed')?.status).toBe('False');
    expect(squatting.status.accountClaim).toBeUndefined();
    expect(await getIfPresent(scene.api, namespaceKind, squat)).toBeUndefined();
    await scene.apply(environmentKind, name, managed('producer', { deletionPolicy: 'Delete' }));
    const unlinked = await scene.until(environmentKind, name, (found) => reasonOf(found) === 'ConsentMissing');
    expect(unlinked.status.stack).toBeUndefined();

    // The consent is to this owner: another group of the organization, faster than its environment, gets nothing of it.
    await scene.apply(environmentKind, name, managed('producer', { deletionPolicy: 'Delete', suspend: true }));
    await scene.until(environmentKind, name, (found) => reasonOf(found) === 'Suspended');
    await consent('producer', unlinked);
    const rival = { name: 'rival' };
    await scene.apply(environmentKind, rival, managed('producer', { owner: 'Sales Analysts' }));
    await scene.until(environmentKind, rival, (found) => reasonOf(found) === 'ConsentMissing');
    await scene.end(environmentKind, rival);

    await scene.apply(environmentKind, name, managed('producer', { deletionPolicy: 'Delete', suspend: false }));
    const ready = await scene.until(environmentKind, name, isReady);
    expect((await scene.api.get(namespaceKind, name)).metadata).toMatchObject({
      labels: { 'dataall.io/environment': 'sales' },
      annotations: { 'dataall.io/account': scene.accountId('producer') },
    });
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

    // Who has not the account's consent does not learn either that somebody has it, let alone who.
    await scene.requestReconcile(environmentKind, squat);
    const asked = (await scene.api.get(environmentKind, squat)).metadata.annotations?.[annotations.requestedAt];
    const told = await scene.until(environmentKind, squat, ({ status }) => status.lastHandledAt === asked);
    expect(reasonOf(told)).toBe('ConsentMissing');
    expect(told.status.accountClaim).toBeUndefined();
    expect(JSON.stringify(told.status.conditions)).not.toMatch(/sales|AccountShared/);
    // Word for word what it said before the account had consented to anybody.
    expect(trustedOf(told)).toEqual(trustedOf(squatting));
    await scene.end(environmentKind, squat);

    // A second one for the same account and region.
    await scene.apply(environmentKind, { name: 'again' }, managed('producer'));
    const refused = await scene.until(
      environmentKind,
      { name: 'again' },
      (found) => reasonOf(found) === 'AccountTaken',
    );
    expect(findCondition(refused.status.conditions, 'AccountClaimed')?.message).toContain('Environment sales');

    expect(findCondition(refused.status.conditions, 'Trusted')).toMatchObject({ status: 'True', reason: 'Succeeded' });
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

    await scene.end(teamKind, { namespace: 'sales', name: 'analysts' });
    await scene.until(environmentKind, name, ({ status }) => status.inUse === 0);
    await scene.end(environmentKind, name);
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

  it('says what is missing before it can begin', async () => {
    await scene.apply(environmentKind, { name: 'bare' }, managed('hub'));
    const bare = await scene.until(environmentKind, { name: 'bare' }, (found) => reasonOf(found) === 'NotBootstrapped');
    expect(findCondition(bare.status.conditions, 'Trusted')?.message).toContain('npx aws-cdk@2 bootstrap --trust');

    await scene.apply(environmentKind, { name: 'stranger' }, managed('consumer', { owner: 'Nobody Invited' }));
    await scene.until(environmentKind, { name: 'stranger' }, (found) => reasonOf(found) === 'NotInvited');

    await scene.api.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'theirs' } });
    await scene.apply(environmentKind, { name: 'theirs' }, managed('consumer'));
    await scene.until(environmentKind, { name: 'theirs' }, (found) => reasonOf(found) === 'NamespaceNotOurs');
    const labels = { 'dataall.io/environment': 'theirs' };
    await scene.api.patch(namespaceKind, { name: 'theirs' }, { type: 'merge', body: { metadata: { labels } } });
    await scene.requestReconcile(environmentKind, { name: 'theirs' });
    await scene.until(environmentKind, { name: 'theirs' }, (found) => reasonOf(found) === 'ConsentMissing');

    for (const name of ['bare', 'stranger', 'theirs']) {
      await scene.end(environmentKind, { name });
    }
    const left = await scene.api.get(namespaceKind, { name: 'theirs' });
    expect(left.metadata.deletionTimestamp).toBeUndefined();
    expect(left.metadata.annotations?.['dataall.io/account']).toBeUndefined();
  });

  it('explains a stack that failed, and is found again by its id, whatever it is called by then', async () => {
    const name = { name: 'marketing' };
    const spec = (more: object = {}): object =>
      managed('consumer', {
        label: 'Marketing',
        id: 'fixed001',
        pivotRole: { mode: 'Existing', name: 'theirPivotRole' },
        ...more,
      });
    await scene.apply(environmentKind, name, spec());
    const unlinked = await scene.until(environmentKind, name, (found) => reasonOf(found) === 'PivotRoleUnreachable');
    // The account is bootstrapped for the hub, which serves others too: nothing is made before it lets this organization in.
    expect(unlinked.status.stack).toBeUndefined();

    // The name of its bucket is taken by somebody else.
    const bucket = { Bucket: 'dataall-marketing-fixed001', CreateBucketConfiguration: { LocationConstraint: REGION } };
    await scene.administer('hub', 's3', 'CreateBucket', bucket);
    await scene.administer('consumer', 'cloudformation', 'CreateStack', {
      StackName: 'dataall-pivot-role',
      TemplateBody: await scene.pivotRoleTemplate(),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: [...(unlinked.status.linkCommand ?? '').matchAll(/(\w+)=(\S+)/g)].map(
        ([, ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
      ),
    });
    const failed = await scene.until(environmentKind, name, (found) => reasonOf(found) === 'StackFailed');
    expect(findCondition(failed.status.conditions, 'Stalled')?.message).toMatch(
      /^EnvironmentBucket \(AWS::S3::Bucket\): /,
    );
    await scene.administer('hub', 's3', 'DeleteBucket', { Bucket: bucket.Bucket });
    await scene.requestReconcile(environmentKind, name);
    const ready = await scene.until(environmentKind, name, isReady);
    expect(ready.status.pivotRole).toMatchObject({
      arn: `arn:aws:iam::${scene.accountId('consumer')}:role/theirPivotRole`,
    });

    // Its owner may bring roles for teams, but none that administers the account.
    const roleArn = `arn:aws:iam::${scene.accountId('consumer')}:role/theirPivotRole`;
    const brought = { namespace: 'marketing', name: 'brought' };
    await scene.apply(teamKind, brought, { group: 'Sales Analysts', permissions: [], roleArn });
    await scene.until(
      teamKind,
      brought,
      ({ status }) => findCondition(status.conditions, 'Ready')?.reason === 'PrincipalForbidden',
    );
    await scene.end(teamKind, brought);

    // Deleted, and restored under another label: Retain left the stack, and the id finds it.
    await scene.end(environmentKind, name);
    await scene.gone(namespaceKind, name);
    await scene.apply(environmentKind, name, spec({ label: 'Renamed' }));
    const restored = await scene.until(environmentKind, name, isReady);
    expect(restored.status.stack?.arn).toBe(ready.status.stack?.arn);
    expect(restored.status).toMatchObject({
      externalId: ready.status.externalId,
      buckets: ready.status.buckets,
      workgroup: ready.status.workgroup,
      defaultRole: ready.status.defaultRole,
    });
  });

  it('changes to a pivot role that the stack makes, and never loses sight of the account', async () => {
    const name = { name: 'marketing' };
    const { status } = await scene.until(environmentKind, name, isReady);
    await scene.administer('consumer', 'ssm', 'PutParameter', {
      Name: '/dataall/dataall/consent',
      Value: status.externalId,
      Type: 'String',
    });
    const spec = { label: 'Renamed', id: 'fixed001' };
    await scene.apply(environmentKind, name, managed('consumer', spec));
    const changed = await scene.until(
      environmentKind,
      name,
      (found) => isReady(found) && found.status.pivotRole?.arn.endsWith('-cdk') === true,
    );
    expect(changed.status.stack?.arn).toBe(status.stack?.arn);
  });

  it('leaves the cluster when its account is closed, once a platform administrator gives up on it', async () => {
    const name = { name: 'marketing' };
    await scene.administer('consumer', 'iam', 'UpdateAssumeRolePolicy', {
      RoleName: 'dataallPivotRole-cdk',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
      }),
    });
    // Who asks is told how it is, although a session from before would do for an hour.
    await scene.requestReconcile(environmentKind, name);
    await scene.until(environmentKind, name, ({ status }) => !isTrue(status.conditions, 'Trusted'));
    await scene.api.delete(environmentKind, name);
    const stuck = await scene.until(environmentKind, name, (found) =>
      (findCondition(found.status.conditions, 'Ready')?.message ?? '').includes('dataall.io/abandon='),
    );
    const abandon = { metadata: { annotations: { 'dataall.io/abandon': stuck.metadata.uid } } };
    await scene.api.patch(environmentKind, name, { type: 'merge', body: abandon });
    await scene.gone(environmentKind, name);
    const events = await scene.api.list(eventKind, { namespace: 'default' });
    expect(events.items.map(({ note }) => note)).toContainEqual(
      expect.stringMatching(
        /^left behind in account 333333333333: stack dataall-marketing-fixed001, data lake administrator /,
      ),
    );
  });

  it('takes its buckets along when data may go', async () => {
    const name = { name: 'again' };
    const { status } = await scene.until(environmentKind, name, isReady);
    const Bucket = status.buckets?.environment;
    await scene.administer('producer', 's3', 'PutObject', { Bucket, Key: 'athenaqueries/x/result.csv', Body: '1' });
    await scene.apply(environmentKind, name, managed('producer', { deletionPolicy: 'DeleteWithData', suspend: false }));
    await scene.end(environmentKind, name);
    await expect(scene.administer('producer', 's3', 'ListObjectsV2', { Bucket })).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
  });

  it('ends although its stack went, and the pivot role with it, without the status telling', async () => {
    const name = { name: 'killed' };
    await scene.apply(environmentKind, name, managed('producer', { deletionPolicy: 'Delete' }));
    const { status } = await scene.until(environmentKind, name, isReady);
    // As an operator leaves it that is killed right after it asked for the deletion.
    await scene.administer('producer', 'cloudformation', 'DeleteStack', { StackName: status.stack?.name });
    await vi.waitFor(async () => {
      const gone = scene.administer('producer', 'iam', 'GetRole', { RoleName: 'dataallPivotRole-cdk' });
      await expect(gone).rejects.toMatchObject({ code: 'NoSuchEntityException' });
    }, 30_000);
    scene.forgetSessions(status.pivotRole?.arn ?? '');
    await scene.end(environmentKind, name);
  });
});
