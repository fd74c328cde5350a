// Organizations: groups of environments under one owner, and who may link accounts to them.

import type { WebModule } from '../../app/web-module.ts';

export const organizationModule: WebModule = {
  name: 'organization',
  navigation: [{ section: 'Manage', text: 'Organizations', href: '/organizations' }],
  pages: [
    { path: '/organizations', page: async () => (await import('./organizations-page.tsx')).OrganizationsPage },
    {
      path: '/organizations/new',
      page: async () => (await import('./form/new-organization-page.tsx')).NewOrganizationPage,
    },
    {
      path: '/organizations/:organizationUri',
      page: async () => (await import('./organization-page.tsx')).OrganizationPage,
    },
    {
      path: '/organizations/:organizationUri/edit',
      page: async () => (await import('./form/edit-organization-page.tsx')).EditOrganizationPage,
    },
  ],
};
