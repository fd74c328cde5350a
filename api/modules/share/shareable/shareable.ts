// What can be asked for of a dataset, for who chooses before there is a request.

import type { ShareableDatasetItem } from '../../../graphql/schema-types.ts';
import { itemId } from '../../../read-model/item-id.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { shareableTypes } from '../items.ts';
import { itemsOfDataset } from '../known-items.ts';

/** Who looks for more says a part of its name. */
const MOST = 100;

export async function shareableItems(
  context: GatewayContext,
  datasetUri: string,
  term: string | null | undefined,
): Promise<ShareableDatasetItem[]> {
  const part = term?.toLowerCase() ?? '';
  const items = await itemsOfDataset(context, datasetUri);
  return items
    .map(({ kind, name }) => ({
      itemUri: itemId(datasetUri, kind, name),
      itemType: shareableTypes[kind],
      itemName: kind === 'Bucket' ? null : name,
    }))
    .filter(({ itemName }) => (itemName ?? '').toLowerCase().includes(part))
    .slice(0, MOST);
}
