import { describe, expect, it } from 'vitest';
import { NOW } from '../../access/testing/fixtures.ts';
import { AwsFault } from '../../aws/fault.ts';
import { isTrue } from '../../kernel/conditions.ts';
import { getIfPresent } from '../../kernel/client/kube-api.ts';
import { leaseKind } from '../../kernel/lease.ts';
import { done, requeueAfter } from '../../kernel/runtime/reconciler.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { accountLeaseName } from '../../resources/names.ts';
import { organizationKind } from '../../resources/organization.ts';
import { datasetKind } from '../../resources/dataset.ts';
import type { EnvironmentStackProps } from '../../stacks/stack-props.ts';
import { defineEnvironmentController } from './environment.ts';
import { lapsesAt, untilLapse } from './lapse.ts';
import { namespaceKind } from '../../kernel/namespace-kind.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';

const SALES = { name: 'sales' };
const SETTINGS = 'lake-settings:111111111111:eu-west-1';
const spec = {
  organization: 'acme',
  label: 'Sales',
  owner: 'sales',
  account: { id: '111111111111', region: 'eu-west-1' },
  pivotRole: { mode: 'Existing', name: 'pivot' },
  resourcePrefix: 'dataall',
};

const linked = async () => {
  const stage = new ControllerTestEnv(defineEnvironmentController);
  await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
  await stage.make(environmentKind, SALES, spec);
  await stage.ready(environmentKind, SALES);
  return stage;
};

it('is made again, and Ready once the settings were read again: what was read for the one before it says nothing', async () => {
  await using stage = await linked();
  await stage.remove(environmentKind, SALES);
  stage.documents.splice(0);
  await stage.make(environmentKind, SALES, spec);
  await stage.ready(environmentKind, SALES);
  expect(stage.documents).toContain(SETTINGS);
});

it('has its pivot role give up the data lake where the account brought it, though the stack is gone', async () => {
  await using stage = await linked();
  stage.platform.stacks.deployer.isDeleting = async () => Promise.resolve(true);
  stage.documents.splice(0);
  await stage.remove(environmentKind, SALES);
  expect(stage.documents).toContain(SETTINGS);
});

it('has another pivot role, and is Ready once the settings were read for that one', async () => {
  await using stage = await linked();
  stage.documents.splice(0);
  const other = { ...spec, pivotRole: { mode: 'Existing', name: 'other' } };
  await stage.api.patch(environmentKind, SALES, { type: 'merge', body: { spec: other } });
  await stage.until(environmentKind, SALES, (object) => object?.status.pivotRole?.arn.endsWith('/other') === true);
  await stage.ready(environmentKind, SALES);
  expect(stage.documents).toContain(SETTINGS);
});

it('whose account refuses the settings asks for them no faster than they come again by themselves', async () => {
  await using stage = new ControllerTestEnv(defineEnvironmentController);
  const end = stage.clock.now() + 60_000;
  stage.refused.add(SETTINGS);
  await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
  await stage.make(environmentKind, SALES, spec);
  await stage.until(environmentKind, SALES, () => stage.clock.now() > end);
  expect(stage.documents.length).toBeGreaterThan(1);
  expect(stage.documents.length).toBeLessThan(30);
  stage.refused.clear();
  await stage.ready(environmentKind, SALES);
});

it('in a region of another partition than the installation is told so, and no account is asked', async () => {
  await using stage = new ControllerTestEnv(defineEnvironmentController);
  await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
  await stage.make(environmentKind, SALES, { ...spec, account: { ...spec.account, region: 'cn-north-1' } });
  await stage.until(environmentKind, SALES, (object) => {
    const ready = object?.status.conditions?.find(({ type }) => type === 'Ready');
    return ready?.reason === 'OtherPartition' && ready.message.includes('cn-north-1 is in aws-cn');
  });
  expect(stage.documents).toEqual([]);
});

