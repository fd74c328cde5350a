// Environments: AWS accounts and regions that are linked, their teams and roles.

import type { WebModule } from '../../app/web-module.ts';

export const environmentModule: WebModule = {
  name: 'environment',
  navigation: [{ section: 'Manage', text: 'Environments', href: '/environments' }],
  pages: [
    { path: '/environments', page: async () => (await import('./environments-page.tsx')).EnvironmentsPage },
    { path: '/environments/new', page: async () => (await import('./link/link-page.tsx')).LinkPage },
    {
      path: '/environments/:environmentUri',
      page: async () => (await import('./environment-page.tsx')).EnvironmentPage,
    },
    {
      path: '/environments/:environmentUri/edit',
      page: async () => (await import('./edit-page.tsx')).EditEnvironmentPage,
    },
  ],
};
