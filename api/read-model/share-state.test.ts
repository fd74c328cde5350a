import { describe, expect, it } from 'vitest';
import type { ShareApproval } from '../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../operator/resources/share-request.ts';
import { approval, EARLY, LATE, orders, request, seen } from '../../test/support/share-objects.ts';
import { itemsOf, shareStatus } from './share-state.ts';

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
