// Bad input, attacks and faults of sharing, one by one: a clear condition, nothing lost, nothing leaked, and the right end.
import { beforeAll, describe, expect, it } from 'vitest';
import { formatDocumentKey } from '../../operator/access/document-key.ts';
import { documentController } from '../../operator/controllers/aws-document/controller-names.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { NO_ACCESS, type Access } from '../support/access-probe.ts';
import { leftovers } from '../support/leftovers.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET, EXTERNAL_ID, REGION } from '../support/sharing-data.ts';
import { DATASET, FILTERS, ITEMS, type Item, type SharingWorld } from '../support/sharing-world.ts';
import { FOREIGN_STATEMENT, tamper, tamperings } from '../support/tampering.ts';

const BUCKET_ITEM: Item = { kind: 'Bucket', name: BUCKET };

const stage = oneShare();
const { reads, settled, statusOf, share, refusedFor } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const itemOf = async (kind: Item['kind'], name: string) =>
  (await statusOf('one', 'analysts')).items?.find((item) => item.kind === kind && item.name === name);
const approvalOfOne = () => world.approvalName('one', 'analysts');
const requestOne = () => world.requestName('one', 'analysts');

describe('a request that cannot be', () => {
  it('names an unknown role', async () => {
    await world.request('one', 'analysts', { principal: { kind: 'ConsumptionRole', name: 'nobody' } });
    expect(await refusedFor('PrincipalNotFound')).toContain('nobody');
  });

  it('names a role that AWS does not have', async () => {
    await world.admin.deleteRole('analysts');
    world.verifyAll();
    await share();
    await refusedFor('PrincipalNotFound');
    const role = await world.api.get(consumptionRoleKind, { namespace: 'marketing-prod', name: 'analysts' });
    expect(role.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', reason: 'PrincipalNotFound' }),
    );
  });

  it('names a missing table, folder and bucket: those alone fail, each with what to do', async () => {
    const missing: Item[] = [
      { kind: 'Table', name: 'salaries' },
      { kind: 'Folder', name: 'attic' },
      { kind: 'Bucket', name: 'another' },
    ];
    await share([...ITEMS, ...missing]);
    await settled('analysts', EVERYTHING);
    await world.until(async () => {
      for (const { kind, name } of missing)
        expect(await itemOf(kind, name)).toMatchObject({
          state: 'Failed',
          reason: 'ItemNotFound',
          message: expect.stringMatching(/\w{3}/),
        });
    });
    expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'False', reason: 'ItemNotFound' });
  });

  it('names a filter on a column that is not there: never the whole table instead', async () => {
    await world.setFilters([{ name: 'eu', columns: ['id', 'salary'] }]);
    await share([
      { kind: 'Table', name: 'orders', filters: ['eu'] },
      { kind: 'Table', name: 'customers' },
    ]);
    await settled('analysts', { ...NO_ACCESS, tables: { customers: ['whole'] } });
    await world.until(async () =>
      expect(await itemOf('Table', 'orders')).toMatchObject({
        state: 'Failed',
        reason: 'FilterInvalid',
        message: expect.stringContaining('salary'),
      }),
    );
  });

  it('is to the own dataset', async () => {
    await world.create(teamKind, {
      metadata: { namespace: 'sales-prod', name: 'sales' },
      spec: { group: 'sales', permissions: [] },
    });
    const roleArn = `arn:aws:iam::${world.admin.id('producer')}:role/orders-dataset`;
    await world.api.patch(
      teamKind,
      { namespace: 'sales-prod', name: 'sales' },
      { type: 'merge', body: { status: { id: 'teamsale', roleArn, roleId: 'AROASALES' } } },
      { subresource: 'status' },
    );
    await world.request('one', 'inhouse', { principal: { kind: 'Team', name: 'sales' } });
    await refusedFor('OwnDataset', 'one', 'inhouse');
  });

  it('comes from another region', async () => {
    await world.create(environmentKind, {
      metadata: { name: 'far-away' },
      spec: {
        organization: 'acme',
        label: 'far',
        owner: 'marketing',
        account: { id: world.admin.id('consumer'), region: 'us-east-1' },
        resourcePrefix: 'dataall',
        remediation: 'Repair',
      },
    });
    await world.api.patch(
      environmentKind,
      { name: 'far-away' },
      {
        type: 'merge',
        body: {
          status: {
            id: 'envfaraw',
            externalId: EXTERNAL_ID,
            pivotRole: { arn: `arn:aws:iam::${world.admin.id('consumer')}:role/dataallPivotRole` },
          },
        },
      },
      { subresource: 'status' },
    );
    await world.api.delete(consumptionRoleKind, { namespace: 'marketing-prod', name: 'robots' });
    const far = { namespace: 'far-away', name: 'robots' };
    await world.until(async () =>
      expect(await world.exists(consumptionRoleKind, { ...far, namespace: 'marketing-prod' })).toBe(false),
    );
    await world.create(consumptionRoleKind, {
      metadata: far,
      spec: { label: 'r', owner: 'marketing', principalArn: world.admin.roleArn('robots'), policyManagement: 'Fully' },
    });
    await world.create(shareRequestKind, {
      metadata: { ...far, name: 'one' },
      spec: {
        datasetRef: DATASET,
        requester: 'marketing',
        principal: { kind: 'ConsumptionRole', name: 'robots' },
        permissions: ['Read'],
        items: [...ITEMS],
        draft: false,
      },
    });
    await world.until(async () => {
      const { status } = await world.api.get(shareRequestKind, { namespace: 'far-away', name: 'one' });
      expect(readyOf(status)).toMatchObject({
        status: 'False',
        reason: 'CrossRegion',
        message: expect.stringContaining(REGION),
      });
    });
    // Deleted here: what ends requests in general knows their names by role.
    await world.api.delete(shareRequestKind, { namespace: 'far-away', name: 'one' });
  });

  it('ended before it began, on either side', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.edit(shareRequestKind, requestOne(), { expiresAt: '2020-01-01T00:00:00Z' });
    await settled('analysts', NO_ACCESS);
    await refusedFor('Expired');
    await world.edit(shareRequestKind, requestOne(), { expiresAt: null });
    await settled('analysts', EVERYTHING);
    await world.edit(shareApprovalKind, approvalOfOne(), { expiresAt: '2020-01-01T00:00:00Z' });
    await settled('analysts', NO_ACCESS);
    await refusedFor('Expired');
  });

  it('ends by itself when its time has come', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.edit(shareRequestKind, requestOne(), { expiresAt: new Date(world.clock.now() + 20_000).toISOString() });
    await settled('analysts', NO_ACCESS);
    await refusedFor('Expired');
  });
});

