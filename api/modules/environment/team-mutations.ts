// Changes of who is in an environment: written as Team objects in the name of who asks.

import { groupSlug } from '../../../operator/resources/names.ts';
import { teamKind } from '../../../operator/resources/team.ts';
import type { MutationResolvers } from '../../graphql/schema-types.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, invalidInput, notFound, requiredParameter } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import type { EnvironmentRow } from './environment.ts';
import { chosenPermissions } from './permissions.ts';
import { environmentFor } from './queries.ts';
import { teamOf } from './teams.ts';

/** Names of objects hold at most so many characters. */
const MAX_NAME = 63;

const attemptOn = (action: string, permission: string, uri: string): Attempt => ({
  action,
  permission,
  what: 'Environment',
  uri,
});

export const teamMutations: MutationResolvers = {
  inviteGroupOnEnvironment: async (_, { input }, context) => {
    const attempt = attemptOn('INVITE_ENVIRONMENT_GROUP', 'INVITE_ENVIRONMENT_GROUP', input.environmentUri);
    const { action } = attempt;
    const group = requiredText(action, 'groupUri', input.groupUri);
    if (!input.permissions) throw requiredParameter(action, 'permissions');
    const permissions = chosenPermissions(action, input.permissions);
    const environment = await environmentFor(context, action, input.environmentUri);
    await demandMember(context, action, environment, group);
    const arn = input.environmentIAMRoleArn;
    const spec = { group, permissions, ...(arn ? { roleArn: arn } : {}) };
    // One that was invited by kubectl may have any name.
    const name = (await teamOf(context, environment, group))?.name ?? groupSlug(group, MAX_NAME);
    const { dryRun } = context;
    const where = { namespace: environment.name, name };
    await context.kubernetes.create(teamKind, where, spec, { attempt, dryRun });
    return { ...environment, invited: environment.invited || context.identity.groups.includes(group) };
  },

  updateGroupEnvironmentPermissions: async (_, { input }, context) => {
    const attempt = attemptOn('UPDATE_ENVIRONMENT_GROUP', 'UPDATE_ENVIRONMENT_GROUP', input.environmentUri);
    const { action } = attempt;
    if (!input.permissions) throw requiredParameter(action, 'permissions');
    const permissions = chosenPermissions(action, input.permissions);
    const environment = await environmentFor(context, action, input.environmentUri);
    const where = await invitedTeam(context, action, environment, input.groupUri);
    const arn = input.environmentIAMRoleArn;
    const edit = () => ({ permissions, ...(arn ? { roleArn: arn } : {}) });
    const { dryRun } = context;
    await context.kubernetes.change(teamKind, where, edit, { attempt, dryRun });
    return environment;
  },

  removeGroupFromEnvironment: async (_, { environmentUri, groupUri }, context) => {
    const attempt = attemptOn('REMOVE_ENVIRONMENT_GROUP', 'REMOVE_ENVIRONMENT_GROUP', environmentUri);
    const environment = await environmentFor(context, attempt.action, environmentUri);
    const where = await invitedTeam(context, attempt.action, environment, groupUri);
    await demandNothingOf(context, attempt.action, environment, groupUri);
    await context.kubernetes.delete(teamKind, where, { attempt, dryRun: context.dryRun });
    return environment;
  },
};

/** Only groups of the organization can be in its environments: the operator would say so of the Team, later. */
async function demandMember(context: GatewayContext, action: string, environment: EnvironmentRow, group: string) {
  if (group === environment.owner)
    throw failure({
      class: 'ResourceAlreadyExists',
      action,
      text: `Team ${group} owns the environment and may do everything in it already`,
    });
  const organization = await context.database
    .selectFrom('organization')
    .select(['owner', 'invited'])
    .where('name', '=', environment.organization)
    .executeTakeFirst();
  if (organization === undefined || group === organization.owner || organization.invited.includes(group)) return;
  throw invalidInput(action, 'groupUri', group, 'a group of the organization: have its owner invite it there first');
}

async function invitedTeam(context: GatewayContext, action: string, environment: EnvironmentRow, group: string) {
  if (group === environment.owner)
    throw failure({
      class: 'UnauthorizedOperation',
      action,
      text: `Team ${group} owns the environment: what it may do is not changed or taken away`,
    });
  const team = await teamOf(context, environment, group);
  if (team === undefined) throw notFound(action, 'Group', group);
  return { namespace: environment.name, name: team.name };
}

/** What is a group's in an environment goes first, or nobody could look after it. */
async function demandNothingOf(context: GatewayContext, action: string, { name }: EnvironmentRow, group: string) {
  const count = async (table: 'dataset' | 'consumption_role' | 'share_request', column: 'owner' | 'requester') => {
    const { uids } = await context.database
      .selectFrom(table as 'dataset')
      .select(({ fn }) => fn.countAll<string>().as('uids'))
      .where('namespace', '=', name)
      .where(column as 'owner', '=', group)
      .executeTakeFirstOrThrow();
    return Number(uids);
  };
  const found = {
    datasets: await count('dataset', 'owner'),
    'consumption roles': await count('consumption_role', 'owner'),
    'requests for access': await count('share_request', 'requester'),
  };
  const named = Object.entries(found).flatMap(([what, number]) => (number > 0 ? [`${number} ${what}`] : []));
  if (named.length === 0) return;
  const text = `Team ${group} has ${named.join(', ')} in the environment: delete them first, or give them to another group`;
  throw failure({ class: 'EnvironmentResourcesFound', action, text, facts: { found } });
}
