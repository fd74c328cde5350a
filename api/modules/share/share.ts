// A share as the gateway hands it around, and how it is found, asked for and decided in the name of who asks.

import { approvalName } from '../../../operator/resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../../operator/resources/share-request.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, notFound, unauthorized } from '../../server/failure.ts';
import type { Decision } from './approval-edits.ts';
import { shareByUri, shareOfItem, type ShareRow } from './queries.ts';
import { isRefused, type EditRefusal } from './request-edits.ts';

type RequestEdit = Partial<{ [Field in keyof ShareRequest['spec']]: ShareRequest['spec'][Field] | undefined }>;

/** A wish about a share: what it makes of the spec, or why it cannot be fulfilled. */
type Wish<Edit> = (request: ShareRequest, approval: ShareApproval | undefined) => Edit | EditRefusal;

/** @throws GraphQLError ResourceNotFound */
export async function shareFor(context: GatewayContext, action: string, uri: string): Promise<ShareRow> {
  const row = await shareByUri(context.database, await context.viewer(), uri);
  return shown(context, action, uri, row);
}

/** @throws GraphQLError ResourceNotFound */
export async function shareWithItem(context: GatewayContext, action: string, itemUri: string): Promise<ShareRow> {
  const row = await shareOfItem(context.database, await context.viewer(), itemUri);
  return shown(context, action, itemUri, row);
}

/** A draft is shown to nobody who would decide about it. */
function shown(context: GatewayContext, action: string, uri: string, row: ShareRow | undefined): ShareRow {
  const isHidden = row?.request.spec.draft === true && roleOf(context, row) === 'Approvers';
  if (row === undefined || isHidden) throw notFound(action, 'Share', uri);
  return row;
}

/** What the groups of who asks are to the share. */
export function roleOf({ identity }: Pick<GatewayContext, 'identity'>, row: ShareRow) {
  const requests = identity.groups.includes(row.requester);
  const decides = decidersOf(row).some((group) => identity.groups.includes(group));
  if (requests && decides) return 'ApproversAndRequesters';
  if (requests) return 'Requesters';
  return decides ? 'Approvers' : 'NoPermission';
}

export const decidersOf = ({ dataset_owner, dataset_stewards }: ShareRow): string[] =>
  dataset_owner === null ? [] : [...new Set([dataset_owner, ...(dataset_stewards ?? [])])];

export const attemptOn = (action: string, permission: string, uri: string): Attempt => ({
  action,
  permission,
  what: 'Share',
  uri,
});

/** Changes the request, as its requester. */
export async function changeRequest(
  context: GatewayContext,
  row: ShareRow,
  attempt: Attempt,
  wish: Wish<RequestEdit>,
): Promise<ShareRow> {
  const { namespace, name } = row;
  const { dryRun } = context;
  const edit = (_: ShareRequest['spec'], request: ShareRequest) =>
    accepted(wish(request, row.approval ?? undefined), attempt);
  const request = await context.kubernetes.change(shareRequestKind, { namespace, name }, edit, { attempt, dryRun });
  return { ...row, request };
}

/** Writes a decision about the request, in the name of a group of the decider's. */
export async function decide(
  context: GatewayContext,
  row: ShareRow,
  attempt: Attempt,
  wish: Wish<Decision>,
): Promise<ShareRow> {
  const { dryRun } = context;
  const approver = approverOf(context, row, attempt);
  const name = { namespace: row.request.spec.datasetRef.namespace, name: approvalName(row) };
  const approval =
    row.approval === null
      ? await context.kubernetes.create(
          shareApprovalKind,
          name,
          { ...answered(row, approver), ...accepted(wish(row.request, undefined), attempt) },
          { attempt, dryRun },
        )
      : await context.kubernetes.change(
          shareApprovalKind,
          name,
          (_, present) => ({ approver, ...accepted(wish(row.request, present), attempt) }),
          { attempt, dryRun },
        );
  return { ...row, approval };
}

/** What a decision says of whom it answers. */
function answered({ request, namespace, name }: ShareRow, approver: string) {
  const { datasetRef, requester, principal } = request.spec;
  const arn = principal.kind === 'ConsumptionRole' ? request.status.principalArn : undefined;
  return {
    datasetRef: { name: datasetRef.name },
    requestRef: { namespace, name, uid: request.metadata.uid },
    approver,
    requester,
    principal: { ...principal, ...(arn !== undefined && { arn }) },
  };
}

/**
 * The group in whose name is decided: the one that decided before, the owner, or a steward, whichever of them the decider is in. Not the
 * requester's own, where another is to be had: that one may not.
 */
function approverOf(context: GatewayContext, row: ShareRow, { action, permission, uri }: Attempt): string {
  const { user, groups } = context.identity;
  const before = row.approval?.spec.approver;
  const deciders = [...(before === undefined ? [] : [before]), ...decidersOf(row)].filter(
    (group) => groups.includes(group) && decidersOf(row).includes(group),
  );
  const approver = deciders.find((group) => group !== row.requester) ?? deciders[0];
  if (approver === undefined) throw unauthorized(action, user, permission, `resource: ${uri}`);
  return approver;
}

/** @throws GraphQLError for a wish that cannot be fulfilled */
function accepted<Edit extends object>(edit: Edit | EditRefusal, { action, uri }: Attempt): Edit {
  if (!isRefused(edit)) return edit;
  switch (edit.refused) {
    case 'NoPendingItems':
      throw failure({
        class: 'ShareItemsFound',
        action,
        text: `The request ${uri} is empty of pending items: add items first`,
      });
    case 'LastItem':
      throw failure({
        class: 'ShareItemsFound',
        action,
        text: `${uri} would ask for nothing: delete the request instead`,
      });
    case 'TooManyItems':
      throw failure({ class: 'ResourceThresholdExceeded', action, text: `a share has at most ${edit.most} items` });
    case 'NotThere':
      throw notFound(action, edit.item.kind, edit.item.name);
    case 'NotWaiting':
      throw failure({
        class: 'ShareItemsFound',
        action,
        text: `${edit.item.kind} ${edit.item.name} does not wait for a decision: choose among the items that do`,
      });
    case 'FiltersDisagree':
      throw failure({
        class: 'InvalidInput',
        action,
        text: `${edit.item.kind} ${edit.item.name} is asked for by other filters: choose among those, or reject it`,
      });
    case 'NothingChosen':
      throw failure({
        class: 'RequiredParameter',
        action,
        text: 'items is required: name at least one that waits, or reject all',
      });
    case 'AskedAnew':
      throw failure({
        class: 'Conflict',
        action,
        text: `the request ${uri} was edited since you looked at it: look again, and decide about what is asked for now`,
      });
    case 'NotRevokable':
      throw failure({
        class: 'UnauthorizedOperation',
        action,
        text: `${edit.item.kind} ${edit.item.name} is not in a state that allows this`,
      });
  }
}
