// Where ours answers otherwise than data.all 2.9 would, and why. An entry that is not needed fails the test.

import type { Asker } from './permission-scene.ts';

export interface Exception {
  readonly why: string;
  readonly ours: 'allowed' | 'refused';
  readonly who: readonly Asker[];
  /** `<operation>`, or `<operation> on <target>` for one try of several. */
  readonly operations: readonly string[];
}

const readsOfStacks = ['getStack', 'getStackLogs', 'listKeyValueTags'];
const readsOfOrganizations = ['getOrganization', 'listOrganizationGroups', 'listOrganizationGroupPermissions'];
const readsOfEnvironments = [
  'getEnvironment',
  'listEnvironmentGroups',
  'listAllEnvironmentGroups',
  'listEnvironmentInvitedGroups',
  'listEnvironmentConsumptionPrincipals',
  'listAllEnvironmentConsumptionPrincipals',
  'getConsumptionPrincipalPolicies',
  'listEnvironmentNetworks',
  'listDatasetsCreatedInEnvironment',
  'listS3DatasetsOwnedByEnvGroup',
  'searchEnvironmentDataItems',
  'getSharedDatasetTables',
  'listS3DatasetsSharedWithEnvGroup',
];
const readsOfDatasets = ['listDatasetTablesFolders', 'listDatasetTableColumns', 'listTableDataFilters'];
const readsOfShares = [
  'getShareObject',
  'getShareItemDataFilters',
  'listTableDataFiltersByAttached',
  'getShareLogs',
  'getS3ConsumptionData',
];

