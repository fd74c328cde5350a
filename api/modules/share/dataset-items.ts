// What can be asked for of a dataset. Everybody who is signed in may find a dataset and ask for it.

import type { GatewayContext } from '../../server/context.ts';
import { invalidInput, notFound } from '../../server/failure.ts';
import { kindNamed } from './items.ts';
import type { ShareRow } from './queries.ts';
import type { ItemName } from './state.ts';

/** @throws GraphQLError InvalidInput for what is no type, ResourceNotFound for what the dataset does not have */
export async function datasetItem(
  { database }: Pick<GatewayContext, 'database'>,
  { dataset_uri }: Pick<ShareRow, 'dataset_uri'>,
  action: string,
  { itemUri, itemType }: { readonly itemUri: string; readonly itemType: string },
): Promise<ItemName> {
  const kind = kindNamed(itemType);
  if (kind === undefined) throw invalidInput(action, 'itemType', itemType, 'Table, StorageLocation or S3Bucket');
  const item = await database
    .selectFrom('dataset_item')
    .innerJoin('dataset', 'dataset.uid', 'dataset_item.parent_uid')
    .select(['dataset_item.kind', 'dataset_item.name'])
    .where('dataset_item.id', '=', itemUri)
    .where('dataset_item.kind', '=', kind)
    .where('dataset.uri', '=', dataset_uri ?? '')
    .executeTakeFirst();
  if (item === undefined) throw notFound(action, 'Item', itemUri);
  return item;
}
