// Data filters in GraphQL: `spec.filters` of the DatasetTable.

import type { DataFilter } from '../../../../operator/resources/dataset-table.ts';
import type { Resolvers } from '../../../graphql/schema-types.ts';
import { pageOfAll } from '../../../read-model/page.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { failure, invalidInput, notFound, unauthorized } from '../../../server/failure.ts';
import { givenTexts, requiredText } from '../../../server/input.ts';
import { refuseWhereGiven } from '../given.ts';
import { refuseUnlessEmpty } from '../input.ts';
import { attemptOnTable, changeTable, tableFor } from '../table/place.ts';
import { partOf, partUri } from '../table/table.ts';

export const dataFilterResolvers: Resolvers = {
  Query: {
    listTableDataFilters: async (_, { tableUri, filter }, context) => {
      const action = 'LIST_TABLE_DATA_FILTERS';
      const { table, dataset } = await tableFor(context, action, tableUri);
      if (!dataset.seen) throw unauthorized(action, context.identity.user, action, `resource: ${tableUri}`);
      const term = filter?.term?.toLowerCase() ?? '';
      const filters = await filtersOf(context, table.id);
      const matching = filters.filter(({ name }) => name.includes(term));
      return pageOfAll(
        matching.map((one) => answerOf(table.id, one)),
        filter,
      );
    },
  },
  Mutation: {
    createTableDataFilter: async (_, { tableUri, input }, context) => {
      const action = 'CREATE_TABLE_DATA_FILTER';
      refuseUnlessEmpty(action, 'description', input.description, 'the name says what the filter shows');
      const wanted = newFilter(action, input);
      const place = await tableFor(context, action, tableUri);
      await changeTable(context, attemptOnTable(action, action, place.table), place, ({ filters = [] }) => ({
        filters: withFilter(action, filters, wanted),
      }));
      return answerOf(tableUri, wanted);
    },

    deleteTableDataFilter: async (_, { filterUri }, context) => {
      const action = 'DELETE_TABLE_DATA_FILTER';
      const { tableUri, name } = partOf(requiredText(action, 'filterUri', filterUri));
      const place = await tableFor(context, action, tableUri);
      const { table, dataset } = place;
      await refuseWhereGiven(context, action, dataset, { kind: 'Table', name: table.name, filter: name });
      if (!(await filtersOf(context, tableUri)).some((one) => one.name === name))
        throw notFound(action, 'DatasetTableDataFilter', filterUri);
      await changeTable(context, attemptOnTable(action, action, table), place, ({ filters = [] }) => {
        const after = filters.filter((one) => one.name !== name);
        return { filters: after.length > 0 ? after : undefined };
      });
      return true;
    },
  },
};

/** Those of the DatasetTable that counts. */
export async function filtersOf({ database }: GatewayContext, tableUri: string): Promise<readonly DataFilter[]> {
  const row = await database.selectFrom('known_table').select('filters').where('id', '=', tableUri).executeTakeFirst();
  return row?.filters ?? [];
}

export const answerOf = (tableUri: string, { name, rows, columns }: DataFilter) => ({
  filterUri: partUri(tableUri, name),
  tableUri,
  label: name,
  name,
  description: null,
  filterType: rows === undefined ? 'COLUMN' : 'ROW',
  includedCols: columns ?? null,
  rowExpression: rows ?? null,
});

interface FilterInput {
  readonly filterName: string;
  readonly filterType: string;
  readonly rowExpression?: string | null | undefined;
  readonly includedCols?: readonly (string | null | undefined)[] | null | undefined;
}

function newFilter(action: string, input: FilterInput): DataFilter {
  const name = requiredText(action, 'filterName', input.filterName);
  const columns = givenTexts(input.includedCols);
  switch (input.filterType) {
    case 'ROW':
      return {
        name,
        rows: requiredText(action, 'rowExpression', input.rowExpression),
        ...(columns.length > 0 && { columns }),
      };
    case 'COLUMN':
      requiredText(action, 'includedCols', columns[0]);
      return { name, columns, ...(input.rowExpression ? { rows: input.rowExpression } : {}) };
    default:
      throw invalidInput(action, 'filterType', input.filterType, 'ROW or COLUMN');
  }
}

function withFilter(action: string, filters: readonly DataFilter[], wanted: DataFilter): DataFilter[] {
  const present = filters.find(({ name }) => name === wanted.name);
  if (present === undefined) return [...filters, wanted];
  const isSame = JSON.stringify([present.rows, present.columns]) === JSON.stringify([wanted.rows, wanted.columns]);
  if (isSame) return [...filters];
  const text = `the table has another filter ${wanted.name}: shares may show what that says, so delete it first or choose another name`;
  throw failure({ class: 'ResourceAlreadyExists', action, text });
}
