import { expect, it } from 'vitest';
import { shareApproval } from '../../access/testing/fixtures.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { Kind } from '../../kernel/kind.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import { groupsWithManyWaiting } from './waiting-decisions.ts';

/** A namespace with room for four decisions. */
const around = (approvals: readonly ShareApproval[]): Stores =>
  ({
    get: ({ kind }: Kind) => ({
      list: () => approvals,
      get: () => (kind === 'Environment' ? { spec: { quota: { shareApprovals: 4 } } } : undefined),
    }),
  }) as unknown as Stores;

const ready = (reason: string) => ({
  type: 'Ready',
  status: 'False' as const,
  reason,
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

it.each([
  ['was never made', { boundTo: undefined }],
  ['was made for them, and is gone', { conditions: [ready('RequestNotFound')] }],
])('two of four decisions of one group, whose request %s, are all that it may make', (_, status) => {
  const group = `sales-prod/${shareApproval().spec.approver}`;
  const idle = shareApproval({ status });
  expect(groupsWithManyWaiting(around([idle, idle]))).toEqual([group]);
  expect(groupsWithManyWaiting(around([idle, shareApproval()]))).toEqual([]);
});
