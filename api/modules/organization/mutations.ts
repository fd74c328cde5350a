// Changes of organizations: written as Organization objects in the name of who asks.

import { organizationKind, type Organization } from '../../../operator/resources/organization.ts';
import type { MutationResolvers } from '../../graphql/schema-types.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import { objectName } from '../../kubernetes/object-name.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, notFound, requiredParameter } from '../../server/failure.ts';
import { givenTexts, requiredText } from '../../server/input.ts';
import { asRead } from '../../read-model/object-columns.ts';
import { organizationRow } from '../../read-model/projections/organization.ts';
import { invitedPermissions } from './permissions.ts';
import type { OrganizationRow } from './organization.ts';
import { organizationByUri } from './queries.ts';

type Team = NonNullable<Organization['spec']['teams']>[number];

/** @throws GraphQLError ResourceNotFound */
export async function organizationFor(context: GatewayContext, action: string, uri: string): Promise<OrganizationRow> {
  const row = await organizationByUri(context.database, await context.viewer(), uri);
  if (row === undefined) throw notFound(action, 'Organization', uri);
  return row;
}

const attemptOn = (action: string, permission: string, uri: string): Attempt => ({
  action,
  permission,
  what: 'Organization',
  uri,
});

const answered = (organization: Organization): OrganizationRow => asRead(organizationRow(organization));

async function change(
  context: GatewayContext,
  attempt: Attempt,
  edit: (spec: Organization['spec']) => Partial<Organization['spec']>,
): Promise<OrganizationRow> {
  const { name } = await organizationFor(context, attempt.action, attempt.uri);
  const { dryRun } = context;
  return answered(await context.kubernetes.change(organizationKind, { name }, edit, { attempt, dryRun }));
}

/** Changes the invited groups. */
const changeTeams = (
  context: GatewayContext,
  attempt: Attempt,
  edit: (teams: readonly Team[]) => Team[],
): Promise<OrganizationRow> => change(context, attempt, ({ teams }) => ({ teams: edit(teams ?? []) }));

export const organizationMutations: MutationResolvers = {
  createOrganization: async (_, { input }, context) => {
    const action = 'CREATE_ORGANIZATION';
    const label = requiredText(action, 'label', input?.label);
    const owner = requiredText(action, 'groupUri', input?.SamlGroupName);
    const tags = givenTexts(input?.tags);
    const spec = {
      label,
      owner,
      ...(input?.description ? { description: input.description } : {}),
      ...(tags.length > 0 && { catalogTags: tags }),
    };
    const name = objectName(label, spec);
    const attempt = attemptOn(action, 'MANAGE_ORGANIZATIONS', name);
    const { dryRun } = context;
    return answered(await context.kubernetes.create(organizationKind, { name }, spec, { attempt, dryRun }));
  },

  updateOrganization: async (_, { organizationUri, input }, context) =>
    change(context, attemptOn('UPDATE_ORGANIZATION', 'UPDATE_ORGANIZATION', organizationUri), () => ({
      ...(input.label ? { label: input.label } : {}),
      ...(typeof input.description === 'string' && { description: input.description || undefined }),
      ...(input.SamlGroupName ? { owner: input.SamlGroupName } : {}),
      ...(input.tags && { catalogTags: givenTexts(input.tags) }),
    })),

  archiveOrganization: async (_, { organizationUri }, context) => {
    const attempt = attemptOn('DELETE_ORGANIZATION', 'DELETE_ORGANIZATION', organizationUri);
    const { name, environments } = await organizationFor(context, attempt.action, organizationUri);
    if (environments > 0)
      throw failure({
        class: 'OrganizationResourcesFound',
        action: attempt.action,
        text: `Organization ${name} has ${environments} environments; delete them first`,
      });
    await context.kubernetes.delete(organizationKind, { name }, { attempt, dryRun: context.dryRun });
    return true;
  },

  inviteGroupToOrganization: async (_, { input }, context) => {
    const { organizationUri, groupUri } = input;
    const attempt = attemptOn('INVITE_ORGANIZATION_GROUP', 'INVITE_ORGANIZATION_GROUP', organizationUri);
    const permissions = invitedPermissions(attempt.action, input.permissions);
    return changeTeams(context, attempt, (teams) => {
      const present = teams.find(({ group }) => group === groupUri);
      if (present === undefined) return [...teams, { group: groupUri, permissions }];
      if (isSame(present.permissions, permissions)) return [...teams];
      throw failure({
        class: 'ResourceAlreadyExists',
        action: attempt.action,
        text: `Team ${groupUri} is already admitted in the organization; change its permissions instead`,
      });
    });
  },

  updateOrganizationGroup: async (_, { input }, context) => {
    const { organizationUri, groupUri } = input;
    const attempt = attemptOn('UPDATE_ORGANIZATION_GROUP', 'INVITE_ORGANIZATION_GROUP', organizationUri);
    const permissions = invitedPermissions(attempt.action, input.permissions);
    return changeTeams(context, attempt, (teams) => {
      if (!teams.some(({ group }) => group === groupUri)) throw notFound(attempt.action, 'Group', groupUri);
      return teams.map((team) => (team.group === groupUri ? { ...team, permissions } : team));
    });
  },

  removeGroupFromOrganization: async (_, { organizationUri, groupUri }, context) => {
    const attempt = attemptOn('REMOVE_ORGANIZATION_GROUP', 'REMOVE_ORGANIZATION_GROUP', organizationUri);
    if (groupUri === '') throw requiredParameter(attempt.action, 'groupUri');
    return changeTeams(context, attempt, (teams) => teams.filter(({ group }) => group !== groupUri));
  },
};

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value) => other.includes(value));
