// Faults under sharing, one by one: nothing lost, nothing leaked, and the right end.
import { beforeAll, describe, expect, it } from 'vitest';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS, type Access } from '../support/access-probe.ts';
import { leftovers } from '../support/leftovers.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import { DATASET, ITEMS, type Item, type SharingWorld } from '../support/sharing-world.ts';
import { FOREIGN_STATEMENT, tamper, tamperings } from '../support/tampering.ts';

const BUCKET_ITEM: Item = { kind: 'Bucket', name: BUCKET };

const stage = oneShare();
const { reads, settled, statusOf, share, requestOne, approvalOfOne } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
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
