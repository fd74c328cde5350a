// All admission policies and bindings of an installation.

import type { AdmissionObject } from './admission.ts';
import type { Installation } from './installation.ts';
import { approvalPolicies } from './policies/approval.ts';
import { environmentPolicies } from './policies/environment.ts';
import { featurePolicies } from './policies/features.ts';
import { idPolicies } from './policies/ids.ts';
import { namespacePolicies } from './policies/namespaces.ts';
import { operatorPolicies } from './policies/operator.ts';
import { organizationPolicies } from './policies/organization.ts';
import { ownershipPolicies } from './policies/ownership.ts';
import { protectedMetadataPolicies } from './policies/protected-metadata.ts';
import { quotaPolicies } from './policies/quota.ts';
import { rolePolicies } from './policies/roles.ts';
import { stampPolicies } from './policies/stamps.ts';
import { tablePolicies } from './policies/table.ts';
import { teamPolicies } from './policies/team.ts';
import { tenantPolicies } from './policies/tenant.ts';
import { usePolicies } from './policies/use.ts';

/** Policies and their bindings, each pair side by side; equal input gives equal objects. */
export function admissionPolicies(installation: Installation): readonly AdmissionObject[] {
  return [
    ...stampPolicies,
    ...protectedMetadataPolicies(installation),
    ...ownershipPolicies(installation),
    ...organizationPolicies(installation),
    ...environmentPolicies(installation),
    ...teamPolicies(installation),
    ...tablePolicies(installation),
    ...approvalPolicies(installation),
    ...rolePolicies(installation),
    ...idPolicies(installation),
    ...quotaPolicies(installation),
    ...usePolicies(installation),
    ...namespacePolicies(installation),
    ...tenantPolicies(installation),
    ...featurePolicies(installation),
    ...operatorPolicies(installation),
  ];
}
