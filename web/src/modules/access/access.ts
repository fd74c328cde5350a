// Who can read what: for those who decide about data, for those who have it, and for auditors.

import type { WebModule } from '../../app/web-module.ts';

export const accessModule: WebModule = {
  name: 'access',
  navigation: [{ section: 'Discover', text: 'Who can read what', href: '/access' }],
  pages: [
    { path: '/access', page: async () => (await import('./access-page.tsx')).AccessPage },
    { path: '/access/graph', page: async () => (await import('./graph/graph-page.tsx')).GraphPage },
  ],
};
