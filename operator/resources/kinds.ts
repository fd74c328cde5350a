// Every kind there is, in the order in which objects can be created.

import { consumptionRoleKind } from './consumption-role.ts';
import { datasetKind } from './dataset.ts';
import { datasetTableKind } from './dataset-table.ts';
import { environmentKind } from './environment.ts';
import type { KindDefinition } from './kind.ts';
import { organizationKind } from './organization.ts';
import { shareApprovalKind } from './share-approval.ts';
import { shareRequestKind } from './share-request.ts';
import { teamKind } from './team.ts';
import { tenantKind } from './tenant.ts';

export const kinds: readonly KindDefinition[] = [
  tenantKind,
  organizationKind,
  environmentKind,
  teamKind,
  datasetKind,
  datasetTableKind,
  consumptionRoleKind,
  shareRequestKind,
  shareApprovalKind,
];
