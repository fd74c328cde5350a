// Which roles and users nobody may bring: those that administer an account, and those that stand for somebody else.
import type { Specs } from '../access/specs.ts';

/** @param uid of the Team or ConsumptionRole that names it */
export const principalRefused = (
  specs: Specs,
  arn: string,
  uid: string,
): { readonly reason: 'PrincipalForbidden' | 'PrincipalTaken'; readonly message: string } | undefined => {
  const pivots = specs
    .environmentsOfAccount(arn.split(':')[4] ?? '')
    .flatMap(({ status }) => status.pivotRole?.arn ?? []);
  if (pivots.includes(arn))
    return {
      reason: 'PrincipalForbidden',
      message: `${arn} is the pivot role of its account and may do everything there: name a role that only reads data`,
    };
  const [first] = specs.principalsOf(arn);
  const owner = first?.kind === 'Team' ? first.team : first?.role;
  if (owner === undefined || owner.metadata.uid === uid) return undefined;
  return {
    reason: 'PrincipalTaken',
    message: `${first?.kind} ${owner.metadata.namespace}/${owner.metadata.name} has this role already: use that one`,
  };
};
