// Operations on stacks, tags, groups, the installation and notifications.

import { people } from './authority-scene.ts';
import { and, anywhere, type Operations, type Try } from './permission-tries.ts';

const stack = (targetType: 'environment' | 'dataset', permission: 'GET' | 'UPDATE', more: object = {}): Try => ({
  on: targetType === 'environment' ? 'sales' : 'orders',
  variables: ({ sales: environmentUri, orders: datasetUri }) => {
    const targetUri = targetType === 'environment' ? environmentUri : datasetUri;
    return { targetUri, targetType, stackUri: targetUri, input: { targetUri, targetType, ...more } };
  },
  by: {
    permission: `${permission}_${targetType.toUpperCase()}`,
    ...(permission === 'UPDATE' && {
      tenant: targetType === 'environment' ? 'MANAGE_ENVIRONMENTS' : 'MANAGE_DATASETS',
    }),
  },
});
const read = [stack('environment', 'GET'), stack('dataset', 'GET')];
const tags = { tags: [{ key: 'stage', value: 'test', cascade: false }] };
const aboutAna = { on: 'everywhere', variables: () => ({ groupUri: people.ana, userid: 'ana' }) } as const;

export const installationOperations: Operations = {
  getStack: read,
  getStackLogs: read,
  listKeyValueTags: read,
  updateStack: [stack('environment', 'UPDATE'), stack('dataset', 'UPDATE')],
  updateKeyValueTags: [stack('environment', 'UPDATE', tags), stack('dataset', 'UPDATE', tags)],
  queryEnums: [and(anywhere, { enums_names: ['ShareableType'] })],
  listGroups: [anywhere],
  listUsersForGroup: [aboutAna],
  getGroupsForUser: [aboutAna],
  getGroup: [aboutAna],
  viewerIsAdministrator: [anywhere],
  listViewerRights: [anywhere],
  getMaintenanceWindowStatus: [anywhere],
  startMaintenanceWindow: [and(anywhere, { mode: 'READ-ONLY' })],
  stopMaintenanceWindow: [anywhere],
  listTenantGroups: [anywhere],
  listTenantPermissions: [anywhere],
  updateGroupTenantPermissions: [and(anywhere, { input: { groupUri: people.zoe, permissions: ['MANAGE_SHARES'] } })],
  updateSSMParameter: [and(anywhere, { name: 'dashboardId', value: 'x' })],
  listNotifications: [anywhere],
  countUnreadNotifications: [anywhere],
  markAllNotificationsAsRead: [anywhere],
  markNotificationAsRead: [
    {
      on: 'notification',
      variables: ({ notification: notificationUri }) => ({ notificationUri }),
      by: { permission: 'READ_NOTIFICATION' },
    },
  ],
};