export const exceptions: readonly Exception[] = [
  {
    why: 'What CloudFormation says of an environment, with names and ARNs of everything in it, is told to its owner.',
    ours: 'refused',
    who: ['sam', 'finn', 'carl'],
    operations: readsOfStacks.map((name) => `${name} on sales`),
  },
  {
    why: 'As above, of a dataset: groups of the environment see what is in it.',
    ours: 'allowed',
    who: ['finn', 'carl', 'pat', 'vera'],
    operations: [...readsOfStacks.map((name) => `${name} on orders`), 'getKubernetesObject on orders'],
  },
  {
    why: 'Administrators and auditors see the stack of an environment.',
    ours: 'allowed',
    who: ['pat', 'vera'],
    operations: readsOfStacks.map((name) => `${name} on sales`),
  },
  {
    why: 'Administrators may have a stack brought up to date, and keep tags.',
    ours: 'allowed',
    who: ['pat'],
    operations: ['updateStack', 'updateKeyValueTags'],
  },
  {
    why: 'The owner of an environment is not the owner of what its teams own in it.',
    ours: 'refused',
    who: ['eve'],
    operations: ['updateStack on orders', 'updateKeyValueTags on orders'],
  },
  {
    why: 'Who is in a group is told to its members, to administrators, and to those who see an environment that it linked or a request that it made.',
    ours: 'refused',
    who: ['olga', 'inga', 'eve', 'finn', 'carl', 'zoe'],
    operations: ['listUsersForGroup', 'getGroup'],
  },
  {
    why: 'In which groups somebody is, is told to themselves and to administrators.',
    ours: 'refused',
    who: ['olga', 'inga', 'eve', 'sam', 'stu', 'finn', 'mia', 'carl', 'zoe'],
    operations: ['getGroupsForUser'],
  },
  {
    why: 'Parameters of the account that data.all runs in are not in this version: there are none that could be set.',
    ours: 'refused',
    who: ['pat'],
    operations: ['updateSSMParameter'],
  },
  {
    why: 'Administrators and auditors of the installation see every object, as Kubernetes shows it to them. In data.all the first are asked for no tenant permission, and for every other; the second are not there.',
    ours: 'allowed',
    who: ['pat', 'vera'],
    operations: [
      ...readsOfOrganizations,
      ...readsOfEnvironments,
      ...readsOfDatasets,
      ...readsOfShares,
      'listAccess on share',
      'accessGraph on share',
      'listAccess on marketing',
      'getKubernetesObject',
    ],
  },
  {
    why: 'Administrators of the installation keep what others own, because they restore and migrate. They open no data: they decide about no request, ask in the name of nobody, and write no filter, steward or folder.',
    ours: 'allowed',
    who: ['pat'],
    operations: [
      'updateOrganization',
      'archiveOrganization',
      'inviteGroupToOrganization',
      'updateOrganizationGroup',
      'removeGroupFromOrganization',
      'createEnvironment',
      'updateEnvironment',
      'deleteEnvironment',
      'inviteGroupOnEnvironment',
      'updateGroupEnvironmentPermissions',
      'removeGroupFromEnvironment',
      'addConsumptionPrincipalToEnvironment',
      'updateConsumptionPrincipal',
      'removeConsumptionPrincipalFromEnvironment',
      'createDataset',
      'importDataset',
      'listImportableNames',
      'updateDataset',
      'deleteDataset',
      'syncTables',
      'updateDatasetTable',
      'syncDatasetTableColumns',
      'updateDatasetTableColumn',
      'deleteShareObject',
    ],
  },
  {
    why: 'The owner of an organization sees the environments that were linked to it. Of what is in them the lists are empty.',
    ours: 'allowed',
    who: ['olga'],
    operations: [...readsOfEnvironments, 'listAccess on marketing', 'getKubernetesObject on sales'],
  },
  {
    why: 'With INVITE_ORGANIZATION_GROUP groups are added, and those that are there are left as they are: else whoever may invite could take from others what its owner gave.',
    ours: 'refused',
    who: ['inga'],
    operations: ['updateOrganizationGroup'],
  },
  {
    why: 'Groups of an environment see what is in it: Kubernetes shows a namespace as a whole.',
    ours: 'allowed',
    who: ['finn', 'carl'],
    operations: readsOfDatasets,
  },
  {
    why: 'As above: requests of an environment are seen by its groups, its owner among them.',
    ours: 'allowed',
    who: ['mia'],
    operations: [...readsOfShares, 'getKubernetesObject on share', 'getKubernetesObject on draft'],
  },
  {
    why: 'The owner of an environment is not the owner of what its teams own in it: a team alone decides about its datasets.',
    ours: 'refused',
    who: ['eve'],
    operations: [
      'updateDataset',
      'deleteDataset',
      'syncTables',
      'updateDatasetTable',
      'deleteDatasetTable',
      'syncDatasetTableColumns',
      'updateDatasetTableColumn',
      'createTableDataFilter',
      'deleteTableDataFilter',
      'createDatasetStorageLocation',
      'updateDatasetStorageLocation',
      'deleteDatasetStorageLocation',
    ],
  },
  {
    why: 'Stewards decide by which filters a table is shown, so they see them; and they describe tables and columns for those who ask.',
    ours: 'allowed',
    who: ['stu'],
    operations: ['listTableDataFilters', 'updateDatasetTable', 'updateDatasetTableColumn'],
  },
  {
    why: 'What is asked for is written by who asks: those who decide reject or take back items, and put none into the request of another group.',
    ours: 'refused',
    who: ['sam', 'stu'],
    operations: ['addSharedItem on share', 'removeSharedItem'],
  },
  {
    why: 'What a share shows is told to who sees the share: the owner of the environment that the dataset is in is neither side of it.',
    ours: 'refused',
    who: ['eve'],
    operations: ['listSharedDatasetTableColumns'],
  },
  {
    why: 'Administrators and auditors see every object.',
    ours: 'allowed',
    who: ['pat', 'vera'],
    operations: ['listSharedDatasetTableColumns'],
  },
  {
    why: 'What groups may do in the installation at all is of interest to auditors.',
    ours: 'allowed',
    who: ['vera'],
    operations: ['listTenantGroups', 'listTenantPermissions'],
  },
  {
    why: 'Of a draft nobody is asked: who will decide does not see it before it is submitted.',
    ours: 'refused',
    who: ['finn'],
    operations: [
      'getShareObject on draft',
      'addSharedItem on draft',
      'deleteShareObject on draft',
      'getKubernetesObject on draft',
    ],
  },
  {
    why: 'Who asked for a share may have it put right as well: it gives nothing that was not consented to.',
    ours: 'allowed',
    who: ['ana'],
    operations: ['reApplyItemsShareObject'],
  },
  {
    why: 'Administrators see to it that AWS is as was agreed, which gives nothing to anybody, and help to link accounts.',
    ours: 'allowed',
    who: ['pat'],
    operations: [
      'verifyItemsShareObject',
      'reApplyItemsShareObject',
      'verifyDatasetShareObjects',
      'reApplyShareObjectItemsOnDataset',
      'getTrustAccount',
      'getPivotRoleName',
      'getPivotRoleExternalId',
      'getPivotRolePresignedUrl',
      'getCDKExecPolicyPresignedUrl',
    ],
  },
  {
    why: 'Whoever decides about requests for a dataset has what was given looked after: stewards, and not the owner of its environment.',
    ours: 'allowed',
    who: ['stu'],
    operations: ['verifyDatasetShareObjects', 'reApplyShareObjectItemsOnDataset'],
  },
  {
    why: 'As above.',
    ours: 'refused',
    who: ['eve'],
    operations: ['verifyDatasetShareObjects', 'reApplyShareObjectItemsOnDataset'],
  },
  {
    why: 'The role of a dataset reads and writes all of it: it is entered by its owner alone.',
    ours: 'refused',
    who: ['eve', 'stu'],
    operations: ['generateDatasetAccessToken', 'getDatasetAssumeRoleUrl', 'getDatasetSharedAssumeRoleUrl'],
  },
];
