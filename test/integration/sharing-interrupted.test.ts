// What holds a share back or cuts it short: suspension, and objects that somebody with all rights removes by force.
import { beforeAll, describe, expect, it } from 'vitest';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import type { Kind, ObjectName } from '../../operator/kernel/kind.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS, type Access } from '../support/access-probe.ts';
import { leftovers } from '../support/leftovers.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import { DATASET, ITEMS, type Item, type SharingWorld } from '../support/sharing-world.ts';
import { tamper } from '../support/tampering.ts';

const BUCKET_ITEM: Item = { kind: 'Bucket', name: BUCKET };

const stage = oneShare();
const { reads, settled, statusOf, share, refusedFor, requestOne, approvalOfOne } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

describe('suspension', () => {
  it('keeps what is given, gives nothing new, and never holds up revocation', async () => {
    await share([BUCKET_ITEM]);
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    await world.edit(shareRequestKind, requestOne(), { suspend: true, items: [...ITEMS] });
    await world.edit(shareApprovalKind, approvalOfOne(), { items: [...ITEMS] });
    await world.until(async () => expect(readyOf(await statusOf('one', 'analysts'))?.reason).toBe('Suspended'));
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, bucket: true });
    await world.edit(shareApprovalKind, approvalOfOne(), { decision: 'Rejected' });
    await settled('analysts', NO_ACCESS);
  });

  it('neither takes what somebody left of it nor gives back what is missing, until it ends', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.edit(shareRequestKind, requestOne(), { suspend: true });
    await tamper(world.admin, 'table revoked', 'analysts');
    world.verifyAll();
    const left: Access = { ...EVERYTHING, tables: { customers: ['whole'] } };
    await settled('analysts', left);
    // Others come and go in the same documents.
    await world.request('two', 'robots');
    await world.approve('two', 'robots');
    await settled('robots', EVERYTHING);
    await world.edit(shareApprovalKind, world.approvalName('two', 'robots'), { decision: 'Rejected' });
    await settled('robots', NO_ACCESS);
    expect(await reads('analysts')).toEqual(left);
    await world.edit(shareRequestKind, requestOne(), { suspend: false });
    await settled('analysts', EVERYTHING);
  });

  it('begins and ends without a sign where all is well', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    const ready = async () => readyOf(await statusOf('one', 'analysts'));
    await world.until(async () => expect(await ready()).toMatchObject({ status: 'True' }));
    const since = (await ready())?.lastTransitionTime;
    for (const [generation, suspend] of [
      [2, true],
      [3, false],
    ] as const) {
      await world.edit(shareRequestKind, requestOne(), { suspend });
      await world.until(async () =>
        expect(await statusOf('one', 'analysts')).toMatchObject({ observedGeneration: generation, phase: 'Granted' }),
      );
    }
    expect((await ready())?.lastTransitionTime).toBe(since);
  });
});

describe('a request that somebody with all rights', () => {
  it('removes by force loses its access all the same', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.api.patch(shareRequestKind, requestOne(), { type: 'merge', body: { metadata: { finalizers: null } } });
    await world.api.delete(shareRequestKind, requestOne());
    await settled('analysts', NO_ACCESS);
    expect(await leftovers(world.admin)).toEqual([]);
  });

  it('replaces by force loses its access all the same', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.api.patch(shareRequestKind, requestOne(), { type: 'merge', body: { metadata: { finalizers: null } } });
    await world.api.delete(shareRequestKind, requestOne());
    await world.request('one', 'analysts');
    await settled('analysts', NO_ACCESS);
    await refusedFor('ApprovalStale');
  });
});

describe('an object that somebody removes by force while the operator is down', () => {
  /** What is left where the data is used. */
  const left = async () =>
    (await leftovers(world.admin)).filter((what) => /^(database|policy) |"orders_shared"/.test(what));
  const removedByForce = async (kind: Kind, name: ObjectName) => {
    await share();
    await settled('analysts', EVERYTHING);
    await world.until(async () => expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'True' }));
    expect((await left()).length).toBeGreaterThan(3);
    world.operator?.kill();
    await world.api.patch(kind, name, { type: 'merge', body: { metadata: { finalizers: null } } });
    await world.api.delete(kind, name);
    await world.api.delete(shareRequestKind, requestOne());
    world.start();
    await world.until(async () => expect(await world.exists(shareRequestKind, requestOne())).toBe(false));
  };

  it('the dataset: its links and the rights on them go with the request', async () => {
    await removedByForce(datasetKind, DATASET);
    expect(await left()).toEqual([]);
    // What only the dataset could name in the producer's account waits for it.
    await world.makeDataset();
    world.verifyAll();
  });

  it('the role: nothing is left on either side', async () => {
    await removedByForce(consumptionRoleKind, { namespace: 'marketing-prod', name: 'analysts' });
    expect(await leftovers(world.admin)).toEqual([]);
  });
});
