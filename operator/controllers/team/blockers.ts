// What keeps the stack of a team from being brought up to date: checks in the order in which people are told. No account is asked.
import type { AccountAws } from '../../aws/account.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { Environment } from '../../resources/environment.ts';
import type { Team } from '../../resources/team.ts';
import { isServing } from '../environment/serving.ts';
import { firstRefusal, type Check } from '../../access/checks.ts';
import { idTaken, principalKinds } from '../reconcile/object-id.ts';
import type { Platform } from '../reconcile/platform.ts';
import { principalRefused } from '../reconcile/principal-claims.ts';
import { blocked, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { isInvited } from './stack-props.ts';

/** Where a team can be worked on. */
export interface TeamPlace {
  readonly environment: Environment;
  readonly aws: AccountAws;
}

interface Input {
  readonly platform: Platform;
  readonly team: Stored<Team>;
  readonly environment: Environment;
}

type TeamCheck = Check<Input, ReconcileOutcome<Team>>;

/** Nothing in the cluster tells when somebody else has given up the role that a team brings. */
export const LOOK_FOR_ROLE_MS = 60_000;

/** The place of a team; else what stands in its way. */
export const teamPlace = (platform: Platform, team: Stored<Team>): TeamPlace | ReconcileOutcome<Team> => {
  const { namespace } = team.metadata;
  const taken = idTaken(platform.stores, principalKinds, team);
  if (taken !== undefined) return blocked('IdTaken', taken);
  const environment = platform.specs.environment(namespace);
  if (environment === undefined)
    return blocked('EnvironmentNotFound', `namespace ${namespace} belongs to no Environment`);
  const refusal = firstRefusal(refusals, { platform, team, environment });
  if (refusal !== undefined) return refusal;
  const aws = platform.accountOf(environment);
  if (aws === undefined || !isServing(environment))
    return blocked('EnvironmentNotReady', `environment ${namespace} is not ready: see its conditions`);
  return team.spec.suspend === true ? blocked('Suspended', 'spec.suspend is true') : { environment, aws };
};

const invited: TeamCheck = ({ platform, team: { spec }, environment }) =>
  isInvited(platform, environment, spec.group)
    ? undefined
    : blocked(
        'NotInvited',
        `${spec.group} is neither owner nor team of Organization ${environment.spec.organization}: add it to spec.teams there, or delete this Team; a role made for it stays till then, without what it owned or was given`,
      );

const notOwnerOfEnvironment: TeamCheck = ({ team: { spec }, environment }) =>
  spec.group === environment.spec.owner
    ? blocked('GroupTaken', `${spec.group} owns this environment and has its role already: delete this Team`)
    : undefined;

const onlyTeamOfItsGroup: TeamCheck = ({ platform: { specs }, team: { metadata, spec } }) => {
  const first = specs.teamOfGroup(metadata.namespace, spec.group);
  if (first === undefined || first.metadata.uid === metadata.uid) return undefined;
  return blocked('GroupTaken', `Team ${first.metadata.name} has group ${spec.group} already: delete one of the two`);
};

const roleIsFree: TeamCheck = ({ platform: { specs }, team }) => {
  const refused = team.spec.roleArn === undefined ? undefined : principalRefused(specs, team.spec.roleArn, team);
  return refused && blocked(refused.reason, refused.message, { lookAgainMs: LOOK_FOR_ROLE_MS });
};

const refusals: readonly TeamCheck[] = [invited, notOwnerOfEnvironment, onlyTeamOfItsGroup, roleIsFree];
