// Environments in GraphQL.

import type {
  EnvironmentResolvers,
  GroupFilter,
  InputMaybe,
  QueryResolvers,
  Resolvers,
} from '../../graphql/schema-types.ts';
import { liveField } from '../../live/live-field.ts';
import { pageOfAll } from '../../read-model/page.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure } from '../../server/failure.ts';
import { awsQueries } from './aws-access.ts';
import { consumptionPrincipalMutations } from './consumption-principal-mutations.ts';
import { consumptionPrincipalResolvers, listConsumptionPrincipals, policiesOf } from './consumption-principals.ts';
import { nameOfArn, roleIn } from './environment.ts';
import { environmentMutations } from './mutations.ts';
import { invitationPermissions, permissionsOf } from './permissions.ts';
import { environmentFor, listEnvironments } from './queries.ts';
import { teamMutations } from './team-mutations.ts';
import { groupsOf, listAllGroups, teamOf } from './teams.ts';

/** Those of an environment that pass. */
async function listGroups(
  context: GatewayContext,
  { environmentUri, filter }: { readonly environmentUri: string; readonly filter?: InputMaybe<GroupFilter> },
  passes: (group: string, owner: string) => boolean,
) {
  const environment = await environmentFor(context, 'LIST_ENVIRONMENT_GROUPS', environmentUri);
  const term = filter?.term?.toLowerCase() ?? '';
  const groups = await groupsOf(context, environment);
  return pageOfAll(
    groups.filter(
      ({ groupUri }) => passes(groupUri ?? '', environment.owner) && groupUri?.toLowerCase().includes(term),
    ),
    filter,
  );
}

const groupQueries: QueryResolvers = {
  listEnvironmentGroups: (_, args, context) =>
    listGroups(context, args, (group) => context.identity.groups.includes(group)),
  listAllEnvironmentGroups: (_, args, context) => listGroups(context, args, () => true),
  listEnvironmentInvitedGroups: (_, args, context) => listGroups(context, args, (group, owner) => group !== owner),
  listAllGroups: async (_, { filter }, context) => {
    const { nodes, ...page } = await listAllGroups(context, filter ?? {});
    return { ...page, nodes: nodes.map(({ group_name: name }) => ({ groupUri: name, name, label: name })) };
  },
  listEnvironmentGroupInvitationPermissions: () => invitationPermissions,
};

const consumptionPrincipalQueries: QueryResolvers = {
  listAllConsumptionPrincipals: (_, { filter }, context) =>
    listConsumptionPrincipals(context, filter, { owners: context.identity.groups }),
  listEnvironmentConsumptionPrincipals: async (_, { environmentUri, filter }, context) => {
    const { name } = await environmentFor(context, 'LIST_ENVIRONMENT_CONSUMPTION_ROLES', environmentUri);
    return listConsumptionPrincipals(context, filter, { environment: name, owners: context.identity.groups });
  },
  listAllEnvironmentConsumptionPrincipals: async (_, { environmentUri, filter }, context) => {
    const { name } = await environmentFor(context, 'LIST_ENVIRONMENT_CONSUMPTION_ROLES', environmentUri);
    return listConsumptionPrincipals(context, filter, { environment: name });
  },
  getConsumptionPrincipalPolicies: async (_, { environmentUri, IAMPrincipalName, IAMPrincipalType }, context) => {
    const action = 'GET_CONSUMPTION_PRINCIPAL_POLICIES';
    const { name } = await environmentFor(context, action, environmentUri);
    const type = (['ROLE', 'USER', 'GROUP'] as const).find((known) => known === IAMPrincipalType.toUpperCase());
    if (type !== undefined) return policiesOf(context, name, IAMPrincipalName, type);
    const text = `IAMPrincipalType value ${JSON.stringify(IAMPrincipalType)} must be Role, User or Group`;
    throw failure({ class: 'InvalidInput', action, text });
  },
};

const environment: EnvironmentResolvers = {
  environmentUri: ({ uri }) => uri,
  owner: ({ changed_by }) => changed_by,
  created: ({ created }) => created.toISOString(),
  updated: ({ updated }) => updated.toISOString(),
  deleted: ({ deleting }) => deleting?.toISOString(),
  admins: ({ owner }) => [owner],
  environmentType: () => 'Data',
  AwsAccountId: ({ account }) => account,
  SamlGroupName: ({ owner }) => owner,
  resourcePrefix: ({ resource_prefix }) => resource_prefix,
  EnvironmentDefaultIAMRoleArn: ({ role_arn }) => role_arn,
  EnvironmentDefaultIAMRoleName: ({ role_arn }) => (role_arn === null ? null : nameOfArn(role_arn)),
  EnvironmentDefaultIAMRoleImported: ({ role_imported }) => role_imported,
  datasets: () => null,
  organization: ({ organization_seen }) => organization_seen,
  userRoleInEnvironment: (row, _, { identity }) => roleIn(row, identity.groups),
  validated: ({ ready }) => ready === 'True',
  roleCreated: ({ role_arn }) => role_arn !== null,
  isOrganizationDefaultEnvironment: () => false,
  subscriptionsEnabled: () => false,
  subscriptionsProducersTopicImported: () => false,
  subscriptionsConsumersTopicImported: () => false,
  EnvironmentDefaultBucketName: ({ bucket }) => bucket,
  EnvironmentLogsBucketName: ({ logs_bucket }) => logs_bucket,
  EnvironmentDefaultAthenaWorkGroup: ({ workgroup }) => workgroup,
  PermissionsBoundaryPolicyArn: ({ boundary_arn }) => boundary_arn,
  networks: () => [],
  parameters: () => [],
  linkCommand: ({ link_command }) => link_command,
  externalId: ({ external_id }) => external_id,
  message: ({ ready, message }) => (ready === 'True' ? null : message),
};

export const environmentResolvers: Resolvers = {
  Query: {
    getEnvironment: (_, { environmentUri }, context) => environmentFor(context, 'GET_ENVIRONMENT', environmentUri),
    listEnvironments: (_, { filter }, context) => listEnvironments(context, filter),
    listValidEnvironments: async (_, { filter }, context) => listEnvironments(context, filter, { valid: true }),
    ...groupQueries,
    ...consumptionPrincipalQueries,
    ...awsQueries,
  },
  Mutation: { ...environmentMutations, ...teamMutations, ...consumptionPrincipalMutations },
  Subscription: {
    environmentChanged: liveField(({ environmentUri }, context, following) => {
      following.follow('Environment', environmentUri);
      return environmentFor(context, 'GET_ENVIRONMENT', environmentUri);
    }),
  },
  Environment: environment,
  EnvironmentSimplified: {
    environmentUri: ({ uri }) => uri,
    organization: ({ organization_seen }) => organization_seen,
    networks: () => [],
  },
  ConsumptionPrincipal: consumptionPrincipalResolvers,
  Organization: {
    environments: ({ name }, { filter }, context) => listEnvironments(context, filter, { organization: name }),
  },
  Group: {
    environmentPermissions: async ({ groupUri }, { environmentUri }, context) => {
      const row = await environmentFor(context, 'LIST_ENVIRONMENT_GROUP_PERMISSIONS', environmentUri);
      if (groupUri === row.owner) return permissionsOf(invitationPermissions.map(({ name }) => name));
      const team = groupUri ? await teamOf(context, row, groupUri) : undefined;
      return team === undefined ? [] : permissionsOf(team.permissions);
    },
  },
};
