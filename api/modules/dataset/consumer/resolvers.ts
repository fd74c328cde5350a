// A dataset as who was given some of it sees it.

import type { Resolvers } from '../../../graphql/schema-types.ts';
import { pageOfAll } from '../../../read-model/page.ts';
import type { ItemState } from '../../../read-model/share-state.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { notFound } from '../../../server/failure.ts';
import { requiredText } from '../../../server/input.ts';
import { attachedFilterUri, itemsNamed, viewsOf } from '../../share/items.ts';
import type { ShareRow } from '../../share/queries.ts';
import { shareFor, shareWithItem } from '../../share/share.ts';
import { answerOf, filtersOf } from '../data-filter/resolvers.ts';
import { columnPage } from '../table/columns.ts';
import { columnFilters, demandTable, tableFor } from '../table/place.ts';

export const consumerResolvers: Resolvers = {
  Query: {
    listSharedDatasetTableColumns: async (_, { tableUri, shareUri, filter }, context) => {
      const action = 'LIST_SHARED_DATASET_TABLE_COLUMNS';
      const place = await tableFor(context, action, tableUri);
      const share = await shareFor(context, action, shareUri);
      const { table, dataset } = place;
      const item = viewsOf(share).find(({ kind, name }) => kind === 'Table' && name === table.name);
      if (item === undefined || share.dataset_uri !== dataset.uri) throw notFound(action, 'DatasetTable', tableUri);
      await demandTable(context, action, place);
      // What is only asked for shows nothing, and what others have nothing to who asks.
      const isGiven = item.seen?.state === 'Granted' && context.identity.groups.includes(share.requester);
      const by = [item.seen?.filters ?? item.filters];
      return columnPage(context, table, filter, dataset.seen || isGiven ? by : await columnFilters(context, place));
    },

    listTableDataFiltersByAttached: async (_, { attachedDataFilterUri, filter }, context) => {
      const action = 'GET_SHARE_OBJECT';
      const uri = attachedFilterUri.itemUri(requiredText(action, 'attachedDataFilterUri', attachedDataFilterUri));
      const share = await shareWithItem(context, action, uri);
      const [item] = itemsNamed(share, action, [uri]);
      const table = await tableOf(context, share, item?.name ?? '');
      if (table === undefined) return pageOfAll([], filter);
      const filters = await filtersOf(context, table);
      const names = item === undefined ? [] : filtersToTell(share, item);
      const attached = filters.filter(({ name }) => names.includes(name));
      return pageOfAll(
        attached.map((one) => answerOf(table, one)),
        filter,
      );
    },
  },
};

/** Whoever asks for a table may name any filter of it: what is not given yet tells them nothing. */
const filtersToTell = ({ dataset_seen }: ShareRow, { seen, filters }: ItemState): readonly string[] =>
  dataset_seen ? filters : ((seen?.state === 'Granted' ? seen.filters : undefined) ?? []);

/** Uri of a table of the share's dataset. */
async function tableOf({ database }: GatewayContext, { dataset_uri }: ShareRow, name: string) {
  const row = await database
    .selectFrom('known_item')
    .innerJoin('dataset', 'dataset.uid', 'known_item.dataset_uid')
    .select('known_item.id')
    .where('dataset.uri', '=', dataset_uri ?? '')
    .where('known_item.kind', '=', 'Table')
    .where('known_item.name', '=', name)
    .executeTakeFirst();
  return row?.id;
}
