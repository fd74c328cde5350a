// What the gateway knows of an organization, and what somebody is to it.

import type { Selectable } from 'kysely';
import type { OrganisationUserRole } from '../../graphql/schema-types.ts';
import type { OrganizationTable } from '../../read-model/projections/organization.ts';

export const organizationColumns = [
  'uri',
  'name',
  'label',
  'description',
  'owner',
  'invited',
  'tags',
  'environments',
  'changed_by',
  'created',
  'updated',
] as const satisfies readonly (keyof OrganizationTable)[];

export type OrganizationRow = Pick<Selectable<OrganizationTable>, (typeof organizationColumns)[number]>;

/** The strongest role that the groups have. */
export function roleIn(
  { owner, invited }: Pick<OrganizationRow, 'owner' | 'invited'>,
  groups: readonly string[],
): OrganisationUserRole {
  if (groups.includes(owner)) return 'Owner';
  return invited.some((group) => groups.includes(group)) ? 'Invited' : 'NotMember';
}
