// How a write to a document ended, as the audit stream tells it.
import { isFault } from '../aws/fault.ts';
import type { ActionOutcome } from './document.ts';

/**
 * How a write ended. `Refused`: AWS does not do it, or not the part of these grants. `Unfinished`: an error came between; what of it AWS did
 * all the same, the next read shows.
 */
export type WriteResult =
  | { readonly outcome: 'Succeeded' }
  | {
      readonly outcome: 'Refused';
      readonly reason: string;
      readonly message: string;
      readonly grants: readonly string[];
    }
  | { readonly outcome: 'Unfinished'; readonly reason: string; readonly message: string };

export const resultOf = (outcome: ActionOutcome): WriteResult => {
  if (outcome.done) return { outcome: 'Succeeded' };
  const { reason, message } = outcome.verdict;
  return { outcome: 'Refused', reason, message, grants: outcome.grants };
};

export const resultOfError = (error: unknown): WriteResult =>
  isFault(error)
    ? { outcome: 'Unfinished', reason: error.kind, message: error.message }
    : { outcome: 'Unfinished', reason: 'Interrupted', message: 'the operator ended the work' };
