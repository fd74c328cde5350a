// What stands against a share, as the dataset's side is told: it may read neither the request nor what is wrong with its principal.
import type { ShareDecision } from '../../access/consent.ts';
import { isConsented } from '../../access/item-decision.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { ShareItemStatus, ShareRequest } from '../../resources/share-request.ts';
import { itemKey } from './item-status.ts';

type ItemReason = ReasonFor<'ShareApproval', 'Ready'>;

/** Undefined where nothing does, or where waiting or deciding is all there is to do. Names nothing of the requester's side but what it asks for. */
export const obstacleOf = ({ state, message }: ShareDecision): string | undefined => {
  switch (state) {
    case 'PrincipalNotFound':
    case 'PrincipalNotReady':
    case 'EnvironmentNotReady':
    case 'CrossRegion':
    case 'OwnDataset':
    case 'RequestMismatch':
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'ExpirationNotAllowed':
      return message;
    case 'PrincipalTaken':
      return 'the role or user may not be given access: the conditions of the request tell the requester why';
    case 'RequesterNotAllowed':
      return 'the requester may not ask for this principal: the conditions of the request tell the requester why';
    case 'NotInvited':
      return 'one of the two environments is not in its organization, so nothing is given between them';
    case 'Draft':
    case 'PendingApproval':
    case 'Binding':
    case 'Approved':
    case 'Rejected':
    case 'Expired':
    case 'DatasetNotFound':
    case 'DatasetTerminating':
    case 'DatasetNotReady':
    case 'Deleting':
      return undefined;
  }
};

/** What may be wrong with an item by what was decided. What else keeps it from being given is between AWS and the requester. */
const ofTheDecision = [
  'ItemNotFound',
  'FilterNotFound',
  'FiltersDisagree',
  'FilterInvalid',
  'PermissionNotAllowed',
  'ApprovalStale',
] as const satisfies readonly ItemReason[];

interface RefusedItem {
  readonly text: string;
  readonly reason: ItemReason;
}

/** Consented to, and not given: by the specs, or as AWS told the request. */
export const refusedItems = ({ status }: ShareRequest, { items }: ShareDecision): readonly RefusedItem[] => {
  const told = new Map<string, ShareItemStatus>(status.items?.map((item) => [itemKey(item), item]));
  return items.flatMap((item): readonly RefusedItem[] => {
    if (!isConsented(item)) return [];
    const seen = told.get(itemKey(item));
    const failed = item.decision === 'Refused' ? item : seen?.state === 'Failed' ? seen : undefined;
    const reason = ofTheDecision.find((one) => one === failed?.reason);
    return reason === undefined ? [] : [{ reason, text: `${item.kind} ${item.name}: ${failed?.message ?? ''}` }];
  });
};
