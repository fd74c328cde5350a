// What can be asked for of a dataset. Everybody who is signed in may find a dataset and ask for it.

import type { GatewayContext } from '../../server/context.ts';
import { invalidInput, notFound } from '../../server/failure.ts';
import { itemId } from '../../read-model/item-id.ts';
import { kindNamed } from './items.ts';
import { itemsOfDataset } from './known-items.ts';
import type { ShareRow } from './queries.ts';
import type { ItemName } from '../../read-model/share-state.ts';

/** @throws GraphQLError InvalidInput for what is no type, ResourceNotFound for what the dataset does not have */
export async function datasetItem(
  context: GatewayContext,
  { dataset_uri }: Pick<ShareRow, 'dataset_uri'>,
  action: string,
  { itemUri, itemType }: { readonly itemUri: string; readonly itemType: string },
): Promise<ItemName> {
  const kind = kindNamed(itemType);
  if (kind === undefined) throw invalidInput(action, 'itemType', itemType, 'Table, StorageLocation or S3Bucket');
  const item = (await itemsOfDataset(context, dataset_uri)).find(
    (one) => one.kind === kind && itemId(dataset_uri ?? '', one.kind, one.name) === itemUri,
  );
  if (item === undefined) throw notFound(action, 'Item', itemUri);
  return item;
}
