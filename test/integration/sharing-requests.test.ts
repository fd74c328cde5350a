// Requests that cannot be, and those that ask for what looks like something else: a clear condition, and nothing leaked.
import { beforeAll, describe, expect, it } from 'vitest';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { EXTERNAL_ID, REGION } from '../support/sharing-data.ts';
import { DATASET, ITEMS, type Item, type SharingWorld } from '../support/sharing-world.ts';

const stage = oneShare();
const { reads, settled, statusOf, share, refusedFor, requestOne, approvalOfOne, itemOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

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
      expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'False', reason: 'ItemNotFound' });
    });
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
