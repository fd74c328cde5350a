// Changes of shares: a requester writes the ShareRequest, who decides the ShareApproval, each in their own name.

import { endText } from '../../../operator/access/expiration.ts';
import type { MutationResolvers, ShareDecisionInput } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, notFound, requiredParameter, unauthorized } from '../../server/failure.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import {
  answerExtension,
  approve,
  decideAll,
  dismiss,
  prepare,
  reject,
  takeBack,
  type Verdict,
} from './approval-edits.ts';
import { createShare } from './create.ts';
import { attachedFilterUri, itemOf, itemsNamed } from './items.ts';
import type { ShareRow } from './queries.ts';
import { datasetItem } from './dataset-items.ts';
import { addItem, cancelExtension, extend, giveBack, removeItem, submit } from './request-edits.ts';
import { attemptOn, changeRequest, decide, roleOf, shareFor, shareWithItem } from './share.ts';
import { isShared, itemsOf } from '../../read-model/share-state.ts';
import { requestAccess } from './request/request-access.ts';
import { expirationOf, lookAfter } from './upkeep.ts';

const now = (): string => endText(new Date().toISOString());

const wholeShare = async (context: GatewayContext, action: string, permission: string, uri: string) => ({
  row: await shareFor(context, action, uri),
  attempt: attemptOn(action, permission, uri),
});

/** What the decider says of the items of a share, by their names. @throws GraphQLError ResourceNotFound */
function verdictOf(row: ShareRow, action: string, { verdict, items, note, asked }: ShareDecisionInput): Verdict {
  const chosen = items?.flatMap(({ shareItemUri, filters }) =>
    itemsNamed(row, action, [shareItemUri]).map(({ kind, name }) => ({ kind, name, filters: filters ?? undefined })),
  );
  return { isApproved: verdict === 'Approve', chosen, note: note || undefined, asked: asked ?? undefined };
}

const requests: MutationResolvers = {
  createShareObject: (_, parameters, context) => createShare(context, parameters),
  requestAccess: (_, { input }, context) => requestAccess(context, input, now()),

  submitShareObject: async (_, { shareUri }, context) => {
    const { row, attempt } = await wholeShare(context, 'SUBMIT_SHARE_OBJECT', 'SUBMIT_SHARE_OBJECT', shareUri);
    return changeRequest(context, row, attempt, (request, approval) => submit(request, approval, now()));
  },

  addSharedItem: async (_, { shareUri, input }, context) => {
    const { row, attempt } = await wholeShare(context, 'ADD_ITEM', 'ADD_ITEM', shareUri);
    if (!input) throw requiredParameter(attempt.action, 'input');
    const item = await datasetItem(context, row, attempt.action, input);
    const changed = await changeRequest(context, row, attempt, (request, approval) => addItem(request, approval, item));
    return itemOf(changed, item);
  },

  removeSharedItem: async (_, { shareItemUri }, context) => {
    const row = await shareWithItem(context, 'REMOVE_ITEM', shareItemUri);
    const attempt = attemptOn('REMOVE_ITEM', 'REMOVE_ITEM', row.uri);
    const [item] = itemsNamed(row, attempt.action, [shareItemUri]);
    if (item === undefined) throw notFound(attempt.action, 'Item', shareItemUri);
    if (isShared(item))
      throw failure({
        class: 'UnauthorizedOperation',
        action: attempt.action,
        text: `${item.kind} ${item.name} is shared: revoke it before it is removed`,
      });
    await changeRequest(context, row, attempt, (request) => removeItem(request, item));
    return true;
  },

  deleteShareObject: async (_, { shareUri, forceDelete }, context) => {
    const { row, attempt } = await wholeShare(context, 'DELETE_SHARE_OBJECT', 'DELETE_SHARE_OBJECT', shareUri);
    const shared = itemsOf(row.request, row.approval ?? undefined).filter(isShared);
    if (shared.length > 0 && forceDelete !== true)
      throw failure({
        class: 'ShareItemsFound',
        action: attempt.action,
        text: `${shareUri} has ${shared.length} shared items: revoke them first, or delete with forceDelete`,
      });
    // A request is its requester's to delete; who decides wants no more of it.
    if (roleOf(context, row) === 'Approvers') {
      await decide(context, row, attempt, dismiss);
      return true;
    }
    const { namespace, name } = row;
    await context.kubernetes.delete(shareRequestKind, { namespace, name }, { attempt, dryRun: context.dryRun });
    return true;
  },

  updateShareRequestReason: async (_, { shareUri, requestPurpose }, context) => {
    const action = 'UPDATE_SHARE_REQUEST_REASON';
    const { row, attempt } = await wholeShare(context, action, 'SUBMIT_SHARE_OBJECT', shareUri);
    await changeRequest(context, row, attempt, () => ({ purpose: requestPurpose || undefined }));
    return true;
  },
};

