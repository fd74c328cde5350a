// Items of a share as clients know them: by an id that follows from the share and the item's name.

import type { ItemKind } from '../../../operator/resources/share-item.ts';
import type { ShareableType } from '../../graphql/schema-types.ts';
import { itemId } from '../../read-model/item-id.ts';
import type { GatewayContext } from '../../server/context.ts';
import { notFound } from '../../server/failure.ts';
import { itemsOfDataset } from './known-items.ts';
import type { ShareRow } from './queries.ts';
import { itemKey, itemsOf, type ItemName, type ItemState } from '../../read-model/share-state.ts';

/** An item that is asked for, or was. */
export interface AddedItemView extends ItemState {
  readonly share: ShareRow;
  readonly uri: string;
}

/** What could be asked for beside it: of the dataset, and not in the share. */
export interface ShareableItemView extends ItemName {
  readonly share: ShareRow;
  readonly uri: null;
  readonly status: null;
  readonly health: null;
  readonly message: null;
  readonly filters: readonly string[];
}

export type ShareItemView = AddedItemView | ShareableItemView;

export async function shareableViews(context: GatewayContext, share: ShareRow): Promise<ShareableItemView[]> {
  const there = new Set(itemsOf(share.request, share.approval ?? undefined).map(itemKey));
  const items = await itemsOfDataset(context, share.dataset_uri);
  return items
    .filter((item) => !there.has(itemKey(item)))
    .map((item) => ({ ...item, share, uri: null, status: null, health: null, message: null, filters: [] }));
}

export const viewsOf = (share: ShareRow): AddedItemView[] =>
  itemsOf(share.request, share.approval ?? undefined).map((state) => ({
    ...state,
    share,
    uri: itemId(share.uri, state.kind, state.name),
  }));

/** @throws Error where the share has no such item */
export function itemOf(share: ShareRow, item: ItemName): AddedItemView {
  const view = viewsOf(share).find((one) => itemKey(one) === itemKey(item));
  if (view === undefined) throw new Error(`share ${share.uri} has no ${itemKey(item)}`);
  return view;
}

/** @throws GraphQLError ResourceNotFound for an id that is none of the share's items */
export function itemsNamed(
  share: ShareRow,
  action: string,
  uris: readonly (string | null | undefined)[],
): AddedItemView[] {
  const views = new Map(viewsOf(share).map((view) => [view.uri, view]));
  const wanted = [...new Set(uris.flatMap((uri) => uri ?? []))];
  return wanted.map((uri) => {
    const view = views.get(uri);
    if (view === undefined) throw notFound(action, 'Item', uri);
    return view;
  });
}

/** The set of filters that an item bears is known by the item's own id. */
const FILTER = 'filters-';
export const attachedFilterUri = {
  of: ({ uri, filters }: ShareItemView): string | null => (filters.length === 0 || uri === null ? null : FILTER + uri),
  itemUri: (uri: string): string => (uri.startsWith(FILTER) ? uri.slice(FILTER.length) : uri),
};

export const shareableTypes: Readonly<Record<ItemKind, ShareableType>> = {
  Table: 'Table',
  Folder: 'StorageLocation',
  Bucket: 'S3Bucket',
};

/** As clients write it where the schema says `String`: data.all's stored names, and ours. */
const kindsByName: Readonly<Record<string, ItemKind>> = {
  Table: 'Table',
  DatasetTable: 'Table',
  StorageLocation: 'Folder',
  DatasetStorageLocation: 'Folder',
  Folder: 'Folder',
  S3Bucket: 'Bucket',
  Bucket: 'Bucket',
};

export const kindNamed = (name: string): ItemKind | undefined =>
  Object.hasOwn(kindsByName, name) ? kindsByName[name] : undefined;
