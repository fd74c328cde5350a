// What data.all has and this version has not yet: its addresses say so, for who comes by an old bookmark.

import type { WebModule } from '../../app/web-module.ts';

const LATER = [
  { needs: 'worksheets', title: 'Worksheets', path: '/worksheets' },
  { needs: 'dashboards', title: 'Dashboards', path: '/dashboards' },
  { needs: 'notebooks', title: 'Notebooks', path: '/notebooks' },
  { needs: 'mlstudio', title: 'ML Studio', path: '/mlstudio' },
  { needs: 'datapipelines', title: 'Pipelines', path: '/pipelines' },
  { needs: 'omics', title: 'Omics', path: '/omics' },
  { needs: 'redshift_datasets', title: 'Redshift datasets', path: '/redshift-datasets' },
  { needs: 'metadata_forms', title: 'Metadata forms', path: '/metadata-forms' },
] as const;

export const laterModules: readonly WebModule[] = LATER.map(({ needs, title, path }) => ({
  name: needs,
  needs,
  title,
  navigation: [],
  pages: [{ path: `${path}/*`, page: async () => (await import('../../app/failed-page.tsx')).NotFoundPage }],
}));
