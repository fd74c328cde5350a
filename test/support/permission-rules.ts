// Who of the people of permission-scene.ts would hold which permission in data.all 2.9: what is attached to groups when objects are made,
// groups invited and shares asked for.

import type { Asker } from './permission-scene.ts';

/** What permissions are held on. */
export type Target =
  | 'everywhere'
  | 'acme'
  | 'sales'
  | 'marketing'
  | 'orders'
  | 'ordersTable'
  | 'returnsTable'
  | 'invoices'
  | 'share'
  | 'draft'
  | 'reports'
  | 'notification';

const organizationAll = [
  'GET_ORGANIZATION',
  'UPDATE_ORGANIZATION',
  'DELETE_ORGANIZATION',
  'LINK_ENVIRONMENT',
  'INVITE_ORGANIZATION_GROUP',
  'REMOVE_ORGANIZATION_GROUP',
];

const environmentInvited = [
  'GET_ENVIRONMENT',
  'LIST_ENVIRONMENT_GROUPS',
  'LIST_ENVIRONMENT_CONSUMPTION_ROLES',
  'LIST_ENVIRONMENT_GROUP_PERMISSIONS',
  'LIST_ENVIRONMENT_NETWORKS',
  'LIST_ENVIRONMENT_DATASETS',
  'LIST_ENVIRONMENT_SHARED_WITH_OBJECTS',
  'CREDENTIALS_ENVIRONMENT',
];

const environmentChosen = [
  'INVITE_ENVIRONMENT_GROUP',
  'ADD_ENVIRONMENT_CONSUMPTION_ROLES',
  'CREATE_SHARE_OBJECT',
  'CREATE_DATASET',
  'RUN_ATHENA_QUERY',
];

const environmentAll = [
  ...environmentInvited,
  ...environmentChosen,
  'UPDATE_ENVIRONMENT',
  'DELETE_ENVIRONMENT',
  'REMOVE_ENVIRONMENT_GROUP',
  'UPDATE_ENVIRONMENT_GROUP',
];

const tableRead = ['GET_DATASET_TABLE', 'PREVIEW_DATASET_TABLE'];
const tableAll = [...tableRead, 'LIST_TABLE_DATA_FILTERS', 'CREATE_TABLE_DATA_FILTER', 'DELETE_TABLE_DATA_FILTER'];
const datasetRead = ['GET_DATASET', 'LIST_DATASET_FOLDERS', 'CREDENTIALS_DATASET'];
const datasetAll = [
  ...datasetRead,
  ...tableAll,
  'UPDATE_DATASET',
  'DELETE_DATASET',
  'SYNC_DATASET',
  'CRAWL_DATASET',
  'IMPORT_DATASET',
  'UPDATE_DATASET_TABLE',
  'DELETE_DATASET_TABLE',
  'PROFILE_DATASET_TABLE',
  'CREATE_DATASET_FOLDER',
  'DELETE_DATASET_FOLDER',
  'UPDATE_DATASET_FOLDER',
];

const shareCommon = ['ADD_ITEM', 'REMOVE_ITEM', 'DELETE_SHARE_OBJECT', 'GET_SHARE_OBJECT', 'LIST_SHARED_ITEMS'];
const shareRequester = [...shareCommon, 'SUBMIT_SHARE_OBJECT'];
const shareApprover = [...shareCommon, 'APPROVE_SHARE_OBJECT', 'REJECT_SHARE_OBJECT'];

type Holders = Partial<Readonly<Record<Asker, readonly string[]>>>;

/** The owner of a dataset, the owner of its environment, and the stewards. */
const orders: Holders = { sam: datasetAll, eve: datasetAll, stu: [...datasetRead, ...tableRead] };

const holders: Readonly<Record<Target, Holders>> = {
  everywhere: {},
  acme: {
    olga: organizationAll,
    inga: ['GET_ORGANIZATION', 'INVITE_ORGANIZATION_GROUP'],
    eve: ['GET_ORGANIZATION', 'LINK_ENVIRONMENT'],
    mia: ['GET_ORGANIZATION', 'LINK_ENVIRONMENT'],
    sam: ['GET_ORGANIZATION'],
    finn: ['GET_ORGANIZATION'],
    ana: ['GET_ORGANIZATION'],
    carl: ['GET_ORGANIZATION'],
  },
  sales: {
    eve: environmentAll,
    sam: [...environmentInvited, 'CREATE_DATASET', 'INVITE_ENVIRONMENT_GROUP'],
    finn: [...environmentInvited, 'CREATE_DATASET'],
    carl: [...environmentInvited, ...environmentChosen],
  },
  marketing: {
    mia: environmentAll,
    ana: [...environmentInvited, 'CREATE_SHARE_OBJECT', 'ADD_ENVIRONMENT_CONSUMPTION_ROLES'],
  },
  orders,
  ordersTable: { ...orders, ana: tableRead },
  returnsTable: orders,
  invoices: { finn: datasetAll, eve: datasetAll },
  share: { ana: shareRequester, sam: shareApprover, stu: shareApprover },
  draft: { ana: shareRequester, finn: shareApprover },
  /** One for the owner of the dataset `orders`. */
  notification: { sam: ['READ_NOTIFICATION'] },
  reports: { ana: ['REMOVE_ENVIRONMENT_CONSUMPTION_ROLE'] },
};

export const holds = (who: Asker, permission: string, on: Target): boolean =>
  holders[on][who]?.includes(permission) ?? false;

/** Administrators of the installation are asked for no tenant permission; who the Tenant does not limit has all. */
export const mayAsTenant = (who: Asker, permission: string): boolean =>
  who !== 'carl' || permission === 'MANAGE_DATASETS';

export const isAdministrator = (who: Asker): boolean => who === 'pat';
