// What people are told: the bell, and a page with all of it.

import type { WebModule } from '../../app/web-module.ts';

export const notificationModule: WebModule = {
  name: 'notification',
  needs: 'notifications',
  title: 'Notifications',
  navigation: [],
  pages: [{ path: '/notifications', page: async () => (await import('./notifications-page.tsx')).NotificationsPage }],
};