describe('an approval', () => {
  it('of a request that was deleted is worth nothing for the next of its name', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.api.delete(shareRequestKind, requestOne());
    await world.until(async () => expect(await world.exists(shareRequestKind, requestOne())).toBe(false));
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    await world.request('one', 'analysts');
    await refusedFor('ApprovalStale');
  });

  it('of a role that was deleted is worth nothing for the next of its name', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.admin.deleteRole('analysts');
    await world.admin.createRole('analysts');
    world.verifyAll();
    await settled('analysts', NO_ACCESS);
    await refusedFor('ApprovalStale');
    // Consent to the new role is a new decision.
    await world.edit(shareApprovalKind, approvalOfOne(), { reason: 'yes, to the new one too' });
    await settled('analysts', EVERYTHING);
  });

  it('of a role that was deleted lets nobody in when its bucket policy is looked at before the role is', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.admin.deleteRole('analysts');
    await world.admin.createRole('analysts');
    const policy = world.documents().find(({ kind }) => kind === 'bucket-policy');
    if (policy === undefined) throw new Error('the share has a bucket policy');
    world.operator?.platform.enqueue(documentController, formatDocumentKey(policy));
    await settled('analysts', NO_ACCESS);
    await refusedFor('ApprovalStale');
  });

  it('of a dataset that was deleted ends with it, and is worth nothing for the next of its name', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.api.delete(datasetKind, DATASET);
    await world.until(async () => expect(await world.exists(datasetKind, DATASET)).toBe(false));
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    await world.makeDataset();
    await refusedFor('PendingApproval');
    expect(await world.exists(shareApprovalKind, approvalOfOne())).toBe(false);
    await world.approve('one', 'analysts');
    await settled('analysts', EVERYTHING);
  });

  it.each([
    ['another dataset', { datasetRef: { name: 'customers' } }],
    ['another requester', { requester: 'others' }],
    [
      'another role',
      {
        principal: { kind: 'ConsumptionRole' as const, name: 'analysts', arn: 'arn:aws:iam::333333333333:role/robots' },
      },
    ],
    [
      'another principal',
      { principal: { kind: 'ConsumptionRole' as const, name: 'robots', arn: 'arn:aws:iam::333333333333:role/robots' } },
    ],
    [
      'another request of that name',
      { requestRef: { namespace: 'marketing-prod', name: 'one', uid: '00000000-0000-0000-0000-000000000000' } },
    ],
  ])('for %s gives nothing', async (_what, spec) => {
    await world.request('one', 'analysts');
    await world.approve('one', 'analysts', spec);
    await refusedFor('RequestMismatch');
  });

  it('gives what it lists, whatever is added to the request later', async () => {
    await share([{ kind: 'Folder', name: 'raw' }]);
    await settled('analysts', { ...NO_ACCESS, folders: ['raw/'] });
    await world.edit(shareRequestKind, requestOne(), { items: [...ITEMS] });
    await world.until(async () => expect(readyOf(await statusOf('one', 'analysts'))?.reason).toBe('PartlyApproved'));
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, folders: ['raw/'] });
    expect(await itemOf('Bucket', BUCKET)).toMatchObject({ state: 'PendingApproval' });
  });

  it('gives nothing of a table where its filters and those asked for have none in common', async () => {
    const filtered = (filter: string): Item => ({ kind: 'Table', name: 'orders', filters: [filter] });
    await share([filtered('eu'), BUCKET_ITEM], [filtered('slim'), BUCKET_ITEM]);
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    await world.until(async () =>
      expect(await itemOf('Table', 'orders')).toMatchObject({ state: 'Failed', reason: 'FiltersDisagree' }),
    );
  });

  it('of a filter that is deleted later gives nothing, not everything', async () => {
    await share([{ kind: 'Table', name: 'orders', filters: ['eu'] }]);
    await settled('analysts', { ...NO_ACCESS, tables: { orders: ["region = 'eu' | id,region,amount"] } });
    await world.setFilters(FILTERS.slice(1));
    await settled('analysts', NO_ACCESS);
    expect(await itemOf('Table', 'orders')).toMatchObject({ state: 'Failed', reason: 'FilterNotFound' });
  });

  it('of a filter that is narrowed later shows the narrower part at once, whoever looks or not', async () => {
    await share([{ kind: 'Table', name: 'orders', filters: ['eu'] }]);
    await settled('analysts', { ...NO_ACCESS, tables: { orders: ["region = 'eu' | id,region,amount"] } });
    await world.setFilters([{ name: 'eu', rows: "region = 'nowhere'" }, ...FILTERS.slice(1)]);
    await settled('analysts', { ...NO_ACCESS, tables: { orders: ["region = 'nowhere' | id,region,amount"] } });
  });

  it('of a folder does not follow the folder elsewhere', async () => {
    await share([{ kind: 'Folder', name: 'raw' }]);
    await settled('analysts', { ...NO_ACCESS, folders: ['raw/'] });
    await world.edit(datasetKind, DATASET, { folders: [{ name: 'raw', prefix: 'raw2/' }] });
    await settled('analysts', NO_ACCESS);
    expect(await itemOf('Folder', 'raw')).toMatchObject({ state: 'Failed', reason: 'ApprovalStale' });
  });

  it('to write across accounts gives reading only, and says so', async () => {
    await world.request('one', 'analysts', { permissions: ['Read', 'Write'] });
    await world.approve('one', 'analysts', { permissions: ['Read', 'Write'] });
    await settled('analysts', EVERYTHING);
    await world.until(async () =>
      expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({
        status: 'False',
        reason: 'PermissionNotAllowed',
      }),
    );
  });
});

