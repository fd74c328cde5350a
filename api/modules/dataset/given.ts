// What was given of a dataset: items of shares that are, or may still be, in effect.

import { sql } from 'kysely';
import type { ItemKind } from '../../../operator/resources/share-item.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, unauthorized } from '../../server/failure.ts';
import type { DatasetRow } from './dataset.ts';
import { loadersOf } from './loaders.ts';

interface Item {
  readonly kind: ItemKind;
  readonly name: string;
}

/** Something of it may be in AWS. */
const IN_EFFECT = ['Granting', 'Granted', 'Failed', 'Revoking'];

/** @returns how many shares have the item, whoever asked for them; with a filter: how many show it by that */
async function sharesOf({ database }: GatewayContext, dataset: DatasetRow, item: Item, filter?: string) {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from share_request join share_item on share_item.parent_uid = share_request.uid
    where share_request.dataset_namespace = ${dataset.namespace} and share_request.dataset = ${dataset.name}
      and share_item.kind = ${item.kind} and share_item.name = ${item.name}
      and share_item.state = any(${IN_EFFECT}::text[])
      and (${filter ?? null}::text is null or ${filter ?? null} = any(share_item.filters || share_item.filters_in_effect))
  `.execute(database);
  return rows[0]?.count ?? 0;
}

/**
 * Before something is taken out of the offer. That it is shared is told to who may see the dataset alone.
 * @throws GraphQLError ResourceShared, UnauthorizedOperation
 */
export async function refuseWhereGiven(
  context: GatewayContext,
  action: string,
  dataset: DatasetRow,
  item: Item & { readonly filter?: string },
): Promise<void> {
  if (!dataset.seen) throw unauthorized(action, context.identity.user, action, `resource: ${dataset.uri}`);
  const shares = await sharesOf(context, dataset, item, item.filter);
  if (shares === 0) return;
  const what = item.filter === undefined ? `${item.kind} ${item.name}` : `Filter ${item.filter} of table ${item.name}`;
  const text = `${what} is shared: ${shares === 1 ? 'one share has' : `${shares} shares have`} it; revoke it there first`;
  throw failure({ class: 'ResourceShared', action, text, facts: { shares } });
}

/** Who may see the dataset, and who was given the item: data.all's GET_DATASET_TABLE and GET_DATASET_FOLDER. */
export const seesItem = async (context: GatewayContext, dataset: DatasetRow, { kind, name }: Item): Promise<boolean> =>
  dataset.seen || (await loadersOf(context).given.load(`${dataset.namespace}/${dataset.name}`)).has(`${kind} ${name}`);
