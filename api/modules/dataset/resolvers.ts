// Datasets in GraphQL, with their tables, folders and data filters.

import type { DatasetResolvers, QueryResolvers, Resolvers } from '../../graphql/schema-types.ts';
import { liveField } from '../../live/live-field.ts';
import type { GatewayContext } from '../../server/context.ts';
import { unauthorized } from '../../server/failure.ts';
import { consumerResolvers } from './consumer/resolvers.ts';
import { upkeepMutations } from './consumer/upkeep.ts';
import { credentialsResolvers } from './credentials/resolvers.ts';
import { dataFilterResolvers } from './data-filter/resolvers.ts';
import { firstSteward, kmsAlias, type DatasetRow } from './dataset.ts';
import { importingResolvers } from './importing/resolvers.ts';
import { listItems } from './items.ts';
import { folderResolvers } from './folder/resolvers.ts';
import { stackView } from '../stack/stack.ts';
import { loadersOf } from './loaders.ts';
import { datasetMutations } from './mutations.ts';
import { datasetFor, environmentFor, seenDatasetFor } from './place.ts';
import { listDatasets } from './queries.ts';
import { roleOn } from './roles.ts';
import { tableResolvers } from './table/resolvers.ts';
import { termsOf } from './terms.ts';
import { knownLanguage, knownTopics } from './words.ts';

const queries: QueryResolvers = {
  listDatasets: async (_, { filter }, context) =>
    listOf(context, { roles: ['Admin', 'DataSteward', 'Shared'] }, filter),
  listOwnedDatasets: async (_, { filter }, context) => listOf(context, { roles: ['Admin', 'DataSteward'] }, filter),
  listDatasetsCreatedInEnvironment: async (_, { environmentUri, filter }, context) => {
    const { name: namespace } = await environmentFor(context, LIST_IN_ENVIRONMENT, environmentUri);
    return listOf(context, { namespace }, filter);
  },
  listS3DatasetsOwnedByEnvGroup: async (_, { environmentUri, groupUri, filter }, context) => {
    const { name: namespace } = await environmentFor(context, LIST_IN_ENVIRONMENT, environmentUri);
    const { seesEverything } = await context.viewer();
    const { user, groups } = context.identity;
    if (!seesEverything && !groups.includes(groupUri))
      throw unauthorized(LIST_IN_ENVIRONMENT, user, LIST_IN_ENVIRONMENT, `resource: ${groupUri}`);
    return listOf(context, { namespace, owner: groupUri }, filter);
  },
  getDataset: (_, { datasetUri }, context) => datasetFor(context, 'GET_DATASET', datasetUri),
  listDatasetTablesFolders: async (_, { datasetUri, filter }, context) => {
    const { uid } = await seenDatasetFor(context, 'LIST_DATASET_TABLES_FOLDERS', datasetUri);
    return listItems(context.database, uid, filter);
  },
};

const LIST_IN_ENVIRONMENT = 'LIST_ENVIRONMENT_DATASETS';

type Filter = Parameters<typeof listDatasets>[3];

const listOf = async (
  { database, viewer, identity }: GatewayContext,
  scope: Omit<Parameters<typeof listDatasets>[2], 'groups'>,
  filter: Filter,
) => listDatasets(database, await viewer(), { groups: identity.groups, ...scope }, filter);

/** What both types of a dataset answer alike. */
const common = {
  datasetUri: ({ uri }) => uri,
  owner: ({ changed_by }) => changed_by,
  created: ({ created }) => created.toISOString(),
  updated: ({ updated }) => updated.toISOString(),
  admins: ({ owner }) => [owner],
  SamlAdminGroupName: ({ owner }) => owner,
  imported: ({ origin }) => origin === 'Import',
  owners: ({ owner }) => owner,
  stewards: firstSteward,
  stewardGroups: ({ stewards }) => stewards,
  userRoleForDataset: (row, _, context) => roleOn(row, context),
  userRoleInEnvironment: ({ namespace }, _, context) => loadersOf(context).environmentRole.load(namespace),
  topics: ({ topics }) => knownTopics(topics),
  topicNames: ({ topics }) => topics,
  language: ({ language }) => knownLanguage(language),
  languageName: ({ language }) => language,
  autoApprovalEnabled: ({ auto_approval }) => auto_approval,
  reason: ({ seen, reason }) => (seen ? reason : null),
  message: ({ seen, message }) => (seen ? message : null),
  stack: (row, _, context) => (row.seen ? stackOf(row, context) : null),
} as const satisfies DatasetResolvers;

