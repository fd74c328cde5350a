// Every table of the database, by the file that defines its columns.

import type { SessionTable } from '../identity/sessions/session-table.ts';
import type { IdentityGroupTable, IndexedClusterTable, IndexedKindTable, TombstoneTable } from './index-tables.ts';
import type { EnvironmentTable } from './projections/environment.ts';
import type { OrganizationTable } from './projections/organization.ts';

/** Each part of the gateway adds the tables that it owns here: one line a table. */
export interface Tables {
  identity_group: IdentityGroupTable;
  indexed_cluster: IndexedClusterTable;
  indexed_kind: IndexedKindTable;
  tombstone: TombstoneTable;
  organization: OrganizationTable;
  environment: EnvironmentTable;
  session: SessionTable;
}
