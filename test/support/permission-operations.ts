// Every operation of our schema, and how it is tried: on what, with which variables. Who may is data.all's to say (permission-rules.ts).

import { people } from './authority-scene.ts';
import { installationOperations } from './permission-installation.ts';
import type { Asker } from './permission-scene.ts';
import {
  groupIn,
  anywhere,
  acme,
  sales,
  marketing,
  orders,
  ordersTable,
  returnsTable,
  folder,
  share,
  draft,
  and,
  type Operations,
  type Try,
} from './permission-tries.ts';
import type { Uris } from './permission-uris.ts';

const organizations: Operations = {
  listOrganizations: [anywhere],
  getOrganization: [acme],
  listOrganizationGroups: [acme],
  listOrganizationGroupPermissions: [and(acme, { groupUri: people.inga })],
  listInviteOrganizationPermissionsWithDescriptions: [anywhere],
  createOrganization: [
    { on: 'everywhere', variables: (_, who) => ({ input: { label: 'New', SamlGroupName: people[who] } }) },
  ],
  updateOrganization: [and(acme, { input: { description: 'changed' } })],
  archiveOrganization: [{ on: 'acme', variables: ({ empty: organizationUri }) => ({ organizationUri }) }],
  inviteGroupToOrganization: [
    {
      on: 'acme',
      variables: ({ acme: organizationUri }) => ({
        input: { organizationUri, groupUri: 'newcomers', permissions: [] },
      }),
    },
  ],
  updateOrganizationGroup: [
    {
      on: 'acme',
      variables: ({ acme: organizationUri }) => ({
        input: { organizationUri, groupUri: people.finn, permissions: ['LINK_ENVIRONMENT'] },
      }),
    },
  ],
  removeGroupFromOrganization: [and(acme, { groupUri: people.carl })],
};

const account = { AwsAccountId: '333333333333', region: 'eu-west-1' };

/** In an environment that one's group is in, as its role. */
const asOnesOwn: Try = {
  on: 'sales',
  variables: ({ sales: environmentUri }, who) => ({ environmentUri, groupUri: groupIn('sales', who) }),
};

/** What the operator does, for who may by Kubernetes. */
const byTheOperator: Operations = {
  getTrustAccount: [acme],
  getPivotRoleName: [acme],
  getPivotRoleExternalId: [
    {
      on: 'acme',
      variables: ({ acme: organizationUri }, who) => ({ ...account, organizationUri, SamlGroupName: people[who] }),
    },
  ],
  getPivotRolePresignedUrl: [acme],
  getCDKExecPolicyPresignedUrl: [acme],
  generateEnvironmentAccessToken: [asOnesOwn],
  getEnvironmentAssumeRoleUrl: [asOnesOwn],
  generateDatasetAccessToken: [orders],
  getDatasetAssumeRoleUrl: [orders],
  getDatasetSharedAssumeRoleUrl: [orders],
  verifyDatasetShareObjects: [
    { on: 'orders', variables: ({ orders: datasetUri, share: uri }) => ({ input: { datasetUri, shareUris: [uri] } }) },
  ],
  reApplyShareObjectItemsOnDataset: [orders],
};

const environmentInput = (environmentUri: string, groupUri: string, permissions: readonly string[]) => ({
  input: { environmentUri, groupUri, permissions },
});

const principal = { consumptionPrincipalName: 'Another', dataallManaged: 'FULLY_MANAGED' };

