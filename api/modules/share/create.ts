// Asking for a share in steps, as data.all's clients do: a draft for each (dataset, environment, principal, group), which is given again to who
// asks twice, then its items, then submitShareObject.

import type { MutationCreateShareObjectArgs } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { existingShare, newShare, partiesOf, permissionsOf } from './asked-share.ts';
import { datasetItem } from './dataset-items.ts';
import type { ShareRow } from './queries.ts';
import { addItem } from './request-edits.ts';
import { attemptOn, changeRequest } from './share.ts';

const ACTION = 'CREATE_SHARE_OBJECT';

/** A share that was asked for, and whether it had been before. */
export interface CreatedShare extends ShareRow {
  readonly alreadyExisted: boolean;
}

export async function createShare(
  context: GatewayContext,
  { datasetUri, itemUri, itemType, input }: MutationCreateShareObjectArgs,
): Promise<CreatedShare> {
  const permissions = permissionsOf(ACTION, input.permissions);
  const parties = await partiesOf(context, ACTION, datasetUri, input);
  const existing = await existingShare(context, parties);
  const wanted = { permissions, draft: true, items: [], purpose: input.requestPurpose };
  const row = existing ?? (await newShare(context, ACTION, parties, wanted, input));
  if (!itemUri) return { ...row, alreadyExisted: existing !== undefined };
  const item = await datasetItem(context, row, ACTION, { itemUri, itemType: itemType ?? 'Table' });
  const attempt = attemptOn(ACTION, 'ADD_ITEM', row.uri);
  const changed = context.dryRun
    ? row
    : await changeRequest(context, row, attempt, (request, approval) => addItem(request, approval, item));
  return { ...changed, alreadyExisted: existing !== undefined };
}