const environmentOf = async ({ namespace }: DatasetRow, context: GatewayContext) =>
  (await loadersOf(context).environment.load(namespace)) ?? null;

async function stackOf({ uri, namespace, name, account, region, facts }: DatasetRow, context: GatewayContext) {
  const environment = await loadersOf(context).environment.load(namespace);
  return stackView(context, 'GET_STACK', {
    type: 'dataset',
    uri,
    object: { resource: 'datasets', namespace, name },
    environmentUri: environment?.uri,
    account: account ?? environment?.account ?? '',
    region: region ?? environment?.region ?? '',
    stack: facts.stack ?? undefined,
    tags: [],
  });
}

export const datasetResolvers: Resolvers = {
  Query: {
    ...queries,
    ...tableResolvers.Query,
    ...folderResolvers.Query,
    ...dataFilterResolvers.Query,
    ...consumerResolvers.Query,
    ...credentialsResolvers.Query,
    ...importingResolvers.Query,
  },
  Mutation: {
    ...datasetMutations,
    ...tableResolvers.Mutation,
    ...folderResolvers.Mutation,
    ...dataFilterResolvers.Mutation,
    ...credentialsResolvers.Mutation,
    ...upkeepMutations,
  },
  Subscription: {
    datasetChanged: liveField(({ datasetUri }, context, following) => {
      following.follow('Dataset', datasetUri);
      return datasetFor(context, 'GET_DATASET', datasetUri);
    }),
  },
  DatasetBase: {
    ...common,
    datasetType: () => 'S3',
    AwsAccountId: async (row, _, context) =>
      row.seen || (await roleOn(row, context)) === 'Shared' ? row.account : null,
    businessOwnerEmail: () => null,
    businessOwnerDelegationEmails: () => [],
    environment: async (row, _, context) => {
      const environment = await environmentOf(row, context);
      return environment?.seen ? environment : null;
    },
  },
  Dataset: {
    ...common,
    restricted: (row) => (row.seen ? row : null),
    environment: (row, _, context) => environmentOf(row, context),
    tables: ({ uid }, { filter }, context) => loadersOf(context).tablePages.load({ uid, filter }),
    locations: ({ uid }, { filter }, context) => loadersOf(context).folderPages.load({ uid, filter }),
    statistics: async ({ uid, tables }, _, context) => ({
      tables,
      locations: await loadersOf(context).folders.load(uid),
      upvotes: 0,
    }),
    terms: ({ terms, created }) => termsOf(terms, created),
    enableExpiration: ({ facts }) => facts.expiration !== null,
    expirySetting: ({ facts }) => facts.expiration?.setting,
    expiryMinDuration: ({ facts }) => facts.expiration?.min,
    expiryMaxDuration: ({ facts }) => facts.expiration?.max,
  },
  DatasetRestrictedInformation: {
    AwsAccountId: ({ account }) => account,
    S3BucketName: ({ bucket }) => bucket,
    GlueDatabaseName: ({ glue_database }) => glue_database,
    GlueCrawlerName: () => null,
    IAMDatasetAdminRoleArn: ({ role_arn }) => role_arn,
    KmsAlias: kmsAlias,
    importedS3Bucket: ({ origin }) => origin === 'Import',
    importedGlueDatabase: ({ facts }) => facts.s3.glueDatabase !== undefined,
    importedKmsKey: ({ facts }) => facts.s3.kmsKey !== undefined,
    importedAdminRole: ({ facts }) => facts.s3.roleArn !== undefined,
  },
  DatasetStorageLocation: { ...folderResolvers.DatasetStorageLocation },
  DatasetTable: { ...tableResolvers.DatasetTable },
  DatasetTableColumn: { ...tableResolvers.DatasetTableColumn },
};
