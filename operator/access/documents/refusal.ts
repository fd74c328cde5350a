// Verdicts that several kinds of documents give in the same words.
import type { ActionOutcome, Verdict } from '../document.ts';
import { grantId, type Grant } from '../grant.ts';

export type Refusal = Verdict & { state: 'Failed' | 'Waiting' };

/**
 * What AWS says of a role or user that IAM has not spread yet, it says of one that is gone too. So it is asked again, and only the
 * object that stands for the principal says which of the two it is: who is gone, or another by now, is no longer claimed.
 */
export const principalUnknown = (message: string): Refusal => ({
  state: 'Waiting',
  reason: 'PrincipalNotFound',
  message,
});

/** Nobody tells when room is made, e.g. in IAM, whose events are in us-east-1 alone. */
export const quotaExceeded = (message: string): Refusal => ({
  state: 'Failed',
  reason: 'QuotaExceeded',
  message: `${message}. Then set dataall.io/requested-at on this request, or wait ${QUOTA_LOOK_MS / 60_000} minutes`,
});

/** Between two looks at a document that has no room for a grant. Milliseconds. */
export const QUOTA_LOOK_MS = 5 * 60_000;

/** The same refusal for each of the grants. */
export const refuseAll = (grants: readonly Grant[], refusal: Refusal): ReadonlyMap<string, Refusal> =>
  new Map(grants.map((grant) => [grantId(grant), refusal]));

/** Outcome of a policy write that had to leave out grants whose principal AWS does not know. */
export const unknownPrincipals = (grants: readonly Grant[]): ActionOutcome =>
  grants.length === 0
    ? { done: true }
    : {
        done: false,
        grants: grants.map(grantId),
        verdict: principalUnknown(
          `AWS does not know ${grants[0]?.principal.arn ?? 'the principal'}: a new role is known within minutes, of one that is gone its ConsumptionRole or Team tells`,
        ),
      };
