// What became of a batch of Lake Formation grants or revocations, entry by entry.
import type { LakeGrant, LakeGrantOutcome } from '../../aws/lakeformation.ts';
import type { ActionOutcome } from '../document.ts';

/** Entries that may succeed later make the whole work item come again; the others fail only their own grants. */
export const settleGrants = (
  outcomes: readonly LakeGrantOutcome[],
  grantsOf: (entry: LakeGrant) => readonly string[],
): ActionOutcome => {
  const failed = outcomes.flatMap(({ grant, fault }) => (fault === undefined ? [] : [{ grant, fault }]));
  const retryable = failed.find(({ fault, grant }) => fault.retryable || grantsOf(grant).length === 0);
  if (retryable !== undefined) throw retryable.fault;
  const [first] = failed;
  if (first === undefined) return { done: true };
  return {
    done: false,
    grants: failed.flatMap(({ grant }) => grantsOf(grant)),
    verdict: {
      state: 'Failed',
      reason: first.fault.kind === 'UnknownPrincipal' ? 'PrincipalNotFound' : 'AwsError',
      message: `Lake Formation refused the grant: ${first.fault.reason}. ${first.fault.advice}`,
    },
  };
};
