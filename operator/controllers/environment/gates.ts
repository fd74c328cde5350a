// What a look at an environment found: the outcome, the conditions on the way to it, and what to store. Pure.
import { isFault } from '../../aws/fault.ts';
import { findCondition, isTrue, type ConditionInput, type Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import { requeueAfter, transient, type ReconcileContext, type Result } from '../../kernel/runtime/reconciler.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { Environment, EnvironmentStatus } from '../../resources/environment.ts';
import { isTerminal } from '../../resources/reasons.ts';
import { faultReason } from '../reconcile/fault-reason.ts';

export type EnvironmentReason = ReasonFor<'Environment', 'Ready'>;

/** In the order in which they are passed. */
export const gates = ['NamespaceReady', 'AccountClaimed', 'Trusted', 'StackDeployed'] as const;
export type Gate = (typeof gates)[number];

export interface EnvironmentFinding {
  readonly outcome: Outcome & { readonly reason: EnvironmentReason };
  /** Where it stopped; undefined: before or behind all gates. */
  readonly stoppedAt?: Gate | 'before';
  /** The stack is there, whatever came after it. */
  readonly deployed?: true;
  /** Fields that are known now; the others stay as they were. */
  readonly status: Partial<EnvironmentStatus>;
  readonly result: Result;
}

/** What is known of an environment on its way through the gates. */
export interface Passage {
  readonly environment: Stored<Environment>;
  readonly context: ReconcileContext;
  readonly id: string;
  readonly externalId: string;
  readonly status: Partial<EnvironmentStatus>;
}

/** Stops at a gate until somebody or something outside changes. */
export const stopped = (
  stoppedAt: Gate | 'before',
  reason: EnvironmentReason,
  message: string,
  status: Partial<EnvironmentStatus>,
  lookAgainMs: number,
): EnvironmentFinding => ({
  outcome: { type: isTerminal(reason) ? 'Stalled' : 'Waiting', reason, message },
  stoppedAt,
  status,
  result: requeueAfter(lookAgainMs),
});

/** Work goes on at a gate, or behind all of them. */
export const underWay = (
  stoppedAt: Gate | undefined,
  message: string,
  status: Partial<EnvironmentStatus>,
  lookAgainMs: number,
): EnvironmentFinding => ({
  outcome: { type: 'Reconciling', reason: 'Progressing', message },
  ...(stoppedAt !== undefined && { stoppedAt }),
  status,
  result: requeueAfter(lookAgainMs),
});

/** An AWS fault at a gate: tried again with backoff. @throws what is no fault */
export const faulted = (stoppedAt: Gate, error: unknown, status: Partial<EnvironmentStatus>): EnvironmentFinding => {
  if (!isFault(error)) throw error;
  const reason = faultReason(error);
  return {
    outcome: { type: 'Reconciling', reason, message: `${error.message}. ${error.advice}` },
    stoppedAt,
    status,
    result: transient(reason, error.message),
  };
};

/** Passed gates are True, the one it stopped at is False, those behind it stay as they were. */
export const gateConditions = (
  { outcome, stoppedAt, deployed, status }: EnvironmentFinding,
  current: EnvironmentStatus['conditions'],
): ConditionInput[] => {
  const at = stoppedAt === undefined ? gates.length : stoppedAt === 'before' ? -1 : gates.indexOf(stoppedAt);
  return gates.flatMap((type, index): ConditionInput[] => {
    if (index < at && isToCome(type, status))
      return [{ type, status: 'False', reason: 'Progressing', message: `comes once ${comesOnce(stoppedAt, outcome)}` }];
    if (index < at || (type === 'StackDeployed' && deployed === true && index > at))
      return [{ type, status: 'True', reason: 'Succeeded' }];
    if (index === at) return [{ type, status: 'False', reason: outcome.reason, message: outcome.message ?? '' }];
    const before = current?.find((condition) => condition.type === type);
    return before === undefined
      ? []
      : [{ type, status: before.status, reason: before.reason, message: before.message }];
  });
};

const comesOnce = (stoppedAt: EnvironmentFinding['stoppedAt'], { reason }: EnvironmentFinding['outcome']): string => {
  if (reason === 'ConsentMissing' || reason === 'PivotRoleUnreachable') return 'the account lets us in';
  return stoppedAt === undefined ? 'the environment is Ready' : `${stoppedAt} is True`;
};

/**
 * Whether the account can be worked in: of an environment that was ready before, also while its stack is brought up to date. That its
 * stack follows an import is no reason to hold up, or to alarm, anybody else in it.
 */
export const isServing = ({ spec, status }: Environment): boolean => {
  if (isTrue(status.conditions, 'Ready')) return true;
  const stack = findCondition(status.conditions, 'StackDeployed');
  return (
    spec.suspend !== true &&
    status.verifiedAt !== undefined &&
    isTrue(status.conditions, 'Trusted') &&
    stack?.status === 'False' &&
    stack.reason === 'Progressing'
  );
};

/** Neither names nor accounts can be taken by asking for them. */
const isToCome = (type: Gate, status: Partial<EnvironmentStatus>): boolean =>
  (type === 'AccountClaimed' && status.accountClaim === undefined) ||
  (type === 'NamespaceReady' && status.namespace === undefined);

/** A link command may be run at any moment: look often at first, when people watch, then less. Milliseconds. */
export const patience = ({ status }: Environment, reason: EnvironmentReason, now: number): number => {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const since = ready?.reason === reason ? now - Date.parse(ready.lastTransitionTime) : 0;
  return Math.min(Math.max(since / 10, 2_000), 60_000);
};