const environments: Operations = {
  getEnvironment: [sales, marketing],
  listEnvironments: [anywhere],
  listValidEnvironments: [anywhere],
  listEnvironmentGroups: [sales],
  listAllEnvironmentGroups: [sales, marketing],
  listEnvironmentInvitedGroups: [sales],
  listAllGroups: [anywhere],
  listEnvironmentGroupInvitationPermissions: [anywhere],
  listAllConsumptionPrincipals: [anywhere],
  listEnvironmentConsumptionPrincipals: [marketing],
  listAllEnvironmentConsumptionPrincipals: [marketing],
  getConsumptionPrincipalPolicies: [and(marketing, { IAMPrincipalName: 'notebooks', IAMPrincipalType: 'ROLE' })],
  listEnvironmentNetworks: [marketing],
  createEnvironment: [
    {
      on: 'acme',
      variables: ({ acme: organizationUri }, who) => ({
        input: {
          label: 'New',
          organizationUri,
          SamlGroupName: people[who],
          AwsAccountId: '333333333333',
          region: 'eu-west-1',
        },
      }),
    },
  ],
  updateEnvironment: [and(marketing, { input: { description: 'changed' } })],
  deleteEnvironment: [marketing, and(marketing, { deleteFromAWS: true })],
  inviteGroupOnEnvironment: [
    { on: 'sales', variables: ({ sales: uri }) => environmentInput(uri, people.inga, []) },
    { on: 'marketing', variables: ({ marketing: uri }) => environmentInput(uri, people.inga, ['CREATE_DATASET']) },
  ],
  updateGroupEnvironmentPermissions: [
    { on: 'sales', variables: ({ sales: uri }) => environmentInput(uri, people.finn, ['CREATE_SHARE_OBJECT']) },
  ],
  removeGroupFromEnvironment: [and(sales, { groupUri: people.carl })],
  addConsumptionPrincipalToEnvironment: [
    {
      on: 'marketing',
      variables: ({ marketing: environmentUri }, who) => ({
        input: {
          ...principal,
          environmentUri,
          groupUri: groupIn('marketing', who),
          IAMPrincipalArn: 'arn:aws:iam::222222222222:role/new',
        },
      }),
    },
  ],
  updateConsumptionPrincipal: [
    {
      on: 'reports',
      variables: ({ marketing: environmentUri, reports: consumptionPrincipalUri }) => ({
        environmentUri,
        consumptionPrincipalUri,
        input: { ...principal, groupUri: people.ana },
      }),
    },
  ],
  removeConsumptionPrincipalFromEnvironment: [
    {
      on: 'reports',
      variables: ({ marketing: environmentUri, reports: consumptionPrincipalUri }) => ({
        environmentUri,
        consumptionPrincipalUri,
      }),
    },
  ],
};

const datasetInput = ({ acme: organizationUri, sales: environmentUri }: Uris, who: Asker) => ({
  label: 'New',
  organizationUri,
  environmentUri,
  SamlAdminGroupName: groupIn('sales', who),
  confidentiality: 'Official',
});

const datasets: Operations = {
  listDatasets: [anywhere],
  listOwnedDatasets: [anywhere],
  listDatasetsCreatedInEnvironment: [sales],
  listS3DatasetsOwnedByEnvGroup: [
    { on: 'sales', variables: ({ sales: environmentUri }, who) => ({ environmentUri, groupUri: people[who] }) },
  ],
  getDataset: [orders],
  listDatasetTablesFolders: [orders],
  createDataset: [{ on: 'sales', variables: (uris, who) => ({ input: datasetInput(uris, who) }) }],
  importDataset: [
    {
      on: 'sales',
      variables: (uris, who) => ({
        input: { ...datasetInput(uris, who), bucketName: 'acme-import', KmsKeyAlias: 'Undefined', owner: who },
      }),
    },
  ],
  checkDatasetImport: [
    {
      on: 'sales',
      variables: ({ sales: environmentUri }, who) => ({
        input: { environmentUri, SamlAdminGroupName: groupIn('sales', who), bucketName: 'acme-import' },
      }),
    },
  ],
  updateDataset: [and(orders, { input: { description: 'changed', KmsAlias: 'orders-bucket' } })],
  deleteDataset: [orders, and(orders, { deleteFromAWS: true })],
  syncTables: [orders],
  listDatasetTables: [anywhere],
  getDatasetTable: [ordersTable],
  listDatasetTableColumns: [
    { ...ordersTable, by: { permission: 'GET_DATASET_TABLE' } },
    { ...returnsTable, by: { permission: 'GET_DATASET_TABLE' } },
  ],
  updateDatasetTable: [and(ordersTable, { input: { description: 'changed' } })],
  deleteDatasetTable: [returnsTable],
  syncDatasetTableColumns: [ordersTable],
  updateDatasetTableColumn: [
    { on: 'returnsTable', variables: ({ column: columnUri }) => ({ columnUri, input: { description: 'changed' } }) },
  ],
  listTableDataFilters: [returnsTable],
  createTableDataFilter: [
    and(returnsTable, { input: { filterName: 'new', filterType: 'ROW', rowExpression: 'true' } }),
  ],
  deleteTableDataFilter: [{ on: 'returnsTable', variables: ({ filter: filterUri }) => ({ filterUri }) }],
  getDatasetStorageLocation: [folder],
  createDatasetStorageLocation: [and(orders, { input: { label: 'new', prefix: 'new/' } })],
  updateDatasetStorageLocation: [and(folder, { input: { description: 'changed' } })],
  deleteDatasetStorageLocation: [folder],
};

