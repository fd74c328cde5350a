// Consumption roles as rows: IAM roles and users of an environment's account that may be given access.

import { consumptionRoleKind, type ConsumptionRole } from '../../../operator/resources/consumption-role.ts';
import { commonColumns, type ObjectColumns } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface ConsumptionRoleTable extends ObjectColumns<ConsumptionRole> {
  label: string;
  /** The group that may ask for access for it. */
  owner: string;
  principal_arn: string;
  /** AROA... or AIDA...; null until the operator has seen it. */
  principal_id: string | null;
  account: string | null;
  policy_management: ConsumptionRole['spec']['policyManagement'];
  /** Approved shares. */
  in_use: number;
}

export const consumptionRoleRow = (role: ConsumptionRole) => {
  const { spec, status } = role;
  return {
    ...commonColumns(role),
    label: spec.label,
    owner: spec.owner,
    principal_arn: spec.principalArn,
    principal_id: status.principalId ?? null,
    account: status.account ?? null,
    policy_management: spec.policyManagement,
    in_use: status.inUse ?? 0,
  };
};

export const consumptionRoleProjection = defineProjection({
  kind: consumptionRoleKind,
  table: 'consumption_role',
  row: consumptionRoleRow,
});
