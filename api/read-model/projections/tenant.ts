// The installation itself, as one row.

import { tenantKind, type Tenant } from '../../../operator/resources/tenant.ts';
import { commonColumns, type ObjectColumns } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface TenantTable extends ObjectColumns<Tenant> {
  /** Groups that may see and administer everything. */
  administrators: string[];
  /** Groups that may see everything. */
  auditors: string[];
  /** Null while there is no maintenance. */
  maintenance_mode: NonNullable<Tenant['spec']['maintenance']>['mode'] | null;
  maintenance_message: string | null;
}

export const tenantProjection = defineProjection({
  kind: tenantKind,
  table: 'tenant',
  row: (tenant) => {
    const { administrators, auditors = [], maintenance } = tenant.spec;
    return {
      ...commonColumns(tenant),
      administrators,
      auditors,
      maintenance_mode: maintenance?.mode ?? null,
      maintenance_message: maintenance?.message ?? null,
    };
  },
});