const items = (uri: 'given' | 'asked'): Try => ({
  on: 'share',
  variables: (uris) => ({ input: { shareUri: uris.share, itemUris: [uris[uri]] } }),
});
const filters: Try = { on: 'share', variables: ({ attached: attachedDataFilterUri }) => ({ attachedDataFilterUri }) };

const shares: Operations = {
  getShareObject: [share, draft],
  getShareRequestsFromMe: [anywhere],
  getShareRequestsToMe: [anywhere],
  listDatasetsToRequest: [{ on: 'orders', variables: ({ orders: uri }) => ({ datasetUris: [uri] }) }],
  listShareFilterValues: [and(anywhere, { direction: 'ToMe', field: 'dataset' })],
  getShareItemDataFilters: [filters],
  getShareLogs: [{ ...share, by: { permission: 'GET_SHARE_OBJECT' } }],
  searchEnvironmentDataItems: [marketing],
  getS3ConsumptionData: [share],
  listSharedDatasetTableColumns: [
    { on: 'ordersTable', variables: ({ ordersTable: tableUri, share: shareUri }) => ({ tableUri, shareUri }) },
  ],
  listTableDataFiltersByAttached: [filters],
  getSharedDatasetTables: [
    { on: 'marketing', variables: ({ marketing: envUri, orders: datasetUri }) => ({ envUri, datasetUri }) },
  ],
  listS3DatasetsSharedWithEnvGroup: [and(marketing, { groupUri: people.ana })],
  createShareObject: [
    {
      on: 'marketing',
      variables: ({ invoices: datasetUri, marketing: environmentUri, reports: principalId }, who) => ({
        datasetUri,
        input: {
          environmentUri,
          groupUri: groupIn('marketing', who),
          principalId,
          principalType: 'ConsumptionRole',
          permissions: ['Read'],
        },
      }),
    },
  ],
  requestAccess: [
    {
      on: 'marketing',
      variables: (uris, who) => ({
        input: {
          datasetUri: uris.invoices,
          environmentUri: uris.marketing,
          groupUri: groupIn('marketing', who),
          principalId: uris.reports,
          principalType: 'ConsumptionRole',
          items: [{ itemUri: uris.invoicesTable, itemType: 'Table' }],
          permissions: ['Read'],
        },
      }),
    },
  ],
  addSharedItem: [
    {
      on: 'share',
      variables: ({ share: shareUri, folder: itemUri }) => ({
        shareUri,
        input: { itemUri, itemType: 'StorageLocation' },
      }),
    },
    {
      on: 'draft',
      variables: ({ draft: shareUri, invoicesTable: itemUri }) => ({ shareUri, input: { itemUri, itemType: 'Table' } }),
    },
  ],
  removeSharedItem: [{ on: 'share', variables: ({ asked: shareItemUri }) => ({ shareItemUri }) }],
  submitShareObject: [share],
  deleteShareObject: [and(share, { forceDelete: true }), draft],
  updateShareRequestReason: [and(share, { requestPurpose: 'changed' })],
  approveShareObject: [share],
  decideShare: [
    {
      on: 'share',
      variables: ({ share: shareUri }) => ({ input: { shareUri, verdict: 'Approve', note: 'So be it' } }),
    },
  ],
  rejectShareObject: [and(share, { rejectPurpose: 'no' })],
  updateShareRejectReason: [and(share, { rejectPurpose: 'changed' })],
  updateShareItemFilters: [
    {
      on: 'share',
      variables: ({ asked: shareItemUri }) => ({ input: { shareItemUri, label: 'none', filterNames: [] } }),
    },
  ],
  removeShareItemFilter: [filters],
  revokeItemsShareObject: [items('given')],
  verifyItemsShareObject: [items('given')],
  reApplyItemsShareObject: [items('given')],
  submitShareExtension: [and(share, { nonExpirable: true, extensionReason: 'changed' })],
  approveShareExtension: [share],
  cancelShareExtension: [share],
  updateShareExtensionReason: [and(share, { extensionPurpose: 'changed' })],
  updateShareExpirationPeriod: [and(share, { nonExpirable: true })],
};

