// Asking for access in one act: one ShareRequest, written whole and submitted, or added to in one edit.

import type { ShareItem } from '../../../../operator/resources/share-item.ts';
import type { AccessRequestInput } from '../../../graphql/schema-types.ts';
import { itemId } from '../../../read-model/item-id.ts';
import { itemKey, itemsOf } from '../../../read-model/share-state.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { requiredParameter } from '../../../server/failure.ts';
import { datasetsByUri } from '../../dataset/queries.ts';
import { endOf, existingShare, newShare, partiesOf, permissionsOf, type Parties } from '../asked-share.ts';
import { datasetItem } from '../dataset-items.ts';
import type { ShareRow } from '../queries.ts';
import { askFor } from '../request-edits.ts';
import { attemptOn, changeRequest } from '../share.ts';
import { prospectOf, type Prospect } from './prospect.ts';

const ACTION = 'REQUEST_ACCESS';

export interface AccessRequestView extends Prospect {
  readonly share: ShareRow;
  readonly alreadyExisted: boolean;
  /** Uris of items. */
  readonly alreadyAsked: string[];
}

/** @param now RFC 3339 */
export async function requestAccess(
  context: GatewayContext,
  input: AccessRequestInput,
  now: string,
): Promise<AccessRequestView> {
  const permissions = permissionsOf(ACTION, input.permissions);
  if (input.items.length === 0) throw requiredParameter(ACTION, 'items');
  const parties = await partiesOf(context, ACTION, input.datasetUri, input);
  const items = await itemsNamed(context, parties, input);
  const existing = await existingShare(context, parties);
  const share =
    existing === undefined
      ? await newShare(context, ACTION, parties, { permissions, draft: false, items, purpose: input.purpose }, input)
      : await changeRequest(
          context,
          existing,
          attemptOn(ACTION, 'SUBMIT_SHARE_OBJECT', existing.uri),
          (request, approval) => {
            const purpose = input.purpose || undefined;
            const expiresAt = endOf(ACTION, parties.dataset, input);
            return askFor(request, approval, { items, permissions, purpose, expiresAt }, now);
          },
        );
  return {
    share,
    alreadyExisted: existing !== undefined,
    alreadyAsked: existing === undefined ? [] : unchanged(existing, parties, items),
    ...(await prospectOf(context, parties, share, now)),
  };
}

async function itemsNamed(
  context: GatewayContext,
  { dataset }: Parties,
  { items }: AccessRequestInput,
): Promise<ShareItem[]> {
  const named = await Promise.all(
    items.map(async ({ itemUri, itemType, filters }): Promise<ShareItem> => {
      const { kind, name } = await datasetItem(context, { dataset_uri: dataset.uri }, ACTION, { itemUri, itemType });
      return { kind, name, ...(filters && filters.length > 0 && { filters }) };
    }),
  );
  return [...new Map(named.map((item) => [itemKey(item), item])).values()];
}

/** Of what is asked for, what was, and is not refused or over. */
function unchanged({ request, approval }: ShareRow, { dataset }: Parties, items: readonly ShareItem[]): string[] {
  const states = new Map(itemsOf(request, approval ?? undefined).map((item) => [itemKey(item), item.status]));
  return items
    .filter((item) => {
      const status = states.get(itemKey(item));
      return status !== undefined && status !== 'Revoke_Succeeded' && status !== 'Share_Rejected';
    })
    .map(({ kind, name }) => itemId(dataset.uri, kind, name));
}

/** Each may be asked for in one act, so it is no list to browse. */
const MOST_DATASETS = 20;

export async function datasetsToRequest({ database, viewer }: GatewayContext, uris: readonly string[]) {
  const wanted = [...new Set(uris)].slice(0, MOST_DATASETS);
  const rows = new Map((await datasetsByUri(database, await viewer(), wanted)).map((row) => [row.uri, row]));
  return wanted.flatMap((uri) => rows.get(uri) ?? []);
}
