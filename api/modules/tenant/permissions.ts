// What groups can be allowed to do in the installation at all.

import { tenantPermissions } from '../../../operator/resources/tenant.ts';
import { invalidInput } from '../../server/failure.ts';

type TenantPermission = (typeof tenantPermissions)[number];

const descriptions: Readonly<Record<TenantPermission, string>> = {
  MANAGE_ORGANIZATIONS: 'Create and change organizations',
  MANAGE_ENVIRONMENTS: 'Link and change environments, their groups and roles',
  MANAGE_DATASETS: 'Create and change datasets',
  MANAGE_SHARES: 'Ask for access, and decide about it',
};

export const describedTenantPermissions = (names: readonly TenantPermission[] = tenantPermissions) =>
  names.map((name) => ({ permissionUri: name, type: 'TENANT', name, description: descriptions[name] }));

/** @throws GraphQLError InvalidInput for one that is none */
export const knownTenantPermissions = (
  action: string,
  names: readonly (string | null | undefined)[],
): TenantPermission[] =>
  [...new Set(names.flatMap((name) => name || []))].map((name) => {
    const known = tenantPermissions.find((permission) => permission === name);
    if (known !== undefined) return known;
    throw invalidInput(action, 'permissions', name, `among ${tenantPermissions.join(', ')}`);
  });
