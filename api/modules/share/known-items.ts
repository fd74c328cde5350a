// What a dataset has that can be asked for.

import type { Database } from '../../read-model/database.ts';
import type { ItemName } from './state.ts';

/** Tables and folders as far as they are known, and the bucket. */
export async function itemsOfDataset(database: Database, uri: string | null): Promise<ItemName[]> {
  const [known, buckets] = await Promise.all([
    database
      .selectFrom('known_item')
      .innerJoin('dataset', 'dataset.uid', 'known_item.dataset_uid')
      .select(['known_item.kind', 'known_item.name'])
      .where('dataset.uri', '=', uri ?? '')
      .orderBy('known_item.kind')
      .orderBy('known_item.name')
      .execute(),
    database
      .selectFrom('dataset_item')
      .innerJoin('dataset', 'dataset.uid', 'dataset_item.parent_uid')
      .select(['dataset_item.kind', 'dataset_item.name'])
      .where('dataset.uri', '=', uri ?? '')
      .where('dataset_item.kind', '=', 'Bucket')
      .execute(),
  ]);
  return [...buckets, ...known];
}
