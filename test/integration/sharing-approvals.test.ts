// What an approval is worth when what it was given for has changed, and whoever had it has left: nothing leaked, and the right end.
import { beforeAll, describe, expect, it } from 'vitest';
import { formatDocumentKey } from '../../operator/access/document-key.ts';
import { documentController } from '../../operator/controllers/aws-document/controller-names.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import { DATASET, FILTERS, ITEMS, type Item, type SharingWorld } from '../support/sharing-world.ts';

const BUCKET_ITEM: Item = { kind: 'Bucket', name: BUCKET };

const stage = oneShare();
const { reads, settled, statusOf, share, refusedFor, requestOne, approvalOfOne, itemOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
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

  it('ends when was consented to, whatever end is asked for later and whatever else is edited in it', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    const boundTo = async () => (await world.api.get(shareApprovalKind, approvalOfOne())).status.boundTo;
    const end = new Date(world.clock.now() + 60_000).toISOString();
    await world.edit(shareRequestKind, requestOne(), { expiresAt: end });
    await world.edit(shareApprovalKind, approvalOfOne(), { reason: 'until then' });
    await world.until(async () => expect(await boundTo()).toMatchObject({ approvalGeneration: 2, expiresAt: end }));
    await world.edit(shareRequestKind, requestOne(), { expiresAt: '2099-01-01T00:00:00Z' });
    await world.edit(shareApprovalKind, approvalOfOne(), { reason: 'a typo less' });
    await world.until(async () => expect(await boundTo()).toMatchObject({ approvalGeneration: 3, expiresAt: end }));
    await settled('analysts', NO_ACCESS);
    await refusedFor('Expired');
    await world.edit(shareApprovalKind, approvalOfOne(), { expiresAt: '2098-01-01T00:00:00Z' });
    await settled('analysts', EVERYTHING);
  });

  it('of items that do not exist names them, and where all are replaced says that they wait', async () => {
    const missing: Item = { kind: 'Table', name: 'nowhere' };
    await share([missing, BUCKET_ITEM]);
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    const ofApproval = async () =>
      (await world.api.get(shareApprovalKind, approvalOfOne())).status.conditions?.find(({ type }) => type === 'Ready');
    await world.until(async () =>
      expect(await ofApproval()).toMatchObject({
        status: 'False',
        reason: 'ItemNotFound',
        message: expect.stringContaining('Table nowhere: '),
      }),
    );
    await world.edit(shareRequestKind, requestOne(), { items: [{ kind: 'Folder', name: 'raw' }] });
    await world.until(async () =>
      expect(await ofApproval()).toMatchObject({ status: 'True', message: '1 of 1 items waits for a decision' }),
    );
    await refusedFor('PendingApproval');
    await settled('analysts', NO_ACCESS);
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
    await world.until(async () =>
      expect(await itemOf('Table', 'orders')).toMatchObject({ state: 'Failed', reason: 'FilterNotFound' }),
    );
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
    await world.until(async () =>
      expect(await itemOf('Folder', 'raw')).toMatchObject({ state: 'Failed', reason: 'ApprovalStale' }),
    );
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
