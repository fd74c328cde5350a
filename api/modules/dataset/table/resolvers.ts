// Tables and their columns in GraphQL.

import type { Resolvers } from '../../../graphql/schema-types.ts';
import type { GatewayContext } from '../../../server/context.ts';
import type { DatasetRow } from '../dataset.ts';
import { seesItem } from '../given.ts';
import { loadersOf } from '../loaders.ts';
import { roleOn } from '../roles.ts';
import { noTerms, termsOf } from '../terms.ts';
import { columnPage } from './columns.ts';
import { tableMutations } from './mutations.ts';
import { columnFilters, demandColumns, seesColumns, tableFor } from './place.ts';
import { listTables } from './queries.ts';
import { partUri, type TableRow } from './table.ts';

const datasetOf = async ({ dataset_uid }: TableRow, context: GatewayContext): Promise<DatasetRow | undefined> =>
  loadersOf(context).dataset.load(dataset_uid);

/** The dataset, where who asks may know where the data of the table is. */
async function knownPlace(table: TableRow, context: GatewayContext): Promise<DatasetRow | undefined> {
  const dataset = await datasetOf(table, context);
  if (dataset === undefined) return undefined;
  return (await seesItem(context, dataset, { kind: 'Table', name: table.name })) ? dataset : undefined;
}

export const tableResolvers: Resolvers = {
  Query: {
    listDatasetTables: async (_, { filter }, context) => listTables(context.database, await context.viewer(), filter),
    getDatasetTable: async (_, { tableUri }, context) => (await tableFor(context, 'GET_DATASET_TABLE', tableUri)).table,
    listDatasetTableColumns: async (_, { tableUri, filter }, context) => {
      const action = 'LIST_DATASET_TABLE_COLUMNS';
      const place = await tableFor(context, action, tableUri);
      await demandColumns(context, action, place);
      return columnPage(context, place.table, filter, await columnFilters(context, place));
    },
  },
  Mutation: tableMutations,
  DatasetTable: {
    tableUri: ({ id }) => id,
    datasetUri: async (table, _, context) => (await datasetOf(table, context))?.uri,
    dataset: async (table, _, context) => datasetOf(table, context),
    label: ({ name }) => name,
    owner: async (table, _, context) => table.changed_by ?? (await datasetOf(table, context))?.changed_by,
    created: async (table, _, context) => (table.created ?? (await datasetOf(table, context))?.created)?.toISOString(),
    updated: async (table, _, context) => (table.updated ?? (await datasetOf(table, context))?.updated)?.toISOString(),
    admins: async (table, _, context) => [(await datasetOf(table, context))?.owner],
    LastGlueTableStatus: () => 'InSync',
    GlueTableConfig: () => null,
    GlueTableProperties: async (table, _, context) => {
      if ((await knownPlace(table, context)) === undefined) return null;
      const type = (await loadersOf(context).tableDetails.load(table.id))?.type;
      return type ? JSON.stringify({ TableType: type }) : null;
    },
    restricted: async (table, _, context) => {
      const dataset = await knownPlace(table, context);
      if (dataset === undefined) return null;
      return {
        AwsAccountId: dataset.account,
        GlueDatabaseName: dataset.glue_database,
        GlueTableName: table.name,
        S3Prefix: (await loadersOf(context).tableDetails.load(table.id))?.location,
      };
    },
    region: async (table, _, context) => (await datasetOf(table, context))?.region,
    tags: () => [],
    userRoleForTable: async (table, _, context) => {
      const dataset = await datasetOf(table, context);
      return dataset ? roleOn(dataset, context) : 'NoPermission';
    },
    stage: () => null,
    columns: async (table, _, context) => {
      const dataset = await datasetOf(table, context);
      if (dataset === undefined || !(await seesColumns(context, { table, dataset }))) return null;
      return columnPage(context, table, { pageSize: 500 }, await columnFilters(context, { table, dataset }));
    },
    terms: async (table, _, context) => termsOf(table.terms, (await datasetOf(table, context))?.created ?? new Date(0)),
  },
  DatasetTableColumn: {
    tableUri: ({ table }) => table.id,
    columnUri: ({ table, name }) => partUri(table.id, name),
    label: ({ name }) => name,
    AwsAccountId: async ({ table }, _, context) => (await knownPlace(table, context))?.account,
    GlueDatabaseName: async ({ table }, _, context) => (await knownPlace(table, context))?.glue_database,
    GlueTableName: ({ table }) => table.name,
    typeName: ({ type }) => type,
    columnType: ({ partition }) => (partition === undefined ? 'column' : `partition_${partition}`),
    region: async ({ table }, _, context) => (await datasetOf(table, context))?.region,
    owner: () => null,
    created: () => null,
    updated: () => null,
    classification: () => null,
    topics: () => [],
    tags: () => [],
    terms: () => noTerms,
  },
};
