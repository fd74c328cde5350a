// Organizations as rows.

import { organizationKind, type Organization } from '../../../operator/resources/organization.ts';
import { commonColumns, type ObjectColumns } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface OrganizationTable extends ObjectColumns<Organization> {
  label: string;
  description: string | null;
  /** The owning group. */
  owner: string;
  /** Groups that it invited, without the owner. */
  invited: string[];
  /** Words people search by. */
  tags: string[];
  /** How many environments belong to it. */
  environments: number;
}

export const organizationRow = (organization: Organization) => {
  const { spec, status } = organization;
  return {
    ...commonColumns(organization),
    label: spec.label,
    description: spec.description ?? null,
    owner: spec.owner,
    invited: (spec.teams ?? []).map(({ group }) => group),
    tags: spec.catalogTags ?? [],
    environments: status.environments ?? 0,
  };
};

export const organizationProjection = defineProjection({
  kind: organizationKind,
  table: 'organization',
  row: organizationRow,
});