describe('a group that leaves the organization', () => {
  it('loses what its roles were given, and has it again when it is back', async () => {
    const environment = { name: 'marketing-prod' };
    const acme = { name: 'acme' };
    const others = [{ group: 'sales', permissions: [] }];
    const teams = [{ group: 'marketing', permissions: [] }, ...others];
    await world.create(organizationKind, { metadata: acme, spec: { label: 'ACME', owner: 'platform', teams } });
    // Who owns the environment is there to stay.
    await world.edit(environmentKind, environment, { owner: 'platform' });
    await share([BUCKET_ITEM]);
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    await world.edit(organizationKind, acme, { teams: others });
    await settled('analysts', NO_ACCESS);
    await refusedFor('RequesterNotAllowed');
    await world.edit(organizationKind, acme, { teams });
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    await world.edit(environmentKind, environment, { owner: 'marketing' });
    await world.api.delete(organizationKind, acme);
  });
});

describe('the owner of a dataset', () => {
  it('who gives it away keeps neither rights on its tables nor its key', async () => {
    const arn = world.admin.roleArn('inhouse');
    const rights = async (): Promise<{ readonly lake: number; readonly key: boolean }> => {
      const { PrincipalResourcePermissions = [] } = await world.admin.call<{ PrincipalResourcePermissions?: object[] }>(
        'producer',
        'lakeformation',
        'ListPermissions',
        { Principal: { DataLakePrincipalIdentifier: arn } },
      );
      const { Policy } = await world.admin.call<{ Policy: string }>('producer', 'kms', 'GetKeyPolicy', {
        KeyId: world.keyArn,
        PolicyName: 'default',
      });
      return { lake: PrincipalResourcePermissions.length, key: Policy.includes(arn) };
    };
    await world.api.patch(
      environmentKind,
      { name: DATASET.namespace },
      { type: 'merge', body: { status: { defaultRole: { arn } } } },
      { subresource: 'status' },
    );
    await world.until(async () =>
      expect(await rights()).toEqual({ lake: expect.toSatisfy((n: number) => n > 0), key: true }),
    );
    await world.edit(datasetKind, DATASET, { owner: 'others' });
    await world.until(async () => expect(await rights()).toEqual({ lake: 0, key: false }));
  });
});