const decisions: MutationResolvers = {
  approveShareObject: async (_, { shareUri }, context) => {
    const { row, attempt } = await wholeShare(context, 'APPROVE_SHARE_OBJECT', 'APPROVE_SHARE_OBJECT', shareUri);
    return decide(context, row, attempt, approve);
  },

  decideShare: async (_, { input }, context) => {
    const { row, attempt } = await wholeShare(context, 'DECIDE_SHARE', 'APPROVE_SHARE_OBJECT', input.shareUri);
    return decide(context, row, attempt, (request, approval) =>
      decideAll(request, approval, verdictOf(row, attempt.action, input), now()),
    );
  },

  rejectShareObject: async (_, { shareUri, rejectPurpose }, context) => {
    const { row, attempt } = await wholeShare(context, 'REJECT_SHARE_OBJECT', 'REJECT_SHARE_OBJECT', shareUri);
    const reason = rejectPurpose || undefined;
    return decide(context, row, attempt, (request, approval) => {
      const refused = reject(request, approval, reason, now());
      const isExtension = 'refused' in refused && approval !== undefined && request.spec.extension !== undefined;
      return isExtension ? answerExtension(request, 'Rejected', reason, now()) : refused;
    });
  },

  updateShareRejectReason: async (_, { shareUri, rejectPurpose }, context) => {
    const action = 'UPDATE_SHARE_REJECT_REASON';
    const { row, attempt } = await wholeShare(context, action, 'REJECT_SHARE_OBJECT', shareUri);
    if (row.approval === null) throw notFound(action, 'Decision', shareUri);
    const { decision } = row.approval.spec;
    await decide(context, row, attempt, () => ({ decision, reason: rejectPurpose || undefined }));
    return true;
  },

  updateShareItemFilters: async (_, { input }, context) => {
    const action = 'UPDATE_SHARE_ITEM_FILTERS';
    const row = await shareWithItem(context, action, input.shareItemUri);
    const attempt = attemptOn(action, 'APPROVE_SHARE_OBJECT', row.uri);
    const [item] = itemsNamed(row, action, [input.shareItemUri]);
    const filters = (input.filterNames ?? []).flatMap((name) => name ?? []);
    if (item?.kind !== 'Table') throw requiredParameter(action, 'a table item');
    await decide(context, row, attempt, (request, approval) => prepare(request, approval, item, filters));
    return true;
  },

  removeShareItemFilter: async (_, { attachedDataFilterUri }, context) => {
    const action = 'REMOVE_SHARE_ITEM_FILTER';
    const itemUri = attachedFilterUri.itemUri(attachedDataFilterUri);
    const row = await shareWithItem(context, action, itemUri);
    const attempt = attemptOn(action, 'APPROVE_SHARE_OBJECT', row.uri);
    const [item] = itemsNamed(row, action, [itemUri]);
    if (item === undefined) throw notFound(action, 'Filter', attachedDataFilterUri);
    await decide(context, row, attempt, (request, approval) => prepare(request, approval, item, undefined));
    return true;
  },
};

const ends: MutationResolvers = {
  revokeItemsShareObject: async (_, { input }, context) => {
    const action = 'REVOKE_ITEMS_SHARE_OBJECT';
    if (!input) throw requiredParameter(action, 'input');
    const { row, attempt } = await wholeShare(context, action, 'GET_SHARE_OBJECT', input.shareUri);
    const items = itemsNamed(row, action, input.itemUris);
    if (items.length === 0) throw requiredParameter(action, 'itemUris');
    const role = roleOf(context, row);
    if (role === 'NoPermission')
      throw unauthorized(action, context.identity.user, 'GET_SHARE_OBJECT', `resource: ${row.uri}`);
    // Who decides takes back; who only asks gives back. Both may end it.
    return role === 'Requesters'
      ? changeRequest(context, row, attempt, (request, approval) => giveBack(request, approval, items))
      : decide(context, row, attempt, (request, approval) => takeBack(request, approval, items, now()));
  },

  submitShareExtension: async (_, { shareUri, expiration, extensionReason, nonExpirable }, context) => {
    const { row, attempt } = await wholeShare(context, 'SUBMIT_SHARE_EXTENSION', 'SUBMIT_SHARE_OBJECT', shareUri);
    const end = await expirationOf(context, row, attempt.action, { periods: expiration, nonExpirable });
    const reason = extensionReason || undefined;
    return changeRequest(context, row, attempt, (_request, approval) => extend(approval, end, reason, now()));
  },

  approveShareExtension: async (_, { shareUri }, context) => {
    const { row, attempt } = await wholeShare(context, 'APPROVE_SHARE_EXTENSION', 'APPROVE_SHARE_OBJECT', shareUri);
    return decide(context, row, attempt, (request) => answerExtension(request, 'Approved', undefined, now()));
  },

  cancelShareExtension: async (_, { shareUri }, context) => {
    const { row, attempt } = await wholeShare(context, 'CANCEL_SHARE_EXTENSION', 'SUBMIT_SHARE_OBJECT', shareUri);
    await changeRequest(context, row, attempt, cancelExtension);
    return true;
  },

  updateShareExtensionReason: async (_, { shareUri, extensionPurpose }, context) => {
    const action = 'UPDATE_SHARE_EXTENSION_REASON';
    const { row, attempt } = await wholeShare(context, action, 'SUBMIT_SHARE_OBJECT', shareUri);
    await changeRequest(context, row, attempt, ({ spec: { extension } }) => ({
      extension: { ...extension, ...(extensionPurpose ? { reason: extensionPurpose } : {}) },
    }));
    return true;
  },

  updateShareExpirationPeriod: async (_, { shareUri, expiration, nonExpirable }, context) => {
    const action = 'UPDATE_SHARE_EXPIRATION_PERIOD';
    const { row, attempt } = await wholeShare(context, action, 'SUBMIT_SHARE_OBJECT', shareUri);
    const end = await expirationOf(context, row, action, { periods: expiration, nonExpirable });
    await changeRequest(context, row, attempt, () => ({ expiresAt: end }));
    return true;
  },

  verifyItemsShareObject: (_, { input }, context) => lookAfter(context, input, 'verify'),
  reApplyItemsShareObject: (_, { input }, context) => lookAfter(context, input, 'reapply'),
};

export const shareMutations: MutationResolvers = { ...requests, ...decisions, ...ends };
