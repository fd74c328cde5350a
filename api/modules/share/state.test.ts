import { describe, expect, it } from 'vitest';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareItemStatus, ShareRequest } from '../../../operator/resources/share-request.ts';
import { approve, reject, takeBack } from './approval-edits.ts';
import { addItem, giveBack, isRefused, removeItem, submit } from './request-edits.ts';
import { itemsOf, shareStatus } from './state.ts';

const orders = { kind: 'Table', name: 'orders' } as const;
const raw = { kind: 'Folder', name: 'raw' } as const;
const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-02-01T00:00:00Z';

/** A request as the API server has it. */
const request = (spec: Partial<ShareRequest['spec']>, status: Partial<ShareRequest['status']> = {}): ShareRequest =>
  ({
    metadata: { uid: 'r', name: 'r', namespace: 'm', generation: 2, creationTimestamp: EARLY },
    spec: { draft: false, items: [], permissions: ['Read'], requester: 'marketing', ...spec },
    status: { observedGeneration: 2, ...status },
  }) as ShareRequest;

const approval = (spec: Partial<ShareApproval['spec']>, generation = 1): ShareApproval =>
  ({
    metadata: { generation },
    spec: { decision: 'Approved', approver: 'sales', ...spec },
    status: {},
  }) as ShareApproval;

const seen = (
  state: ShareItemStatus['state'],
  more: Partial<ShareItemStatus> = {},
): Partial<ShareRequest['status']> => ({
  items: [{ ...orders, state, ...more }],
  approval: { name: 'm.r', generation: 1 },
});

describe('where a share and its item stand, in data.all’s words', () => {
  it.each<[string, ShareRequest, ShareApproval | undefined, string, string | undefined]>([
    ['a draft', request({ draft: true, items: [orders] }), undefined, 'Draft', 'PendingApproval'],
    ['submitted', request({ items: [orders] }), undefined, 'Submitted', 'PendingApproval'],
    [
      'prepared',
      request({ items: [orders] }, seen('PendingApproval')),
      approval({ decision: 'Pending', items: [orders] }),
      'Submitted',
      'PendingApproval',
    ],
    [
      'approved a moment ago',
      request({ items: [orders] }),
      approval({ items: [orders] }),
      'Approved',
      'Share_Approved',
    ],
    [
      'being granted',
      request({ items: [orders] }, seen('Granting')),
      approval({ items: [orders] }),
      'Share_In_Progress',
      'Share_In_Progress',
    ],
    [
      'granted',
      request({ items: [orders] }, seen('Granted')),
      approval({ items: [orders] }),
      'Processed',
      'Share_Succeeded',
    ],
    [
      'failed',
      request({ items: [orders] }, seen('Failed')),
      approval({ items: [orders] }),
      'Processed',
      'Share_Failed',
    ],
    [
      'rejected a moment ago',
      request({ items: [orders] }),
      approval({ decision: 'Rejected' }),
      'Rejected',
      'Share_Rejected',
    ],
    [
      'rejected, and seen',
      request({ items: [orders] }, seen('Rejected')),
      approval({ decision: 'Rejected' }),
      'Rejected',
      'Share_Rejected',
    ],
    [
      'taken back a moment ago',
      request({ items: [orders] }, seen('Granted')),
      approval({ items: [], withdrawn: [{ ...orders, at: LATE }] }, 2),
      'Revoked',
      'Revoke_Approved',
    ],
    [
      'given back a moment ago',
      request({ withdrawn: [orders] }, seen('Granted')),
      approval({ items: [orders] }),
      'Revoked',
      'Revoke_Approved',
    ],
    [
      'being revoked',
      request({ withdrawn: [orders] }, seen('Revoking')),
      approval({ items: [orders] }),
      'Revoke_In_Progress',
      'Revoke_In_Progress',
    ],
    [
      'refused by AWS to be revoked',
      request({ withdrawn: [orders] }, seen('Revoking', { reason: 'AccessDenied' })),
      approval({ items: [orders] }),
      'Revoke_In_Progress',
      'Revoke_Failed',
    ],
    [
      'revoked',
      request({ items: [orders] }, seen('Revoked')),
      approval({ items: [], withdrawn: [{ ...orders, at: LATE }] }),
      'Processed',
      'Revoke_Succeeded',
    ],
    [
      'asked for again',
      request({ items: [{ ...orders, askedAt: LATE }] }, seen('Revoked')),
      approval({ items: [], withdrawn: [{ ...orders, at: EARLY }] }),
      'Submitted',
      'PendingApproval',
    ],
    [
      'put together again',
      request({ items: [orders], draftItems: [orders] }, seen('Revoked')),
      approval({ items: [], withdrawn: [{ ...orders, at: EARLY }] }),
      'Draft',
      'PendingApproval',
    ],
    ['given back, and gone', request({ withdrawn: [orders] }), undefined, 'Processed', 'Revoke_Succeeded'],
  ])('%s', (_, asked, decided, share, item) => {
    expect({
      share: shareStatus(asked, decided),
      item: itemsOf(asked, decided).find(({ name }) => name === orders.name)?.status,
    }).toEqual({ share, item });
  });

  it('shows the filters that were prepared for an item that waits', () => {
    const decided = approval({ items: [], prepared: [{ ...orders, filters: ['eu'] }] });
    expect(itemsOf(request({ items: [orders] }, seen('PendingApproval')), decided)[0]?.filters).toEqual(['eu']);
  });
});

describe('the health of an item that is given', () => {
  const annotated = <T extends ShareRequest | ShareApproval>(object: T, annotations: Record<string, string>): T => ({
    ...object,
    metadata: { ...object.metadata, annotations },
  });
  const share = request({ items: [orders] }, { ...seen('Granted', { health: 'Healthy' }), verifyHandledAt: EARLY });
  const decision = approval({ items: [orders] });
  const healthOf = (...sides: Parameters<typeof itemsOf>) => itemsOf(...sides)[0]?.health;

  it('is what the operator saw, until a look or a repair is asked for, by either side, and is not answered', () => {
    expect(healthOf(share, decision)).toBe('Healthy');
    for (const [annotation, pending] of [
      ['dataall.io/verify-requested-at', 'PendingVerify'],
      ['dataall.io/requested-at', 'PendingReApply'],
    ] as const) {
      const asked = { [annotation]: LATE };
      expect(healthOf(annotated(share, asked), decision)).toBe(pending);
      expect(healthOf(share, annotated(decision, asked))).toBe(pending);
    }
    const looked = annotated(share, { 'dataall.io/verify-requested-at': EARLY });
    expect(healthOf(looked, decision)).toBe('Healthy');
    const put = annotated(share, { 'dataall.io/requested-at': EARLY });
    expect(healthOf({ ...put, status: { ...put.status, lastHandledAt: EARLY } }, decision)).toBe('Healthy');
  });
});

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