describe('prefixes', () => {
  it.each(['r*/', 'ra?/', '${aws:userid}/', 'ra${*}/', 'räw/', '*'])(
    '%s opens what it says and nothing else',
    async (prefix) => {
      await world.edit(datasetKind, DATASET, { folders: [{ name: 'odd', prefix }] });
      await share([{ kind: 'Folder', name: 'odd' }]);
      await world.until(async () => expect(await itemOf('Folder', 'odd')).toMatchObject({ state: 'Granted' }));
      expect(await reads('analysts')).toEqual(NO_ACCESS);
    },
  );

  it('raw/ is not raw2/, nor within one account', async () => {
    await share([{ kind: 'Folder', name: 'raw' }]);
    await world.request('two', 'inhouse', { items: [{ kind: 'Folder', name: 'raw' }] });
    await world.approve('two', 'inhouse');
    await settled('analysts', { ...NO_ACCESS, folders: ['raw/'] });
    await settled('inhouse', { ...NO_ACCESS, folders: ['raw/'] });
  });
});

describe('deletion in any order', () => {
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    request: async () => world.api.delete(shareRequestKind, requestOne()),
    approval: async () => world.api.delete(shareApprovalKind, approvalOfOne()),
    'role object': async () => world.api.delete(consumptionRoleKind, { namespace: 'marketing-prod', name: 'analysts' }),
    role: async () => world.admin.deleteRole('analysts'),
    dataset: async () => world.api.delete(datasetKind, DATASET),
  };
  const names = Object.keys(steps);
  /** Each begins once, in two directions: enough to have each before and after each other one. */
  const orders = names.flatMap((_, n) => {
    const turned = [...names.slice(n), ...names.slice(0, n)];
    return [turned, turned.toReversed()];
  });
  it.each(orders.map((order) => [order.join(', '), order] as const))('%s', async (_title, order) => {
    await share();
    await settled('analysts', EVERYTHING);
    for (const name of order) await steps[name]?.();
    world.verifyAll();
    await world.until(async () => {
      expect(await leftovers(world.admin)).toEqual([]);
      for (const [kind, name] of [
        [shareRequestKind, requestOne()],
        [shareApprovalKind, approvalOfOne()],
        [datasetKind, DATASET],
      ] as const)
        expect(await world.exists(kind, name)).toBe(false);
    });
  });
});

