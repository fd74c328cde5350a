// Changes of what is written about tables: of their DatasetTable objects, in the name of who asks.

import { datasetTableKind } from '../../../../operator/resources/dataset-table.ts';
import type { MutationResolvers } from '../../../graphql/schema-types.ts';
import { invalidInput, notFound, requiredParameter } from '../../../server/failure.ts';
import { givenTexts, requiredText } from '../../../server/input.ts';
import { refuseWhereGiven } from '../given.ts';
import { refuseUnlessEmpty } from '../input.ts';
import { requestReconcile } from '../mutations.ts';
import { columnPage, shownColumns } from './columns.ts';
import { attemptOnTable, changeTable, columnFilters, demandColumns, tableFor } from './place.ts';
import { tableDetails } from './queries.ts';
import { describedBy, partOf } from './table.ts';

const UPDATE = 'UPDATE_DATASET_TABLE';

export const tableMutations: MutationResolvers = {
  updateDatasetTable: async (_, { tableUri, input }, context) => {
    if (!input) throw requiredParameter(UPDATE, 'input');
    refuseUnlessEmpty(UPDATE, 'tags', input.tags, 'a table is found by the tags of its dataset');
    refuseUnlessEmpty(UPDATE, 'topics', input.topics, 'a table is found by the topics of its dataset');
    const place = await tableFor(context, UPDATE, tableUri);
    const { table } = place;
    if (input.label && input.label !== table.name)
      throw invalidInput(UPDATE, 'label', input.label, `${table.name}: Glue names the table`);
    const terms = givenTexts(input.terms);
    const written = await changeTable(context, attemptOnTable(UPDATE, UPDATE, table), place, () => ({
      ...(typeof input.description === 'string' && { description: input.description || undefined }),
      ...(input.terms && { terms: terms.length > 0 ? terms : undefined }),
    }));
    return describedBy(table, written);
  },

  deleteDatasetTable: async (_, { tableUri }, context) => {
    const action = 'DELETE_DATASET_TABLE';
    const place = await tableFor(context, action, tableUri);
    const { table, dataset } = place;
    await refuseWhereGiven(context, action, dataset, { kind: 'Table', name: table.name });
    const attempt = attemptOnTable(action, action, table);
    const { kubernetes, dryRun } = context;
    // Where nothing is written there is nothing to be asked of Kubernetes but whether they might have.
    if (table.object_name === null) await changeTable({ ...context, dryRun: true }, attempt, place, () => ({}));
    else {
      const name = { namespace: dataset.namespace, name: table.object_name };
      await kubernetes.delete(datasetTableKind, name, { attempt, dryRun });
    }
    return true;
  },

  syncDatasetTableColumns: async (_, { tableUri }, context) => {
    const place = await tableFor(context, UPDATE, tableUri);
    await requestReconcile(context, UPDATE, UPDATE, place.dataset);
    await demandColumns(context, UPDATE, place);
    return columnPage(context, place.table, {}, await columnFilters(context, place));
  },

  updateDatasetTableColumn: async (_, { columnUri, input }, context) => {
    const { tableUri, name } = partOf(requiredText(UPDATE, 'columnUri', columnUri));
    const place = await tableFor(context, UPDATE, tableUri);
    await demandColumns(context, UPDATE, place);
    const [details] = await tableDetails(context.database, [tableUri]);
    const columns = details && shownColumns(place.table, details, await columnFilters(context, place));
    const column = columns?.find((one) => one.name === name);
    if (column === undefined) throw notFound(UPDATE, 'DatasetTableColumn', columnUri ?? '');
    const { description } = input ?? {};
    if (typeof description !== 'string') return column;
    await changeTable(context, attemptOnTable(UPDATE, UPDATE, place.table), place, ({ columns = [] }) => {
      const others = columns.filter((one) => one.name !== name);
      const after = description === '' ? others : [...others, { name, description }];
      return { columns: after.length > 0 ? after : undefined };
    });
    return { ...column, description: description || (column.comment ?? null) };
  },
};
