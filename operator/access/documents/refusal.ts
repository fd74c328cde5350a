// Verdicts that several kinds of documents give in the same words.
import type { ActionOutcome, Verdict } from '../document.ts';
import { grantId, type Grant } from '../grant.ts';

export type Refusal = Verdict & { state: 'Failed' };

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
        verdict: {
          state: 'Failed',
          reason: 'PrincipalNotFound',
          message: `AWS does not know ${grants[0]?.principal.arn ?? 'the principal'}: create the role again, or delete the ConsumptionRole`,
        },
      };
