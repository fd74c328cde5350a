// Groups of the identity provider in GraphQL: who is in them, and who is not in something yet.

import type { ServiceProviderGroupFilter, Resolvers } from '../../graphql/schema-types.ts';
import { visible } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, unauthorized } from '../../server/failure.ts';
import { environmentFor } from '../environment/queries.ts';
import { groupsOf } from '../environment/teams.ts';
import { organizationFor } from '../organization/mutations.ts';

export const groupResolvers: Resolvers = {
  Query: {
    listGroups: async (_, { filter }, context) => {
      const [listed, present] = await Promise.all([context.groupDirectory.listGroups(), alreadyIn(context, filter)]);
      // One's own are known by the token, whatever the directory knows.
      const all = [...new Set([...listed, ...context.identity.groups])].toSorted();
      return all.filter((group) => !present.has(group)).map((groupName) => ({ groupName }));
    },
    listUsersForGroup: async (_, { groupUri }, context) => {
      await demandAcquaintance(context, 'LIST_USERS_FOR_GROUP', groupUri);
      return (await context.groupDirectory.usersOfGroup(groupUri)).map(({ user }) => user);
    },
    getGroupsForUser: async (_, { userid }, context) => {
      const { user, email, groups } = context.identity;
      // Of oneself the token says it.
      if (userid === user || userid === email) return [...groups];
      const { seesEverything } = await context.viewer();
      if (seesEverything) return [...(await context.groupDirectory.groupsOfUser(userid))];
      throw unauthorized('GET_GROUPS_FOR_USER', user, 'LIST_GROUPS', `user: ${userid}`);
    },
    getGroup: async (_, { groupUri }, context) => {
      await demandAcquaintance(context, 'GET_GROUP', groupUri);
      return { groupUri, name: groupUri, label: groupUri };
    },
  },
};

/** Names of the groups that an environment or an organization has already. */
async function alreadyIn(
  context: GatewayContext,
  filter: ServiceProviderGroupFilter | null | undefined,
): Promise<ReadonlySet<string>> {
  const { type, uri } = filter ?? {};
  if (!type || !uri) return new Set();
  const action = 'LIST_GROUPS';
  if (type === 'environment') {
    const groups = await groupsOf(context, await environmentFor(context, action, uri));
    return new Set(groups.flatMap(({ groupUri }) => groupUri ?? []));
  }
  if (type === 'organization') {
    const { owner, invited } = await organizationFor(context, action, uri);
    return new Set([owner, ...invited]);
  }
  const text = `filter.type value ${JSON.stringify(type)} must be environment or organization`;
  throw failure({ class: 'InvalidInput', action, text });
}

/**
 * Who is in a group is told to its members, to administrators, and to those who may see what the group itself did: an environment that it
 * linked, a request that it made. Neither can be given to it by others, unlike an invitation, or the ownership of an organization or a
 * dataset. data.all tells everybody.
 */
async function demandAcquaintance(context: GatewayContext, action: string, group: string): Promise<void> {
  const { identity, database } = context;
  if (identity.groups.includes(group)) return;
  const viewer = await context.viewer();
  if (viewer.seesEverything) return;
  const environment = database
    .selectFrom('environment')
    .select('uid')
    .where('owner', '=', group)
    .where(visible('environment', viewer));
  const request = database
    .selectFrom('share_request')
    .select('uid')
    .where('requester', '=', group)
    .where(visible('share_request', viewer));
  const met = await environment.unionAll(request).limit(1).executeTakeFirst();
  if (met === undefined) throw unauthorized(action, identity.user, 'LIST_GROUP_MEMBERS', `group: ${group}`);
}
