// Ends that a dataset allows, and having the operator look at a share, or put it right, now.

import type { RouteObject } from '../../../operator/actions/contract/route.ts';
import { reapplyRoute, verifyRoute } from '../../../operator/actions/contract/shares.ts';
import { approvalName } from '../../../operator/resources/names.ts';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import type { ShareItemSelectorInput } from '../../graphql/schema-types.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import type { GatewayContext } from '../../server/context.ts';
import { requiredParameter } from '../../server/failure.ts';
import { endAfter } from './expiry.ts';
import { itemsNamed } from './items.ts';
import type { ShareRow } from './queries.ts';
import { attemptOn, roleOf, shareFor } from './share.ts';

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

/**
 * Each side has what is in its own account looked after: who asked for the share by the request, who decides by the dataset. The operator
 * looks at whole shares: whoever names some items has all of them looked at.
 */
export async function lookAfter(
  context: GatewayContext,
  input: ShareItemSelectorInput | null | undefined,
  what: 'verify' | 'reapply',
): Promise<ShareRow> {
  const action = what === 'verify' ? 'VERIFY_ITEMS_SHARE_OBJECT' : 'REAPPLY_ITEMS_SHARE_OBJECT';
  if (!input) throw requiredParameter(action, 'input');
  const row = await shareFor(context, action, input.shareUri);
  itemsNamed(row, action, input.itemUris);
  const attempt = attemptOn(action, what === 'verify' ? 'GET_SHARE_OBJECT' : 'APPROVE_SHARE_OBJECT', row.uri);
  const { dryRun } = context;
  const settings = { attempt, dryRun };
  const route = what === 'verify' ? verifyRoute : reapplyRoute;
  const { namespace, name } = row;
  const role = roleOf(context, row);
  const request: RouteObject = { resource: 'sharerequests', namespace, name };
  const dataset: RouteObject = { resource: 'datasets', ...row.request.spec.datasetRef };
  const requests = role === 'Requesters' || role === 'ApproversAndRequesters';
  // Administrators, too, who are neither side.
  const decides = role !== 'Requesters';
  if (requests) await context.operator.act(route, request, {}, settings);
  if (decides) await context.operator.act(route, dataset, { requests: [{ namespace, name }] }, settings);
  if (dryRun) return row;
  return {
    ...row,
    ...(requests && (await asked(context, row, attempt))),
    ...(decides && (await decided(context, row, attempt))),
  };
}

/** The request with what the operator has written to it. */
async function asked(context: GatewayContext, { namespace, name }: ShareRow, attempt: Attempt) {
  const request = await context.kubernetes.readAgain(shareRequestKind, { namespace, name }, attempt);
  return { request };
}

/** The same, of the decision; where there is none, nothing was given that could be looked at. */
async function decided(context: GatewayContext, row: ShareRow, attempt: Attempt) {
  if (row.approval === null) return {};
  const { namespace } = row.request.spec.datasetRef;
  const approval = await context.kubernetes.readAgain(
    shareApprovalKind,
    { namespace, name: approvalName(row) },
    attempt,
  );
  return { approval };
}
