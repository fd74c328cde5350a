// Which roles and users nobody may bring: those that administer an account, and those that stand for somebody else.
import type { Specs } from '../access/specs.ts';
import { objectKey } from '../kernel/kind.ts';
import type { Source } from '../kernel/reconciler.ts';
import { consumptionRoleKind } from '../resources/consumption-role.ts';
import { teamKind } from '../resources/team.ts';
import { source } from './sources.ts';

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

/** Wakes who else names a role or user when one that did is gone. @param kind of those to wake */
export const whenPrincipalIsFree = (specs: Specs, kind: 'Team' | 'ConsumptionRole'): readonly Source[] => {
  const others = (arn: string | undefined): readonly { readonly key: string }[] =>
    (arn === undefined ? [] : specs.principalsOf(arn))
      .filter((principal) => principal.kind === kind)
      .map((principal) => (principal.kind === 'Team' ? principal.team : principal.role))
      .map(({ metadata }) => ({ key: objectKey(metadata) }));
  return [
    source(teamKind, ({ spec, status }, _old, event) =>
      event === 'deleted' ? others(status.roleArn ?? spec.roleArn) : [],
    ),
    source(consumptionRoleKind, ({ spec }, _old, event) => (event === 'deleted' ? others(spec.principalArn) : [])),
  ];
};
