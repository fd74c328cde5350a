// The phases of an environment on its way to Ready, each a condition, and what a run that reached some of them found out. Pure.
import type { ConditionInput } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Environment, EnvironmentStatus } from '../../resources/environment.ts';
import {
  blocked,
  progressing,
  retryable,
  type ReadyReason,
  type ReconcileOutcome,
} from '../reconcile/reconcile-outcome.ts';

export type EnvironmentReason = ReadyReason<Environment>;

/** In the order in which they are passed. */
export const phases = ['NamespaceReady', 'AccountClaimed', 'Trusted', 'StackDeployed'] as const;
export type Phase = (typeof phases)[number];

export interface EnvironmentOutcome extends ReconcileOutcome<Environment> {
  /** Where it stopped; undefined: behind all phases, or without having looked. */
  readonly stoppedAt?: Phase | 'before';
  /** The stack is there, whatever came after it. */
  readonly deployed?: true;
  /** The account has just let us in, although the phase it stopped at is told before that one. */
  readonly trusted?: true;
}

/** What is known of an environment on its way through the phases. */
export interface PhaseInput {
  readonly environment: Stored<Environment>;
  readonly context: ReconcileContext;
  readonly id: string;
  readonly externalId: string;
  readonly status: Partial<EnvironmentStatus>;
  readonly deployed?: true;
}

/** Waits in a phase until somebody or something outside changes. */
export const blockedAt = (
  stoppedAt: Phase | 'before',
  reason: EnvironmentReason,
  message: string,
  status: Partial<EnvironmentStatus>,
  lookAgainMs: number,
): EnvironmentOutcome => ({ ...blocked(reason, message, { status, lookAgainMs }), stoppedAt });

/** Work goes on in a phase, or behind all of them. */
export const progressingAt = (
  stoppedAt: Phase | undefined,
  message: string,
  status: Partial<EnvironmentStatus>,
  lookAgainMs: number,
): EnvironmentOutcome => ({
  ...progressing(message, status, lookAgainMs),
  ...(stoppedAt !== undefined && { stoppedAt }),
});

/** A fault of AWS in a phase: tried again with backoff. @throws what is no fault */
export const retryableAt = (
  stoppedAt: Phase,
  error: unknown,
  status: Partial<EnvironmentStatus>,
): EnvironmentOutcome => ({ ...retryable<Environment>(error, (reason) => reason), status, stoppedAt });

/** Passed phases are True, the one it stopped at is False, those behind it stay as they were. */
export const phaseConditions = (
  { reason, message, stoppedAt, deployed, trusted, status }: EnvironmentOutcome,
  current: EnvironmentStatus['conditions'],
): readonly ConditionInput[] => {
  const at = stoppedAt === undefined ? phases.length : stoppedAt === 'before' ? -1 : phases.indexOf(stoppedAt);
  return phases.flatMap((type, index): ConditionInput[] => {
    if (index < at && isToCome(type, status))
      return [{ type, status: 'False', reason: 'Progressing', message: `comes once ${comesOnce(stoppedAt, reason)}` }];
    if (index < at || (index > at && (type === 'StackDeployed' ? deployed : type === 'Trusted' && trusted) === true))
      return [{ type, status: 'True', reason: 'Succeeded' }];
    if (index === at) return [{ type, status: 'False', reason, message }];
    const before = current?.find((condition) => condition.type === type);
    return before === undefined
      ? []
      : [{ type, status: before.status, reason: before.reason, message: before.message }];
  });
};

const comesOnce = (stoppedAt: EnvironmentOutcome['stoppedAt'], reason: EnvironmentReason): string => {
  if (reason === 'ConsentMissing' || reason === 'PivotRoleUnreachable') return 'the account lets us in';
  return stoppedAt === undefined ? 'the environment is Ready' : `${stoppedAt} is True`;
};

/** Neither names nor accounts can be taken by asking for them. */
const isToCome = (type: Phase, status: Partial<EnvironmentStatus>): boolean =>
  (type === 'AccountClaimed' && status.accountClaim === undefined) ||
  (type === 'NamespaceReady' && status.namespace === undefined);
