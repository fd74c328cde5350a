// The installation itself, for its administrators.

import type { WebModule } from '../../app/web-module.ts';

export const tenantModule: WebModule = {
  name: 'tenant',
  navigation: [{ section: 'Manage', text: 'Administration', href: '/admin', forAdministrators: true }],
  pages: [{ path: '/admin', page: async () => (await import('./admin-page.tsx')).AdminPage }],
};
