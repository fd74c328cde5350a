// The Events of a ShareRequest: what `kubectl describe` tells of it, and which of it somebody should look at.
import { findCondition } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import type { ShareSummary } from './status.ts';

/** What Ready says on the way to access, and to an end that somebody wants. Whatever else it says is a failure or access lost. */
const EXPECTED: readonly ReasonFor<'ShareRequest', 'Ready'>[] = [
  'Draft',
  'PendingApproval',
  'PartlyApproved',
  'EnvironmentNotReady',
  'DatasetNotReady',
  'PrincipalNotReady',
  'Granting',
  'Granted',
  'Suspended',
  'Maintenance',
  'Revoking',
  'Deleting',
];

/** One Event for each change of what Ready says: the story of the share in `kubectl describe`. */
export const recordShareEvents = (
  request: Stored<ShareRequest>,
  summary: ShareSummary,
  context: ReconcileContext,
): void => {
  const before = findCondition(request.status.conditions, 'Ready');
  const after = summary.conditions.find(({ type }) => type === 'Ready');
  if (after === undefined || (before?.reason === after.reason && before.status === after.status)) return;
  if (after.reason === 'Progressing') return;
  const isExpected = EXPECTED.some((reason) => reason === after.reason);
  context.event(request, {
    type: isExpected ? 'Normal' : 'Warning',
    reason: after.reason,
    note: after.message ?? after.reason,
  });
};