it('says that its organization, or the role that its owner brought, does not exist', async () => {
  await using stage = new ControllerTestEnv(defineEnvironmentController);
  const isToldOf = (reason: string) => (object?: Environment) =>
    object?.status.conditions?.some((condition) => condition.type === 'Ready' && condition.reason === reason) === true;
  const defaultRoleArn = 'arn:aws:iam::111111111111:role/made';
  stage.missing.add(defaultRoleArn);
  await stage.make(environmentKind, SALES, { ...spec, defaultRoleArn });
  await stage.until(environmentKind, SALES, isToldOf('OrganizationNotFound'));
  await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
  await stage.until(environmentKind, SALES, isToldOf('RoleNotFound'));
  stage.missing.clear();
  await stage.ready(environmentKind, SALES);
});

it('shows its namespace, and that another one in its account shares roles and quotas with it', async () => {
  await using stage = await linked();
  const there = { ...spec, label: 'There', account: { ...spec.account, region: 'eu-central-1' } };
  await stage.make(environmentKind, { name: 'there' }, there);
  await stage.until(environmentKind, { name: 'there' }, (object) => {
    const shown = (object?.status.conditions ?? []).map(({ type, status, reason }) => [type, status, reason].join());
    return shown.includes('NamespaceReady,True,Succeeded') && shown.includes('AccountShared,True,AccountShared');
  });
  const { conditions = [] } = (await stage.api.get(environmentKind, { name: 'there' })).status;
  expect(conditions.find(({ type }) => type === 'AccountShared')?.message).toContain('sales');
  expect(conditions.find(({ type }) => type === 'NamespaceReady')?.status).toBe('True');
});

describe('one that its account does not let in', () => {
  const MINUTES_MS = 60_000;
  const nobodys = { ...spec, organization: 'nobody' };

  it('gives its name back when its time is over, suspended or not, and says so beforehand', async () => {
    await using stage = new ControllerTestEnv(defineEnvironmentController);
    Object.assign(stage.platform.config.environments, { linkWithinDays: 10 / (24 * 60) });
    const environments = [
      { name: 'waits', suspend: false },
      { name: 'hides', suspend: true },
    ];
    // Of two owners: one of the same owner that goes has the others looked at, since there may be more now.
    for (const { name, suspend } of environments)
      await stage.make(environmentKind, { name }, { ...nobodys, owner: name, suspend });
    const isTold = (object?: Environment): boolean => object?.status.linkBy !== undefined;
    for (const { name } of environments) await stage.until(environmentKind, { name }, isTold);
    await stage.clock.advance(9 * MINUTES_MS);
    for (const { name } of environments) expect(await stage.api.get(environmentKind, { name })).toBeDefined();
    await stage.clock.advance(2 * MINUTES_MS);
    for (const { name } of environments) await stage.until(environmentKind, { name }, (object) => object === undefined);
  });

  it('claims neither the account nor a namespace, which another one may need', async () => {
    await using stage = new ControllerTestEnv(defineEnvironmentController);
    Object.assign(stage.platform.aws, { demandsExternalId: async () => Promise.resolve(false) });
    await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
    await stage.make(environmentKind, SALES, spec);
    await stage.until(
      environmentKind,
      SALES,
      (object) => object?.status.conditions?.some(({ reason }) => reason === 'ExternalIdNotDemanded') === true,
    );
    const lease = { namespace: stage.platform.config.namespace, name: accountLeaseName(spec.account) };
    expect(await getIfPresent(stage.api, leaseKind, lease)).toBeUndefined();
    expect(await getIfPresent(stage.api, namespaceKind, SALES)).toBeUndefined();
  });

  it('stays over its time while its account does not answer, which is no refusal', async () => {
    await using stage = new ControllerTestEnv(defineEnvironmentController);
    Object.assign(stage.platform.config.environments, { linkWithinDays: 10 / (24 * 60) });
    const silent = new AwsFault(
      { service: 'sts', operation: 'AssumeRole', account: spec.account.id, region: spec.account.region, write: false },
      { kind: 'Timeout', code: 'TimeoutError', reason: '', retryable: true, outcomeUnknown: false },
    );
    Object.assign(stage.platform.aws, { demandsExternalId: async () => Promise.reject(silent) });
    await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
    await stage.make(environmentKind, SALES, spec);
    // Longer than the longest pause between two tries.
    await stage.clock.advance(60 * MINUTES_MS);
    expect((await stage.api.get(environmentKind, SALES)).metadata.deletionTimestamp).toBeUndefined();
    Object.assign(stage.platform.aws, { demandsExternalId: async () => Promise.resolve(false) });
    await stage.clock.advance(60 * MINUTES_MS);
    await stage.until(environmentKind, SALES, (object) => object === undefined);
  });

  it('is looked at when its time is over, though nothing else happens to it', () => {
    const wait = (left: number) => untilLapse(done, NOW + left, NOW);
    expect(wait(5 * MINUTES_MS)).toEqual(requeueAfter(5 * MINUTES_MS));
    expect(wait(14 * 24 * 60 * MINUTES_MS)).toEqual(requeueAfter(24 * 60 * MINUTES_MS));
    expect(wait(-MINUTES_MS)).toEqual(requeueAfter(1_000));
    expect(untilLapse(done, undefined, NOW)).toBe(done);
  });

  it('stays for good once it was let in, whatever becomes of it later', async () => {
    await using stage = await linked();
    const { status } = await stage.api.get(environmentKind, SALES);
    expect(status.linkBy).toBeUndefined();
    expect(lapsesAt(await stage.api.get(environmentKind, SALES), {}, 14)).toBeUndefined();
    expect(
      lapsesAt({ ...(await stage.api.get(environmentKind, SALES)), status: {} as typeof status }, {}, 14),
    ).toBeDefined();
  });
});

