// Datasets: what teams offer to others, with their tables and folders.

import type { WebModule } from '../../app/web-module.ts';

export const datasetModule: WebModule = {
  name: 'dataset',
  needs: 's3_datasets',
  title: 'Datasets',
  navigation: [{ section: 'Manage', text: 'Datasets', href: '/datasets' }],
  pages: [
    { path: '/datasets', page: async () => (await import('./datasets-page.tsx')).DatasetsPage },
    { path: '/datasets/new', page: async () => (await import('./form/new-dataset-page.tsx')).NewDatasetPage },
    { path: '/datasets/:datasetUri', page: async () => (await import('./dataset-page.tsx')).DatasetPage },
    {
      path: '/datasets/:datasetUri/edit',
      page: async () => (await import('./form/edit-dataset-page.tsx')).EditDatasetPage,
    },
    { path: '/tables/:tableUri', page: async () => (await import('./table/table-page.tsx')).TablePage },
    { path: '/folders/:locationUri', page: async () => (await import('./folder/folder-page.tsx')).FolderPage },
  ],
};