describe('AWS', () => {
  it.each(tamperings)('tampered with (%s) is put right by the next look', async (what) => {
    await share();
    await world.request('two', 'robots', { items: [{ kind: 'Table', name: 'orders', filters: ['eu'] }] });
    await world.approve('two', 'robots', { items: [{ kind: 'Table', name: 'orders', filters: ['eu'] }] });
    const robots: Access = { ...NO_ACCESS, tables: { orders: ["region = 'eu' | id,region,amount"] } };
    await settled('analysts', EVERYTHING);
    await settled('robots', robots);
    await tamper(world.admin, what, 'analysts');
    world.verifyAll();
    await settled('analysts', EVERYTHING);
    await settled('robots', robots);
  });

  it('keeps what others wrote into a policy of ours', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await tamper(world.admin, 'foreign statement added', 'analysts');
    await world.edit(shareApprovalKind, approvalOfOne(), { decision: 'Rejected' });
    await settled('analysts', NO_ACCESS);
    const { Policy } = await world.admin.call<{ Policy: string }>('producer', 's3', 'GetBucketPolicy', {
      Bucket: BUCKET,
    });
    expect((JSON.parse(Policy) as { Statement: object[] }).Statement).toContainEqual(FOREIGN_STATEMENT);
  });

  it('that does not let the pivot role in keeps what was given, and heals when it does', async () => {
    await share([BUCKET_ITEM]);
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    const broken = world.faults.add({
      match: { account: world.admin.id('producer'), principal: /dataallPivotRole/ },
      fault: { kind: 'error', code: 'AccessDenied', status: 403 },
    });
    await world.edit(shareRequestKind, requestOne(), { items: [...ITEMS] });
    await world.edit(shareApprovalKind, approvalOfOne(), { items: [...ITEMS] });
    await world.until(async () => expect(readyOf(await statusOf('one', 'analysts'))?.status).toBe('False'));
    expect((await reads('analysts')).bucket).toBe(true);
    broken.remove();
    world.verifyAll();
    await settled('analysts', EVERYTHING);
  });

  it('that answers too late has done it: nothing is done twice, everything is right', async () => {
    for (const service of ['iam', 's3', 's3control', 'kms', 'glue', 'lakeformation', 'ram'])
      world.faults.add({
        match: { service, operation: /^(Put|Create|Attach|Batch|Accept|Delete|Detach)/, principal: /dataallPivotRole/ },
        fault: { kind: 'cut', when: 'after' },
        times: 3,
      });
    await share();
    await settled('analysts', EVERYTHING);
    await world.until(async () => expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'True' }));
  });

  it('that throttles one account lets the others keep pace', async () => {
    const throttled = world.faults.add({
      match: { account: world.admin.id('consumer'), principal: /dataallPivotRole/ },
      fault: { kind: 'throttle' },
    });
    await world.request('two', 'inhouse');
    await share();
    await world.approve('two', 'inhouse');
    await world.until(async () => expect(await reads('inhouse')).toEqual(EVERYTHING), true);
    expect(throttled.struck).toBeGreaterThan(0);
    expect((await reads('analysts')).tables).toEqual({});
    throttled.remove();
    world.verifyAll();
    await settled('analysts', EVERYTHING);
  });
});

describe('the API server', () => {
  it('down for 30 s: nothing is lost, and access ends when it is back', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    world.api.down();
    world.verifyAll();
    // The operator's clock runs 50 times as fast.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await reads('analysts')).toEqual(EVERYTHING);
    world.api.up();
    await world.api.delete(shareApprovalKind, approvalOfOne());
    await settled('analysts', NO_ACCESS);
  });

  it('down while access is given: the operator dies, consent is gone, and nothing stays open', async () => {
    await world.request('one', 'analysts');
    await world.until(async () => expect(readyOf(await statusOf('one', 'analysts'))?.reason).toBe('PendingApproval'));
    // The status of the request cannot be written from here on, everything else can.
    world.refuse = ({ kind, subresource }) => kind?.kind === 'ShareRequest' && subresource === 'status';
    await world.approve('one', 'analysts');
    await world.until(async () => expect((await reads('analysts')).bucket).toBe(true)).catch(() => undefined);
    world.operator?.kill();
    world.refuse = undefined;
    await world.api.delete(shareApprovalKind, approvalOfOne());
    world.start();
    await settled('analysts', NO_ACCESS);
    expect(await leftovers(world.admin)).toEqual([]);
  });
});
