// All controllers, in the order in which they are given what the caches hold at the start. A new one is one line here.
import type { ControllerDefinition } from '../kernel/runtime/reconciler.ts';
import { defineDocumentController } from './aws-document/aws-document.ts';
import { documentOptions } from './aws-document/options.ts';
import { defineConsumptionRoleController } from './consumption-role/consumption-role.ts';
import { defineDatasetController } from './dataset/dataset.ts';
import { defineDatasetTableController } from './dataset/dataset-table.ts';
import { defineEnvironmentController } from './environment/environment.ts';
import { defineNamespaceQuotaController } from './environment/namespace-quota.ts';
import { defineOrganizationController } from './organization/organization.ts';
import { defineRbacController } from './rbac/rbac.ts';
import { defineOwnerQuotaController } from './reconcile/owner-quota.ts';
import type { Platform } from './reconcile/platform.ts';
import type { Caches } from './reconcile/specs.ts';
import { defineAutoApprovalController } from './share/auto-approval.ts';
import { defineMisdirectedApprovalController } from './share/misdirected-approval.ts';
import { defineApprovalController } from './share/share-approval.ts';
import { defineShareController } from './share/share-request.ts';
import { defineTeamController } from './team/team.ts';
import { defineTenantController } from './tenant/tenant.ts';

type DefineController = (platform: Platform, caches: Caches) => ControllerDefinition;

const CONTROLLERS: readonly DefineController[] = [
  defineTenantController,
  defineOrganizationController,
  defineOwnerQuotaController,
  defineNamespaceQuotaController,
  defineRbacController,
  defineEnvironmentController,
  defineTeamController,
  defineShareController,
  defineApprovalController,
  defineAutoApprovalController,
  defineMisdirectedApprovalController,
  defineConsumptionRoleController,
  defineDatasetController,
  defineDatasetTableController,
  (platform) => defineDocumentController(documentOptions(platform)),
];

/** Before the manager runs: some ask for caches of their own. */
export const defineControllers = (platform: Platform, caches: Caches): readonly ControllerDefinition[] =>
  CONTROLLERS.map((define) => define(platform, caches));
