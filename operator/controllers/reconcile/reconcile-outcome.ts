// What one run of a controller found out about its object: the words for its Ready condition, what to store beside them, and when to look
// again. Pure.
import { isFault } from '../../aws/fault.ts';
import { findCondition, type Condition, type ConditionInput, type Outcome } from '../../kernel/conditions.ts';
import type { KubeObject } from '../../kernel/kind.ts';
import { done, Priority, requeueAfter, transient, type Result } from '../../kernel/runtime/reconciler.ts';
import type { ConditionKind, ReasonFor } from '../../resources/conditions.ts';
import { isTerminal, type ReasonName } from '../../resources/reasons.ts';
import { faultReason, type FaultReason } from './fault-reason.ts';

/** An object of a kind whose status has what every status has. */
export interface ReconciledObject extends KubeObject {
  kind: ConditionKind;
  metadata: KubeObject['metadata'] & { generation: number };
  status: {
    readonly observedGeneration?: number | undefined;
    readonly conditions?: readonly Condition[] | undefined;
    readonly lastHandledAt?: string | undefined;
  };
}

/** Those that this kind has, and those that every kind has. */
export type ReadyReason<T extends ReconciledObject> =
  (ReasonFor<T['kind'], 'Ready'> & ReasonName) | 'Succeeded' | 'Progressing' | 'Deleting';

export interface ReconcileOutcome<T extends ReconciledObject> extends Outcome {
  readonly reason: ReadyReason<T>;
  readonly message: string;
  /** Fields that are known now; the others stay as they were. */
  readonly status: Partial<T['status']>;
  /** What it says of the steps on the way to Ready, one condition each. */
  readonly conditions?: readonly ConditionInput[];
  readonly result: Result;
}

/** Whether its status says that it is Ready, of the spec that it has: what an earlier process found out stands until a look says otherwise. */
export const isReadyAsIs = ({ metadata, status }: Pick<ReconciledObject, 'metadata' | 'status'>): boolean => {
  const condition = findCondition(status.conditions, 'Ready');
  return condition?.status === 'True' && condition.observedGeneration === metadata.generation;
};

/** @param lookAgainMs when to look again, though nobody hurries for it; absent: a watch tells of all that may change */
export const ready = <T extends ReconciledObject>(
  status: Partial<T['status']>,
  lookAgainMs?: number,
): ReconcileOutcome<T> => ({
  type: 'Ready',
  reason: 'Succeeded',
  message: '',
  status,
  result: lookAgainMs === undefined ? done : requeueAfter(lookAgainMs, Priority.backlog),
});

/** Work goes on. */
export const progressing = <T extends ReconciledObject>(
  message: string,
  status: Partial<T['status']>,
  lookAgainMs: number,
): ReconcileOutcome<T> => ({
  type: 'Reconciling',
  reason: 'Progressing',
  message,
  status,
  result: requeueAfter(lookAgainMs),
});

/** An end that goes on. */
export const deleting = <T extends ReconciledObject>(message: string, lookAgainMs = 1_000): ReconcileOutcome<T> => ({
  type: 'Reconciling',
  reason: 'Deleting',
  message,
  status: {},
  result: requeueAfter(lookAgainMs),
});

/**
 * Waits for somebody or something outside; Stalled for reasons that last until somebody changes something.
 * @param lookAgainMs absent: a watch tells when it is over
 */
export const blocked = <T extends ReconciledObject>(
  reason: ReadyReason<T>,
  message: string,
  { status = {}, lookAgainMs }: { readonly status?: Partial<T['status']>; readonly lookAgainMs?: number } = {},
): ReconcileOutcome<T> => ({
  type: isTerminal(reason) ? 'Stalled' : 'Waiting',
  reason,
  message,
  status,
  result: lookAgainMs === undefined ? done : requeueAfter(lookAgainMs),
});

/** Until somebody changes something, although the reason alone does not say so. */
export const stalled = <T extends ReconciledObject>(
  ...blocker: Parameters<typeof blocked<T>>
): ReconcileOutcome<T> => ({ ...blocked<T>(...blocker), type: 'Stalled' });

/**
 * A fault of AWS: tried again with backoff.
 * @param shownAs where the kind has another reason for it
 * @throws what is no fault of AWS
 */
export const retryable = <T extends ReconciledObject>(
  error: unknown,
  shownAs: (reason: FaultReason) => ReadyReason<T>,
): ReconcileOutcome<T> => {
  if (!isFault(error)) throw error;
  const reason = faultReason(error);
  return {
    type: 'Reconciling',
    reason: shownAs(reason),
    message: `${error.message}. ${error.advice}`,
    status: {},
    result: transient(reason, error.message),
  };
};

/** Of each field what was found; else what was known, which stays while AWS cannot be asked. */
export const keepKnown = <Status, Field extends keyof Status>(
  fields: readonly Field[],
  found: Partial<Status>,
  before: Status,
): Known<Status, Field> =>
  Object.fromEntries(fields.map((field) => [field, found[field] ?? before[field]])) as unknown as Known<Status, Field>;

/** With every field, also those that are undefined. */
type Known<Status, Field extends keyof Status> = { [Each in Exclude<Field, never>]: Status[Each] };
