// What the gateway knows of an environment, and what somebody is to it.

import type { StackStatus } from '../../../operator/resources/status.ts';
import type { EnvironmentPermission } from '../../graphql/schema-types.ts';
import type { EnvironmentTable } from '../../read-model/projections/environment.ts';
import type { Selectable } from 'kysely';

export const environmentColumns = [
  'uri',
  'name',
  'organization',
  'label',
  'description',
  'owner',
  'account',
  'region',
  'resource_prefix',
  'tags',
  'role_arn',
  'workgroup',
  'stack_status',
  'in_use',
  'ready',
  'message',
  'changed_by',
  'created',
  'updated',
  'deleting',
] as const satisfies readonly (keyof EnvironmentTable)[];

export interface EnvironmentRow extends Pick<Selectable<EnvironmentTable>, (typeof environmentColumns)[number]> {
  /** The organization, as clients see it; null for who may not see it. */
  readonly organization_seen: {
    readonly organizationUri: string;
    readonly label: string;
    readonly name: string;
  } | null;
  /** Whether a group of who asks has a Team in it. */
  readonly invited: boolean;
  readonly role_imported: boolean;
  readonly boundary_arn: string | null;
  readonly bucket: string | null;
  readonly logs_bucket: string | null;
  readonly external_id: string | null;
  readonly link_command: string | null;
  readonly used_by: readonly string[] | null;
  readonly stack: StackStatus | null;
}

/** What lists of other things say of their environment. */
export type EnvironmentSummary = Pick<EnvironmentRow, 'uri' | 'label' | 'region' | 'organization_seen'>;

/** The strongest role that the groups have. */
export function roleIn(
  { owner, invited }: Pick<EnvironmentRow, 'owner' | 'invited'>,
  groups: readonly string[],
): EnvironmentPermission {
  if (groups.includes(owner)) return 'Owner';
  return invited ? 'Invited' : 'NotInvited';
}

/** Name of a role or user, without its path. */
export const nameOfArn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
