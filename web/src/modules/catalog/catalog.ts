// The catalogue: what there is, for everybody to find and ask for.

import type { WebModule } from '../../app/web-module.ts';

export const catalogModule: WebModule = {
  name: 'catalog',
  needs: 'catalog',
  title: 'The catalogue',
  navigation: [{ section: 'Discover', text: 'Catalogue', href: '/catalog' }],
  pages: [{ path: '/catalog', page: async () => (await import('./catalog-page.tsx')).CatalogPage }],
};
