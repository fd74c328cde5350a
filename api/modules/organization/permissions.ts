// What an organization can allow to a group that it invites.

import { organizationPermissions } from '../../../operator/resources/organization.ts';
import { invalidInput } from '../../server/failure.ts';

type OrganizationPermission = (typeof organizationPermissions)[number];

const descriptions: Readonly<Record<OrganizationPermission | 'GET_ORGANIZATION', string>> = {
  GET_ORGANIZATION: 'See the organization',
  LINK_ENVIRONMENT: 'Link an AWS account to the organization',
  INVITE_ORGANIZATION_GROUP: 'Invite groups to the organization',
  REMOVE_ORGANIZATION_GROUP: 'Remove groups from the organization',
};

/** Names and descriptions of what can be chosen when a group is invited. */
export const describedPermissions = organizationPermissions.map((name) => ({ name, description: descriptions[name] }));

/** What every invited group has, and what was chosen for it. */
export const permissionsOf = (chosen: readonly OrganizationPermission[]) =>
  (['GET_ORGANIZATION', ...chosen] as const).map((name) => ({
    permissionUri: name,
    type: 'ORGANIZATION',
    name,
    description: descriptions[name],
  }));

/** @throws GraphQLError InvalidInput for one that is none; `GET_ORGANIZATION`, which every group has, is left out */
export function invitedPermissions(
  action: string,
  names: readonly (string | null | undefined)[] | null | undefined,
): OrganizationPermission[] {
  const chosen = (names ?? []).flatMap((name) => (name && name !== 'GET_ORGANIZATION' ? [name] : []));
  return [...new Set(chosen)].map((name) => {
    const known = organizationPermissions.find((permission) => permission === name);
    if (known === undefined)
      throw invalidInput(action, 'permissions', name, `among ${organizationPermissions.join(', ')}`);
    return known;
  });
}
