// Environments as rows.

import { environmentKind, type Environment } from '../../../operator/resources/environment.ts';
import { commonColumns, type ObjectColumns } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface EnvironmentTable extends ObjectColumns<Environment> {
  /** Name of its Organization. */
  organization: string;
  label: string;
  description: string | null;
  /** The owning group. */
  owner: string;
  /** AWS account id, 12 digits. */
  account: string;
  region: string;
  resource_prefix: string;
  /** Words people search by. */
  tags: string[];
  /** ARN of the owner's role. */
  role_arn: string | null;
  /** Athena workgroup of the owner. */
  workgroup: string | null;
  /** As CloudFormation says. */
  stack_status: string | null;
  /** How many objects use it. */
  in_use: number;
}

export const environmentRow = (environment: Environment) => {
  const { spec, status } = environment;
  return {
    ...commonColumns(environment),
    organization: spec.organization,
    label: spec.label,
    description: spec.description ?? null,
    owner: spec.owner,
    account: spec.account.id,
    region: spec.account.region,
    resource_prefix: spec.resourcePrefix,
    tags: spec.catalogTags ?? [],
    role_arn: status.defaultRole?.arn ?? spec.defaultRoleArn ?? null,
    workgroup: status.workgroup ?? null,
    stack_status: status.stack?.status ?? null,
    in_use: status.inUse ?? 0,
  };
};

export const environmentProjection = defineProjection({
  kind: environmentKind,
  table: 'environment',
  row: environmentRow,
});
