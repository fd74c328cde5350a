// A name that stands for nothing: an Environment that its account never let in goes after some days, so that others can have the name.
// Made again it has the same external id, so whoever comes late loses nothing.
import { isKubeError } from '../../kernel/client/kube-api.ts';
import type { Stored } from '../../kernel/kind.ts';
import { done, requeueAfter, type ReconcileContext, type Result } from '../../kernel/runtime/reconciler.ts';
import { environmentKind, type Environment, type EnvironmentStatus } from '../../resources/environment.ts';
import type { EnvironmentOutcome } from './phases.ts';
import type { Platform } from '../reconcile/platform.ts';

const DAY_MS = 24 * 3_600_000;

/** What an account that has let an environment in leaves in its status. */
const traces = ['namespace', 'accountClaim', 'pivotRole', 'stack'] as const satisfies (keyof EnvironmentStatus)[];

/** When it goes, milliseconds since the epoch; undefined once it was let in. */
export const lapsesAt = (
  { metadata, status }: Environment,
  found: Partial<EnvironmentStatus>,
  days: number,
): number | undefined =>
  traces.some((trace) => (found[trace] ?? status[trace]) !== undefined)
    ? undefined
    : Date.parse(metadata.creationTimestamp) + days * DAY_MS;

/** Whether a look came to an end: an account that did not answer has not said no. */
const isAnswered = ({ type }: EnvironmentOutcome): boolean => type === 'Waiting' || type === 'Stalled';

/** Deletes it if it is time. @returns whether it did */
export const lapse = async (
  { api, config }: Platform,
  environment: Stored<Environment>,
  outcome: EnvironmentOutcome,
  context: ReconcileContext,
): Promise<boolean> => {
  const { linkWithinDays } = config.environments;
  const at = lapsesAt(environment, outcome.status, linkWithinDays);
  if (at === undefined || at > context.now() || !isAnswered(outcome)) return false;
  const { name, uid, resourceVersion } = environment.metadata;
  try {
    await api.delete(environmentKind, { name }, { preconditions: { uid, resourceVersion }, signal: context.signal });
  } catch (error) {
    // Somebody writes to it at this moment; that will be looked at again.
    if (!isKubeError(error, 'NotFound', 'Conflict')) throw error;
    return false;
  }
  context.event(environment, {
    type: 'Warning',
    reason: 'LinkLapsed',
    note: `deleted: its account did not let it in within ${linkWithinDays} days, and others may want the name; made again, it has the same external id`,
  });
  return true;
};

/** Looks again when it is time, at the latest; and where somebody else wrote at that moment, a little later. */
export const untilLapse = (result: Result, at: number | undefined, now: number): Result =>
  at === undefined || result !== done ? result : requeueAfter(Math.min(Math.max(at - now, 1_000), DAY_MS));
