// Ends that a dataset allows, and asking the operator to look at a share, or to repair it, now.

import { annotations } from '../../../operator/resources/annotations.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import type { ShareItemSelectorInput } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { requiredParameter } from '../../server/failure.ts';
import { endAfter } from './expiry.ts';
import { itemsNamed } from './items.ts';
import type { ShareRow } from './queries.ts';
import { attemptOn, shareFor } from './share.ts';
import { REAPPLY_MARK } from './state.ts';

/** @throws GraphQLError InvalidInput outside of what the dataset allows */
export async function expirationOf(
  { database }: Pick<GatewayContext, 'database'>,
  { dataset_uri }: ShareRow,
  action: string,
  wanted: Parameters<typeof endAfter>[2],
): Promise<string | undefined> {
  const dataset = await database
    .selectFrom('dataset')
    .select('object')
    .where('uri', '=', dataset_uri ?? '')
    .executeTakeFirst();
  return endAfter(action, dataset?.object.spec.sharing?.expiration, wanted, new Date());
}

/** The operator looks at whole shares: whoever names some items has all of them looked at. */
export async function requestReconcile(
  context: GatewayContext,
  input: ShareItemSelectorInput | null | undefined,
  what: 'verify' | 'reapply',
): Promise<ShareRow> {
  const action = what === 'verify' ? 'VERIFY_ITEMS_SHARE_OBJECT' : 'REAPPLY_ITEMS_SHARE_OBJECT';
  if (!input) throw requiredParameter(action, 'input');
  const row = await shareFor(context, action, input.shareUri);
  itemsNamed(row, action, input.itemUris);
  const attempt = attemptOn(action, what === 'verify' ? 'GET_SHARE_OBJECT' : 'APPROVE_SHARE_OBJECT', row.uri);
  const { namespace, name } = row;
  const value = new Date().toISOString() + (what === 'reapply' ? REAPPLY_MARK : '');
  const { dryRun } = context;
  const request = await context.kubernetes.annotate(
    shareRequestKind,
    { namespace, name },
    { [annotations.requestedAt]: value },
    { attempt, dryRun },
  );
  if (!dryRun) await context.projectNow(request);
  return { ...row, request };
}
