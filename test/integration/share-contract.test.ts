// A share as the two sides make it step by step: put together, prepared, given in part, taken back, asked for again, extended. Who reads
// is asked after each step.
import { beforeAll, describe, expect, it } from 'vitest';
import { findCondition } from '../../operator/kernel/conditions.ts';
import { shareApprovalKind, type ShareApprovalSpec } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequestSpec } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import type { Item, SharingWorld } from '../support/sharing-world.ts';

const ORDERS: Item = { kind: 'Table', name: 'orders' };
const ORDERS_OF_EU: Item = { ...ORDERS, filters: ['eu'] };
const RAW: Item = { kind: 'Folder', name: 'raw' };
const WHOLE_BUCKET: Item = { kind: 'Bucket', name: BUCKET };
const FIRST_END = '2098-01-01T00:00:00.000Z';
const LATER_END = '2099-01-01T00:00:00.000Z';

const stage = oneShare();
const { reads, settled, statusOf, requestOne, approvalOfOne, itemOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const asks = async (spec: Partial<ShareRequestSpec>) => await world.edit(shareRequestKind, requestOne(), spec);
const decides = async (spec: Partial<ShareApprovalSpec>) => await world.edit(shareApprovalKind, approvalOfOne(), spec);
const status = async () => await statusOf('one', 'analysts');
const approval = async () => (await world.api.get(shareApprovalKind, approvalOfOne())).status;

/** Waits until the request, as it is now, is told to stand so. */
const stands = async (phase: string, reason: string) =>
  await world.until(async () => {
    const { metadata, status: told } = await world.api.get(shareRequestKind, requestOne());
    expect(told).toMatchObject({ phase, observedGeneration: metadata.generation });
    expect(readyOf(told)).toMatchObject({ reason });
  });

const isExtended = async (state: 'True' | 'False', reason: string) =>
  await world.until(async () =>
    expect(findCondition((await status()).conditions, 'Extended')).toMatchObject({ status: state, reason }),
  );

describe('a share', () => {
  it('is put together, prepared, given, taken back in part, asked for again and extended, and is read as far as it is given', async () => {
    await world.request('one', 'analysts', { draft: true, items: [], expiresAt: FIRST_END });
    await stands('Draft', 'Draft');
    expect(await status()).toMatchObject({ requested: 0, granted: 0 });
    await asks({ items: [ORDERS, RAW] });
    await stands('Draft', 'Draft');
    await asks({ draft: false });
    await stands('Submitted', 'PendingApproval');

    const prepared: Item[] = [ORDERS_OF_EU, RAW];
    await world.approve('one', 'analysts', { decision: 'Pending', items: prepared });
    await world.until(async () => expect(readyOf(await approval())?.reason).toBe('PendingApproval'));
    await stands('Submitted', 'PendingApproval');
    expect(await reads('analysts')).toEqual(NO_ACCESS);

    await decides({ decision: 'Approved' });
    const tables = { orders: ["region = 'eu' | id,region,amount"] };
    await settled('analysts', { ...NO_ACCESS, folders: ['raw/'], tables });
    await stands('Granted', 'Granted');

    // Nobody is asked for what is only being put together.
    await asks({ draftItems: [WHOLE_BUCKET] });
    await stands('Granted', 'Granted');
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, folders: ['raw/'], tables });

    const at = new Date(world.clock.now()).toISOString();
    await decides({ items: [ORDERS_OF_EU], withdrawn: [{ ...RAW, at, reason: 'names of customers' }] });
    await settled('analysts', { ...NO_ACCESS, tables });
    await stands('PartlyGranted', 'Withdrawn');
    expect(await itemOf('Folder', 'raw')).toMatchObject({
      state: 'Revoked',
      message: expect.stringContaining('names of customers'),
    });

    await asks({
      items: [ORDERS, { ...RAW, askedAt: new Date(Date.parse(at) + 1_000).toISOString() }, WHOLE_BUCKET],
      draftItems: [],
    });
    await stands('PartlyGranted', 'PartlyApproved');
    expect(await itemOf('Folder', 'raw')).toMatchObject({ state: 'PendingApproval' });
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, tables });
    await decides({ items: prepared, withdrawn: [], prepared: [WHOLE_BUCKET] });
    await settled('analysts', { ...NO_ACCESS, folders: ['raw/'], tables });
    await decides({ prepared: [], rejected: [{ ...WHOLE_BUCKET, at }] });
    await stands('PartlyGranted', 'Rejected');
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, folders: ['raw/'], tables });
    await asks({ items: [ORDERS, RAW] });
    await stands('Granted', 'Granted');

    await asks({ expiresAt: LATER_END, extension: { reason: 'the campaign goes on' } });
    await isExtended('False', 'ExtensionPending');
    await decides({ extension: { decision: 'Rejected', reason: 'ask in autumn', at } });
    await isExtended('False', 'ExtensionRejected');
    expect((await approval()).boundTo?.expiresAt).toBe(FIRST_END);
    expect(await status()).toMatchObject({ phase: 'Granted', expiresAt: '2098-01-01T00:00:00Z' });
    await asks({ extension: { reason: 'it is autumn', askedAt: new Date(Date.parse(at) + 2_000).toISOString() } });
    await isExtended('False', 'ExtensionPending');
    const answeredAt = new Date(Date.parse(at) + 3_000).toISOString();
    await decides({ expiresAt: LATER_END, extension: { decision: 'Approved', at: answeredAt } });
    await isExtended('True', 'Extended');
    await world.until(async () => expect(await status()).toMatchObject({ expiresAt: '2099-01-01T00:00:00Z' }));
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, folders: ['raw/'], tables });
  });

  it('of which the requester gives an item back tells that it is revoked, and gives the rest', async () => {
    await stage.share([RAW, WHOLE_BUCKET]);
    await settled('analysts', { ...NO_ACCESS, bucket: true, folders: ['raw/'] });
    await asks({ items: [WHOLE_BUCKET], withdrawn: [RAW] });
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    await world.until(async () => expect(await itemOf('Folder', 'raw')).toMatchObject({ state: 'Revoked' }));
    await stands('Granted', 'Granted');
  });
});
