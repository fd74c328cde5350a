// Who one is here, and where one is signed in.

import type { WebModule } from '../../app/web-module.ts';

export const profileModule: WebModule = {
  name: 'profile',
  navigation: [],
  pages: [{ path: '/profile', page: async () => (await import('./profile-page.tsx')).ProfilePage }],
};
