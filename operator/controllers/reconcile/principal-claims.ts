// Which roles and users nobody may bring: those that administer an account, and those that stand for somebody else.
import { principalObject } from '../../access/parties.ts';
import type { Specs } from '../../access/specs.ts';
import { objectKey } from '../../kernel/kind.ts';
import type { Watch } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind, type ConsumptionRole } from '../../resources/consumption-role.ts';
import type { Environment } from '../../resources/environment.ts';
import { isOlder } from '../../resources/age.ts';
import { teamKind, type Team } from '../../resources/team.ts';
import { watch } from './watch.ts';

interface Refusal {
  readonly reason: 'PrincipalForbidden' | 'PrincipalTaken';
  readonly message: string;
}

/** @param claimant the Team or ConsumptionRole that names it */
export const principalRefused = (
  specs: Specs,
  arn: string,
  claimant: Pick<Team | ConsumptionRole, 'metadata'>,
): Refusal | undefined => {
  const environments = specs.environmentsOfAccount(arn.split(':')[4] ?? '');
  if (environments.some(({ status }) => status.pivotRole?.arn === arn))
    return {
      reason: 'PrincipalForbidden',
      message: `${arn} is the pivot role of its account and may do everything there: name a role that only reads data`,
    };
  const taken = (by: string): Refusal => ({ reason: 'PrincipalTaken', message: `${arn} ${by}` });
  if (isNameOfOurs(specs, arn, environments))
    return taken(
      'has the name of a role that we make for an environment, a team or a dataset: name a role of your own',
    );
  const users = [
    ...environments.filter(({ spec, status }) => status.defaultRole?.arn === arn || spec.defaultRoleArn === arn),
    ...specs.datasetsOfRole(arn),
  ];
  if (users.some((user) => isOlder(user, claimant)))
    return taken('is the role of an environment or a dataset already: name another one');
  const [first] = specs.principalsOf(arn);
  const holder = first && principalObject(first);
  if (first === undefined || holder === undefined || holder.metadata.uid === claimant.metadata.uid) return undefined;
  // Who reads this may not see what is in other environments of the account.
  return holder.metadata.namespace === claimant.metadata.namespace
    ? taken(`is that of ${first.kind} ${holder.metadata.name} already: use that one`)
    : taken('is claimed in another environment of its account already: name another one');
};

/**
 * Whether it is, or may become, the name of a role that our stacks make: they start with the prefix of an environment of the account and
 * end with the id of one or of a dataset. Before the stack is there nobody may have it either. IAM has no two names that differ in case alone.
 */
const isNameOfOurs = (specs: Specs, arn: string, environments: readonly Environment[]): boolean => {
  const name = arn.slice(arn.lastIndexOf('/') + 1).toLowerCase();
  const id = name.slice(name.lastIndexOf('-') + 1);
  return (
    environments.some(({ spec }) => name.startsWith(`${spec.resourcePrefix}-`)) &&
    (environments.some(({ status }) => status.id === id) || specs.datasetById(id) !== undefined)
  );
};

/** Wakes who else names a role or user when one that did is gone. @param kind of those to wake */
export const whenPrincipalIsFree = (specs: Specs, kind: 'Team' | 'ConsumptionRole'): readonly Watch[] => {
  const others = (arn: string | undefined): readonly { readonly key: string }[] =>
    (arn === undefined ? [] : specs.principalsOf(arn))
      .filter((principal) => principal.kind === kind)
      .map((principal) => ({ key: objectKey(principalObject(principal).metadata) }));
  return [
    watch(teamKind, ({ spec, status }, _old, event) =>
      event === 'deleted' ? others(status.roleArn ?? spec.roleArn) : [],
    ),
    watch(consumptionRoleKind, ({ spec }, _old, event) => (event === 'deleted' ? others(spec.principalArn) : [])),
  ];
};
