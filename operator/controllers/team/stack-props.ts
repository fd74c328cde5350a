// The stack of a team as its spec wants it.
import { objectKey } from '../../kernel/kind.ts';
import { iamArn, partitionOf } from '../../policy/arn.ts';
import type { Environment } from '../../resources/environment.ts';
import { membersOf, organizationKind } from '../../resources/organization.ts';
import { teamPolicyName, teamRoleName, teamWorkgroupName } from '../../resources/names.ts';
import type { Team } from '../../resources/team.ts';
import { mostPolicies, spreadOverPolicies } from '../../stacks/templates/spread-over-policies.ts';
import type { TeamStackProps } from '../../stacks/stack-props.ts';
import { stackTags } from '../../stacks/stack-tags.ts';
import { teamRoleStatements } from '../../stacks/templates/team-role-statements.ts';
import type { Dataset } from '../../resources/dataset.ts';
import { ownedData, ownedDatasets, rolePolicies, thatFit, type Extent } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';

/** Names hold the group and the environment's id; a changed prefix names new teams only. */
export const teamProps = (
  platform: Platform,
  team: Team,
  environment: Environment,
  extent: Extent = 'All',
): TeamStackProps => {
  const bare = withoutData(platform, team, environment);
  return { ...bare, team: { ...bare.team, owned: ownedData(teamDatasets(platform, team, environment, extent)) } };
};

const withoutData = (platform: Platform, team: Team, environment: Environment): TeamStackProps => {
  const { spec, status } = environment;
  const { group } = team.spec;
  const naming = { prefix: spec.resourcePrefix, id: status.id ?? '' };
  const workgroup = team.status.workgroup ?? teamWorkgroupName(naming, group);
  const made = team.status.roleArn?.split('/').at(-1) ?? teamRoleName(naming, group);
  return {
    partition: partitionOf(spec.account.region),
    account: spec.account.id,
    region: spec.account.region,
    // The workgroup's name starts and ends like the stack's should, and once given it stays.
    stackName: workgroup,
    prefix: spec.resourcePrefix,
    environmentId: naming.id,
    permissionsBoundaryArn: spec.permissionsBoundaryArn,
    team: {
      group,
      roleName: team.spec.roleArn === undefined ? made : undefined,
      importedRoleArn: team.spec.roleArn,
      workgroup,
      environmentBucket: status.buckets?.environment ?? '',
      pivotRoleArn: status.pivotRole?.arn ?? '',
      mayQuery: mayQuery(team),
      owned: ownedData([]),
    },
  };
};

export const mayQuery = ({ spec }: Team): boolean => spec.permissions.includes('RUN_ATHENA_QUERY');

/** Whose parts its role has rights to: of a group that is not invited, none. */
export const teamDatasets = (
  platform: Platform,
  team: Team,
  environment: Environment,
  extent: Extent,
): readonly Dataset[] => {
  const bare = withoutData(platform, team, environment);
  const policies = (some: readonly Dataset[]): number => rolePolicies(bare, bare.team, some).length;
  return thatFit(wanted(platform, team, environment, extent), policies, mostPolicies.team);
};

/** For which its role has no room. */
export const teamLeftOut = (platform: Platform, team: Team, environment: Environment): readonly Dataset[] =>
  wanted(platform, team, environment, 'All').slice(teamDatasets(platform, team, environment, 'All').length);

const wanted = (
  platform: Platform,
  { metadata, spec: { group }, status }: Team,
  environment: Environment,
  extent: Extent,
): readonly Dataset[] => {
  const owner = isInvited(platform, environment, group) ? group : undefined;
  return ownedDatasets(platform, metadata.namespace, owner, status, extent);
};

/** Whether the organization has the group. */
export const isInvited = ({ stores }: Platform, { spec }: Environment, group: string): boolean => {
  const organization = stores.get(organizationKind).get(undefined, spec.organization);
  return organization !== undefined && membersOf(organization).includes(group);
};

/** Names of the managed policies that the template gives the role. */
export const policyNames = ({ team, ...place }: TeamStackProps): string[] => {
  const roleName = team.importedRoleArn?.split('/').at(-1) ?? team.roleName ?? '';
  const roleArn = team.importedRoleArn ?? iamArn(place.partition, place.account, `role/${roleName}`);
  return spreadOverPolicies(teamRoleStatements({ ...place, roleArn }, team)).map((_, index) =>
    teamPolicyName(team.roleName ?? `${place.prefix}-${roleName}`, index),
  );
};

export const teamTags = (
  { config }: Platform,
  { metadata, spec }: Team,
  environment: Environment,
  id: string,
): Readonly<Record<string, string>> =>
  stackTags({
    installation: config.installation,
    owner: { kind: 'Team', name: objectKey(metadata), id },
    environment: environment.metadata.name,
    team: spec.group,
    creator: environment.spec.owner,
    user: (environment.spec.tags ?? []).filter(({ cascade }) => cascade === true),
  });