describe("its owner's role", () => {
  const ORDERS = { namespace: 'sales', name: 'orders' };
  const owning = async (more: object = {}) => {
    const stage = new ControllerTestEnv(defineEnvironmentController);
    const deployed: (readonly string[])[] = [];
    const synthesize = async (_kind: string, { owner }: EnvironmentStackProps): Promise<string> => {
      deployed.push(owner.owned.buckets);
      return Promise.resolve('');
    };
    Object.assign(stage.platform.stacks.synthesizer, { synthesize });
    await stage.make(organizationKind, { name: 'acme' }, { label: 'Acme', owner: 'sales' }, { id: 'org00001' });
    await stage.make(environmentKind, SALES, { ...spec, ...more });
    await stage.make(datasetKind, ORDERS, { owner: 'sales', s3: { origin: 'Create' } });
    const body = { status: { id: 'orders00', bucket: 'orders-data' } };
    await stage.api.patch(datasetKind, ORDERS, { type: 'merge', body }, { subresource: 'status' });
    await stage.until(environmentKind, SALES, (object) => object?.status.datasets?.[0] === 'orders00');
    await stage.ready(environmentKind, SALES);
    return { stage, deployed };
  };
  const hasNothing = (object?: Environment): boolean => object?.status.datasets?.length === 0;

  it.each([
    ['is suspended', { suspend: true }],
    ['waits for its organization', { organization: 'nobody' }],
  ])('loses the rights to data that went to others while the environment %s', async (_title, change) => {
    const { stage, deployed } = await owning();
    await using _ = stage;
    await stage.api.patch(environmentKind, SALES, { type: 'merge', body: { spec: change } });
    await stage.until(environmentKind, SALES, (object) => !isTrue(object?.status.conditions, 'Ready'));
    expect(deployed.at(-1)).toEqual(['orders-data']);
    await stage.api.patch(datasetKind, ORDERS, { type: 'merge', body: { spec: { owner: 'others' } } });
    await stage.until(environmentKind, SALES, hasNothing);
    expect(deployed.at(-1)).toEqual([]);
  });

  it('has no right to data when the environment has ended with its stack retained', async () => {
    const { stage, deployed } = await owning({ deletionPolicy: 'Retain' });
    await using _ = stage;
    await stage.api.delete(environmentKind, SALES);
    await stage.until(environmentKind, SALES, (object) => !isTrue(object?.status.conditions, 'Ready'));
    await stage.api.patch(datasetKind, ORDERS, { type: 'merge', body: { metadata: { finalizers: null } } });
    await stage.api.delete(datasetKind, ORDERS);
    await stage.until(environmentKind, SALES, (object) => object === undefined);
    expect(deployed.at(-1)).toEqual([]);
  });
});
