// The start page.

import type { WebModule } from '../../app/web-module.ts';

export const homeModule: WebModule = {
  name: 'home',
  navigation: [{ section: 'Discover', text: 'Home', href: '/' }],
  pages: [{ path: '/', page: async () => (await import('./home-page.tsx')).HomePage }],
};
