// Shares: what is asked for, decided and given.

import type { WebModule } from '../../app/web-module.ts';

export const shareModule: WebModule = {
  name: 'share',
  needs: 'shares_base',
  title: 'Shares',
  navigation: [{ section: 'Discover', text: 'Shares', href: '/shares' }],
  pages: [
    { path: '/shares', page: async () => (await import('./list/shares-page.tsx')).SharesPage },
    { path: '/shares/:shareUri', page: async () => (await import('./share-page.tsx')).SharePage },
    { path: '/request', page: async () => (await import('./request/request-page.tsx')).CartPage },
    { path: '/request/:datasetUri', page: async () => (await import('./request/request-page.tsx')).RequestPage },
  ],
};
