// What a dataset has that can be asked for: asked once for all datasets of an answer.

import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { ItemKind } from '../../../operator/resources/share-item.ts';
import type { Database } from '../../read-model/database.ts';
import type { ItemName } from '../../read-model/share-state.ts';
import type { GatewayContext } from '../../server/context.ts';

type Loader = DataLoader<string, readonly ItemName[]>;

/** One a request: what was written meanwhile is seen by the next. */
const loaders = new WeakMap<GatewayContext, Loader>();

/** The bucket, then tables and folders as far as they are known. */
export async function itemsOfDataset(context: GatewayContext, uri: string | null): Promise<readonly ItemName[]> {
  if (uri === null) return [];
  let loader = loaders.get(context);
  if (loader === undefined) {
    loader = new DataLoader(async (uris) => itemsOfDatasets(context.database, uris));
    loaders.set(context, loader);
  }
  return loader.load(uri);
}

async function itemsOfDatasets(database: Database, uris: readonly string[]): Promise<(readonly ItemName[])[]> {
  const { rows } = await sql<{ uri: string; kind: ItemKind; name: string }>`
    select dataset.uri, item.kind, item.name from dataset
    join lateral (
      select 0 as place, kind, name from dataset_item where parent_uid = dataset.uid and kind = 'Bucket'
      union all
      select 1, kind, name from known_item where dataset_uid = dataset.uid
    ) as item on true
    where dataset.uri = any(${uris}::text[])
    order by item.place, item.kind, item.name`.execute(database);
  const found = Map.groupBy(rows, ({ uri }) => uri);
  return uris.map((uri) => (found.get(uri) ?? []).map(({ kind, name }) => ({ kind, name })));
}