const decidesAboutOrders = { permission: 'APPROVE_SHARE_OBJECT' };

const access: Operations = {
  listAccess: [
    anywhere,
    {
      on: 'share',
      variables: ({ orders: datasetUri }) => ({ filter: { datasetUri } }),
      by: decidesAboutOrders,
    },
    {
      on: 'marketing',
      variables: ({ marketing: environmentUri }) => ({ filter: { environmentUri } }),
      by: { permission: 'GET_ENVIRONMENT' },
    },
  ],
  accessGraph: [
    anywhere,
    {
      on: 'share',
      variables: ({ orders: datasetUri }) => ({ filter: { datasetUri } }),
      by: decidesAboutOrders,
    },
  ],
  listAuditableItems: [anywhere],
};

/** Verb `import` of the environment's owner: others know what they import by its name. */
const importing: Operations = {
  listImportableNames: [
    {
      ...and(sales, { kind: 'Bucket' }),
      by: { permission: 'UPDATE_ENVIRONMENT', tenant: 'MANAGE_ENVIRONMENTS' },
    },
  ],
};

const theObject = (
  on: Try['on'],
  kind: string,
  uri: (uris: Uris) => string,
  permission: string,
  groupUri?: string,
): Try => ({
  on,
  variables: (uris) => ({ kind, uri: uri(uris), groupUri }),
  by: { permission },
});

const objects: Operations = {
  listUnreadyObjects: [anywhere],
  getKubernetesObject: [
    theObject('acme', 'Organization', ({ acme: uri }) => uri, 'GET_ORGANIZATION'),
    theObject('sales', 'Environment', ({ sales: uri }) => uri, 'GET_ENVIRONMENT'),
    theObject('orders', 'Dataset', ({ orders: uri }) => uri, 'GET_DATASET'),
    theObject('share', 'ShareRequest', ({ share: uri }) => uri, 'GET_SHARE_OBJECT'),
    theObject('draft', 'ShareRequest', ({ draft: uri }) => uri, 'GET_SHARE_OBJECT'),
    theObject('marketing', 'ConsumptionRole', ({ reports: uri }) => uri, 'GET_ENVIRONMENT'),
    theObject('marketing', 'Team', ({ marketing: uri }) => uri, 'GET_ENVIRONMENT', people.ana),
  ],
};

const queriesAndMutations: Operations = {
  ...organizations,
  ...environments,
  ...datasets,
  ...shares,
  ...access,
  ...importing,
  ...objects,
  ...byTheOperator,
  ...installationOperations,
};

/** Operations of ours that do at once, or tell of, what these of data.all do: whoever may the one may the other. */
const ofOurs: Readonly<Record<string, string>> = {
  checkDatasetImport: 'importDataset',
  requestAccess: 'createShareObject',
  decideShare: 'approveShareObject',
  listShareFilterValues: 'getShareRequestsToMe',
  listDatasetsToRequest: 'getDataset',
};

/** The query whose answer a subscription follows: who may ask the one may have the other, and is tried with the same. */
const followedQueries: Readonly<Record<string, string>> = {
  organizationChanged: 'getOrganization',
  environmentChanged: 'getEnvironment',
  datasetChanged: 'getDataset',
  shareChanged: 'getShareObject',
  inboxChanged: 'countUnreadNotifications',
  changes: 'countUnreadNotifications',
};

/** Operations that data.all does not have: their tries say by which of its permissions they are answered. */
export const ownOperations: readonly string[] = [
  ...Object.keys({ ...access, ...importing, ...objects }),
  'viewerIsAdministrator',
  'listViewerRights',
];

/** As which operation of data.all one is judged. */
export const asInDataall = (operation: string): string => followedQueries[operation] ?? ofOurs[operation] ?? operation;

export const operations: Operations = {
  ...queriesAndMutations,
  ...Object.fromEntries(
    Object.entries(followedQueries).map(([name, query]) => [name, queriesAndMutations[query] ?? []]),
  ),
};
