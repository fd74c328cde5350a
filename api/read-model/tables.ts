// Every table of the database, by the file that defines its columns.

import type { NotificationReadTable, NotificationTable } from './notifications/record-notifications.ts';
import type { KnownGroupTable, KnownUserTable } from '../identity/group-directory/known-user-table.ts';
import type { SessionTable } from '../identity/sessions/session-table.ts';
import type { CatalogChangeTable, CatalogDocumentTable, CatalogRebuildTable, CatalogRemovalTable, CatalogWordTable } from '../search/catalog-tables.ts'; // prettier-ignore
import type {
  AccessInquiryTable,
  AccessSpanTable,
  ConsentEventTable,
  OwnershipSpanTable,
} from './history/history-tables.ts';
import type {
  DatasetCatalogTable,
  DatasetCatalogTableTable,
  KnownItemView,
  KnownTableView,
} from './catalogue/catalogue-tables.ts';
import type { IdentityGroupTable, IndexedClusterTable, IndexedKindTable, TombstoneTable } from './index-tables.ts';
import type { ConsumptionRoleTable } from './projections/consumption-role.ts';
import type { DatasetItemTable, DatasetRowTable } from './projections/dataset.ts';
import type { DatasetTableTable } from './projections/dataset-table.ts';
import type { EnvironmentTable } from './projections/environment.ts';
import type { OrganizationTable } from './projections/organization.ts';
import type { ShareApprovalTable } from './projections/share-approval.ts';
import type { ShareItemTable, ShareRequestTable } from './projections/share-request.ts';
import type { TeamTable } from './projections/team.ts';
import type { TenantTable } from './projections/tenant.ts';

/** Each part of the gateway adds the tables that it owns here: one line a table. */
export interface Tables {
  notification: NotificationTable;
  notification_read: NotificationReadTable;
  identity_group: IdentityGroupTable;
  indexed_cluster: IndexedClusterTable;
  indexed_kind: IndexedKindTable;
  tombstone: TombstoneTable;
  organization: OrganizationTable;
  environment: EnvironmentTable;
  tenant: TenantTable;
  team: TeamTable;
  dataset: DatasetRowTable;
  dataset_item: DatasetItemTable;
  dataset_table: DatasetTableTable;
  dataset_catalog: DatasetCatalogTable;
  dataset_catalog_table: DatasetCatalogTableTable;
  known_item: KnownItemView;
  known_table: KnownTableView;
  consumption_role: ConsumptionRoleTable;
  share_request: ShareRequestTable;
  share_item: ShareItemTable;
  share_approval: ShareApprovalTable;
  session: SessionTable;
  known_user: KnownUserTable;
  known_group: KnownGroupTable;
  consent_event: ConsentEventTable;
  access_span: AccessSpanTable;
  ownership_span: OwnershipSpanTable;
  access_inquiry: AccessInquiryTable;
  catalog_document: CatalogDocumentTable;
  catalog_word: CatalogWordTable;
  catalog_change: CatalogChangeTable;
  catalog_removal: CatalogRemovalTable;
  catalog_rebuild: CatalogRebuildTable;
}
