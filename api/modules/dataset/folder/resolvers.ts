// Folders in GraphQL.

import type { Resolvers } from '../../../graphql/schema-types.ts';
import type { GatewayContext } from '../../../server/context.ts';
import type { DatasetRow } from '../dataset.ts';
import { seesItem } from '../given.ts';
import { loadersOf } from '../loaders.ts';
import { roleOn } from '../roles.ts';
import { noTerms } from '../terms.ts';
import type { FolderRow } from './folder.ts';
import { folderFor, folderMutations } from './mutations.ts';

const datasetOfFolder = async ({ dataset_uid }: FolderRow, context: GatewayContext): Promise<DatasetRow | undefined> =>
  loadersOf(context).dataset.load(dataset_uid);

export const folderResolvers: Resolvers = {
  Query: {
    getDatasetStorageLocation: async (_, { locationUri }, context) =>
      (await folderFor(context, 'GET_DATASET_FOLDER', locationUri)).folder,
  },
  Mutation: folderMutations,
  DatasetStorageLocation: {
    locationUri: ({ id }) => id,
    label: ({ name }) => name,
    owner: async (folder, _, context) => (await datasetOfFolder(folder, context))?.changed_by,
    created: async (folder, _, context) => (await datasetOfFolder(folder, context))?.created.toISOString(),
    updated: async (folder, _, context) => (await datasetOfFolder(folder, context))?.updated.toISOString(),
    tags: () => [],
    S3Prefix: ({ prefix }) => prefix,
    locationCreated: () => true,
    dataset: async (folder, _, context) => {
      const dataset = await datasetOfFolder(folder, context);
      return dataset?.seen ? dataset : null;
    },
    restricted: async (folder, _, context) => {
      const dataset = await datasetOfFolder(folder, context);
      const item = { kind: 'Folder', name: folder.name } as const;
      return dataset && (await seesItem(context, dataset, item)) ? dataset : null;
    },
    userRoleForStorageLocation: async (folder, _, context) => {
      const dataset = await datasetOfFolder(folder, context);
      return dataset ? roleOn(dataset, context) : 'NoPermission';
    },
    environmentEndPoint: () => null,
    terms: () => noTerms,
  },
};
