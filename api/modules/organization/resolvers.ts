// Organizations in GraphQL.

import type { Resolvers } from '../../graphql/schema-types.ts';
import { liveField } from '../../live/live-field.ts';
import { pageOfAll } from '../../read-model/page.ts';
import { organizationFor, organizationMutations } from './mutations.ts';
import { peopleIn } from './people.ts';
import { roleIn } from './organization.ts';
import { describedPermissions, permissionsOf } from './permissions.ts';
import { listOrganizations } from './queries.ts';
import { organizationKind } from '../../../operator/resources/organization.ts';

export const organizationResolvers: Resolvers = {
  Query: {
    listOrganizations: async (_, { filter }, { database, viewer }) =>
      listOrganizations(database, await viewer(), filter ?? {}),
    getOrganization: (_, { organizationUri }, context) => organizationFor(context, 'GET_ORGANIZATION', organizationUri),
    listOrganizationGroups: async (_, { organizationUri, filter }, context) => {
      const { owner, invited } = await organizationFor(context, 'GET_ORGANIZATION', organizationUri);
      const term = filter?.term?.toLowerCase() ?? '';
      const groups = [owner, ...invited].filter((group) => group.toLowerCase().includes(term));
      return pageOfAll(
        groups.map((group) => ({ groupUri: group, name: group, label: group, owner })),
        filter,
      );
    },
    listOrganizationGroupPermissions: async (_, { organizationUri, groupUri }, context) => {
      const action = 'LIST_ORGANIZATION_GROUP_PERMISSIONS';
      const { name, owner } = await organizationFor(context, action, organizationUri);
      const attempt = { action, permission: 'GET_ORGANIZATION', what: 'Organization', uri: organizationUri };
      const { spec } = await context.kubernetes.read(organizationKind, { name }, attempt);
      if (groupUri === owner) return permissionsOf(describedPermissions.map((permission) => permission.name));
      const team = spec.teams?.find(({ group }) => group === groupUri);
      return team === undefined ? [] : permissionsOf(team.permissions);
    },
    listInviteOrganizationPermissionsWithDescriptions: () => [...describedPermissions],
  },
  Mutation: organizationMutations,
  Subscription: {
    organizationChanged: liveField(({ organizationUri }, context, following) => {
      following.follow('Organization', organizationUri);
      return organizationFor(context, 'GET_ORGANIZATION', organizationUri);
    }),
  },
  Organization: {
    organizationUri: ({ uri }) => uri,
    owner: ({ changed_by }) => changed_by,
    SamlGroupName: ({ owner }) => owner,
    created: ({ created }) => created.toISOString(),
    updated: ({ updated }) => updated.toISOString(),
    userRoleInOrganization: (organization, _, { identity }) => roleIn(organization, identity.groups),
    stats: (organization) => organization,
  },
  OrganizationStats: {
    groups: ({ invited }) => invited.length + 1,
    users: async ({ owner, invited }, _, context) => peopleIn(context, [owner, ...invited]),
  },
};
