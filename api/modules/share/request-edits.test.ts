import { describe, expect, it } from 'vitest';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import { approval, EARLY, LATE, orders, raw, request, seen } from '../../../test/support/share-objects.ts';
import { itemsOf } from '../../read-model/share-state.ts';
import { approve, reject, takeBack } from './approval-edits.ts';
import { addItem, giveBack, isRefused, removeItem, submit } from './request-edits.ts';

describe('what people wish of a share', () => {
  /** The request with an edit in it. */
  const edited = (before: ShareRequest, edit: object): ShareRequest => ({
    ...before,
    spec: { ...before.spec, ...edit },
  });

  it('leaves what is shared alone when an item is added, until that is approved too', () => {
    const granted = request({ items: [orders] }, seen('Granted'));
    const before = approval({ items: [orders] });
    const added = edited(granted, addItem(granted, before, raw));
    expect(itemsOf(added, before).map(({ name, status }) => [name, status])).toEqual([
      ['raw', 'PendingApproval'],
      ['orders', 'Share_Succeeded'],
    ]);
    const asked = edited(added, submit(added, before, LATE));
    expect(asked.spec.items).toEqual([orders, raw]);
    expect(approve(asked, before)).toMatchObject({ decision: 'Approved', items: [orders, raw] });
    expect(reject(asked, before, 'no', LATE)).toMatchObject({
      decision: 'Approved',
      rejected: [{ ...raw, at: LATE, reason: 'no' }],
    });
  });

  it('rejects all of it where nothing is given', () => {
    expect(reject(request({ items: [orders] }), undefined, 'no', LATE)).toMatchObject({
      decision: 'Rejected',
      reason: 'no',
    });
  });

  it('is refused where there is nothing that it could be about', () => {
    const granted = request({ items: [orders] }, seen('Granted'));
    const draft = request({ draft: true });
    const refusals = [
      submit(draft, undefined, LATE),
      approve(granted, approval({ items: [orders] })),
      takeBack(granted, approval({ items: [orders] }), [raw], LATE),
      giveBack(granted, approval({ items: [orders] }), [raw]),
      removeItem(granted, raw),
      removeItem(granted, orders),
    ];
    expect(refusals.map((refusal) => isRefused(refusal) && refusal.refused)).toEqual([
      'NoPendingItems',
      'NoPendingItems',
      'NotRevokable',
      'NotRevokable',
      'NotThere',
      'LastItem',
    ]);
  });

  it('asks again for what was taken back by a time of its own', () => {
    const taken = approval({ items: [], withdrawn: [{ ...orders, at: EARLY }] });
    const before = request({ items: [orders] }, seen('Revoked'));
    const added = edited(before, addItem(before, taken, orders));
    expect(submit(added, taken, LATE)).toMatchObject({ items: [{ ...orders, askedAt: LATE }] });
  });

  it('answers later than what it answers, in the same second too', () => {
    const taken = approval({ items: [raw], withdrawn: [{ ...orders, at: LATE }] });
    const items = [
      { ...orders, state: 'Revoked' as const },
      { ...raw, state: 'Granted' as const },
    ];
    const before = request({ items: [orders, raw] }, { ...seen('Revoked'), items });
    const added = edited(before, addItem(before, taken, orders));
    const again = edited(added, submit(added, taken, LATE));
    expect(again.spec.items).toContainEqual({ ...orders, askedAt: '2026-02-01T00:00:01Z' });
    expect(reject(again, taken, 'no', LATE)).toMatchObject({ rejected: [{ ...orders, at: '2026-02-01T00:00:02Z' }] });
  });
});
