// Every kind that becomes rows, in the order in which lists are followed: what says who may see others comes first.

import type { Projection } from './projection.ts';
import { consumptionRoleProjection } from './projections/consumption-role.ts';
import { datasetProjection } from './projections/dataset.ts';
import { datasetTableProjection } from './projections/dataset-table.ts';
import { environmentProjection } from './projections/environment.ts';
import { organizationProjection } from './projections/organization.ts';
import { shareApprovalProjection } from './projections/share-approval.ts';
import { shareRequestProjection } from './projections/share-request.ts';
import { teamProjection } from './projections/team.ts';
import { tenantProjection } from './projections/tenant.ts';

export const projections: readonly Projection[] = [
  tenantProjection,
  organizationProjection,
  environmentProjection,
  teamProjection,
  datasetProjection,
  datasetTableProjection,
  consumptionRoleProjection,
  // By whose consent somebody has access is known before that they have it.
  shareApprovalProjection,
  shareRequestProjection,
];
