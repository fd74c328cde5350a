// What an environment can allow to a group that it invites.

import { environmentPermissions } from '../../../operator/resources/team.ts';
import { invalidInput } from '../../server/failure.ts';

type EnvironmentPermissionName = (typeof environmentPermissions)[number];

const always = {
  GET_ENVIRONMENT: 'See the environment',
  LIST_ENVIRONMENT_GROUPS: 'List its groups',
  LIST_ENVIRONMENT_GROUP_PERMISSIONS: 'List what its groups may do',
  LIST_ENVIRONMENT_CONSUMPTION_ROLES: 'List its consumption roles',
  LIST_ENVIRONMENT_NETWORKS: 'List its networks',
  LIST_ENVIRONMENT_DATASETS: 'List its datasets',
  LIST_ENVIRONMENT_SHARED_WITH_OBJECTS: 'List what is shared with it',
  CREDENTIALS_ENVIRONMENT: 'Work in AWS as the role of the group',
} as const;

const chosen: Readonly<Record<EnvironmentPermissionName, string>> = {
  CREATE_DATASET: 'Create and import datasets',
  CREATE_SHARE_OBJECT: 'Ask for access to data of others',
  RUN_ATHENA_QUERY: 'Run queries in its workgroup',
  ADD_ENVIRONMENT_CONSUMPTION_ROLES: 'Add roles and users that may be given access',
  INVITE_ENVIRONMENT_GROUP: 'Invite groups',
};

const described = (permissions: Readonly<Record<string, string>>) =>
  Object.entries(permissions).map(([name, description]) => ({
    permissionUri: name,
    type: 'ENVIRONMENT',
    name,
    description,
  }));

/** What can be chosen when a group is invited. */
export const invitationPermissions = described(chosen);

/** What every group of an environment has, and what was chosen for it. */
export const permissionsOf = (names: readonly string[]) => [
  ...described(always),
  ...invitationPermissions.filter(({ name }) => names.includes(name)),
];

/** @throws GraphQLError InvalidInput for one that is none; those that every group has are left out */
export function chosenPermissions(
  action: string,
  names: readonly (string | null | undefined)[],
): EnvironmentPermissionName[] {
  const wanted = names.flatMap((name) => (name && !(name in always) ? [name] : []));
  return [...new Set(wanted)].map((name) => {
    const known = environmentPermissions.find((permission) => permission === name);
    if (known === undefined)
      throw invalidInput(action, 'permissions', name, `among ${environmentPermissions.join(', ')}`);
    return known;
  });
}
