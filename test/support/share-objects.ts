// A request and its decision as the API server has them, as far as where a share stands follows from them.

import type { ShareApproval } from '../../operator/resources/share-approval.ts';
import type { ShareItemStatus, ShareRequest } from '../../operator/resources/share-request.ts';

export const orders = { kind: 'Table', name: 'orders' } as const;
export const raw = { kind: 'Folder', name: 'raw' } as const;
export const EARLY = '2026-01-01T00:00:00Z';
export const LATE = '2026-02-01T00:00:00Z';

/** A request as the API server has it. */
export const request = (
  spec: Partial<ShareRequest['spec']>,
  status: Partial<ShareRequest['status']> = {},
): ShareRequest =>
  ({
    metadata: { uid: 'r', name: 'r', namespace: 'm', generation: 2, creationTimestamp: EARLY },
    spec: { draft: false, items: [], permissions: ['Read'], requester: 'marketing', ...spec },
    status: { observedGeneration: 2, ...status },
  }) as ShareRequest;

export const approval = (spec: Partial<ShareApproval['spec']>, generation = 1): ShareApproval =>
  ({
    metadata: { generation },
    spec: { decision: 'Approved', approver: 'sales', ...spec },
    status: {},
  }) as ShareApproval;

export const seen = (
  state: ShareItemStatus['state'],
  more: Partial<ShareItemStatus> = {},
): Partial<ShareRequest['status']> => ({
  items: [{ ...orders, state, ...more }],
  approval: { name: 'm.r', generation: 1 },
});
