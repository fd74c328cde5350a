// A Kubernetes Event when an object comes to be Ready, or is not for another reason than before: what a condition tells is overwritten.
import { findCondition, type Condition, type Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';

/** Work that goes on as it should, or as people asked: its end is told. */
const NO_NEWS: readonly string[] = ['Progressing', 'Deleting', 'Suspended', 'Maintenance'];

/** @param object as it was before this outcome is written into its status */
export const recordReadyEvent = (
  context: Pick<ReconcileContext, 'event'>,
  object: Stored & { readonly status: { readonly conditions?: readonly Condition[] | undefined } },
  { type, reason, message = '' }: Outcome,
): void => {
  const before = findCondition(object.status.conditions, 'Ready');
  const isReady = type === 'Ready';
  if (isReady ? before?.status === 'True' : before?.reason === reason || NO_NEWS.includes(reason)) return;
  context.event(object, {
    type: isReady ? 'Normal' : 'Warning',
    reason: isReady ? 'Ready' : reason,
    note: message || 'is ready',
  });
};
