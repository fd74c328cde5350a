// Where a share and each of its items stand, in data.all's words: read from the ShareRequest and the ShareApproval, as
// docs/decisions/0016 writes down. Specs go before status, so that who has just written something reads what it will be.

import { endText, extensionOf, isAskedAfter, type Extension } from '../../operator/access/expiration.ts';
import { oncePerObject } from '../../operator/access/once-per-object.ts';
import { isReconcileRequested, verifyRequestedAtOf } from '../../operator/resources/annotations.ts';
import type { ShareApproval } from '../../operator/resources/share-approval.ts';
import type { ItemKind } from '../../operator/resources/share-item.ts';
import type { ShareItemStatus as ItemInStatus, ShareRequest } from '../../operator/resources/share-request.ts';
import type { ShareItemHealthStatus, ShareItemStatus, ShareObjectStatus } from '../graphql/schema-types.ts';

export interface ItemName {
  readonly kind: ItemKind;
  readonly name: string;
}

/**
 * A time that answers what the other side said: times count whole seconds, and only a later one counts.
 * @param now RFC 3339, as all times here
 */
export function timeAfter(now: string, before: string | undefined): string {
  const soonest = before === undefined ? 0 : Date.parse(before) + 1_000;
  return soonest > Date.parse(now) ? endText(new Date(soonest).toISOString()) : now;
}

export const itemKey = ({ kind, name }: ItemName): string => `${kind}/${name}`;

/** One item of a share, and where it stands. */
export interface ItemState extends ItemName {
  readonly status: ShareItemStatus;
  readonly health: ShareItemHealthStatus | null;
  readonly message: string | null;
  /** Names of the data filters it is asked for with, or is given with. */
  readonly filters: readonly string[];
  readonly seen: ItemInStatus | undefined;
}

type Asked = ShareRequest['spec']['items'][number];

interface ShareView {
  readonly request: ShareRequest;
  readonly approval: ShareApproval | undefined;
  readonly extension: Extension | undefined;
  readonly seen: ReadonlyMap<string, ItemInStatus>;
  readonly approved: ReadonlySet<string>;
}

function viewOf(request: ShareRequest, approval: ShareApproval | undefined): ShareView {
  const items = approval?.spec.decision === 'Approved' ? (approval.spec.items ?? []) : [];
  return {
    request,
    approval,
    extension: approval && extensionOf(request, approval),
    seen: new Map((request.status.items ?? []).map((item) => [itemKey(item), item])),
    approved: new Set(items.map(itemKey)),
  };
}

/** What the approval says against the item: that it is taken back or refused, unless somebody has asked again since. */
function denialOf({ approval }: ShareView, item: ItemName & { readonly askedAt?: string | undefined }) {
  const find = (list: NonNullable<ShareApproval['spec']['withdrawn']> | undefined) =>
    list?.find((denied) => itemKey(denied) === itemKey(item));
  const withdrawn = find(approval?.spec.withdrawn);
  const denial = withdrawn ?? find(approval?.spec.rejected);
  if (denial === undefined) return undefined;
  if (isAskedAfter(item.askedAt, denial.at)) return { status: 'PendingApproval', reason: undefined } as const;
  return { status: withdrawn === undefined ? 'Share_Rejected' : 'Revoke_Succeeded', reason: denial.reason } as const;
}

/** Whether an item that is asked for is consented to, by the specs alone. */
const isGiven = (view: ShareView, item: Asked): boolean =>
  view.approved.has(itemKey(item)) && denialOf(view, item) === undefined;

/** The state of an item that the request asks for. */
function askedStatus(view: ShareView, item: Asked): ShareItemStatus {
  if (view.request.spec.draft) return 'PendingApproval';
  const now = view.seen.get(itemKey(item));
  const denial = denialOf(view, item);
  const isOver = now === undefined || ['PendingApproval', 'Revoked', 'Rejected', 'Expired'].includes(now.state);
  if (denial !== undefined && isOver) return denial.status;
  if (now !== undefined && now.state !== 'PendingApproval') return seenStatus(view, now, isGiven(view, item));
  if (view.approved.has(itemKey(item))) return 'Share_Approved';
  return view.approval?.spec.decision === 'Rejected' && isUnseen(view) ? 'Share_Rejected' : 'PendingApproval';
}

/** Whether the operator has still to look at the decision. Once it has, its status says what of the request is answered by it. */
const isUnseen = ({ request, approval }: ShareView): boolean =>
  (request.status.approval?.generation ?? 0) < (approval?.metadata.generation ?? 0);

/** What the operator saw last, and what the specs have said since. */
function seenStatus({ extension }: ShareView, { state, reason }: ItemInStatus, isGiven: boolean): ShareItemStatus {
  switch (state) {
    case 'PendingApproval':
      return 'PendingApproval';
    case 'Granting':
      return isGiven ? 'Share_In_Progress' : 'Revoke_Approved';
    case 'Granted':
      if (!isGiven) return 'Revoke_Approved';
      return extension?.state === 'Pending' ? 'PendingExtension' : 'Share_Succeeded';
    case 'Failed':
      return isGiven ? 'Share_Failed' : 'Revoke_Approved';
    case 'Revoking':
      if (isGiven) return 'Share_Approved';
      return reason === undefined ? 'Revoke_In_Progress' : 'Revoke_Failed';
    case 'Revoked':
    case 'Expired':
      return isGiven && state === 'Revoked' ? 'Share_Approved' : 'Revoke_Succeeded';
    case 'Rejected':
      return isGiven ? 'Share_Approved' : 'Share_Rejected';
  }
}

function healthOf({ request, approval }: ShareView, { state, health }: Pick<ItemInStatus, 'state' | 'health'>) {
  if (state !== 'Granted' && state !== 'Failed') return null;
  if (isReconcileRequested(request) || (approval && isReconcileRequested(approval))) return 'PendingReApply';
  if ((verifyRequestedAtOf(request, approval) ?? '') > (request.status.verifyHandledAt ?? '')) return 'PendingVerify';
  return health === 'Healthy' || health === 'Unhealthy' ? health : null;
}

/** Filters that an approver has set for items that wait. */
function preparedFilters(approval: ShareApproval | undefined): ReadonlyMap<string, readonly string[]> {
  const { decision, items = [], prepared = [] } = approval?.spec ?? {};
  const waiting = decision === 'Pending' ? [...items, ...prepared] : prepared;
  return new Map(waiting.flatMap((item) => (item.filters === undefined ? [] : [[itemKey(item), item.filters]])));
}

/** By the two objects, which are never changed in place: many fields of one answer ask for it. */
const known = oncePerObject<ShareRequest, WeakMap<object, readonly ItemState[]>>(() => new WeakMap());
const UNDECIDED = {};

/** Every item: asked for, being put together, given back, and those that are still being taken away; each once. */
export function itemsOf(request: ShareRequest, approval: ShareApproval | undefined): readonly ItemState[] {
  const ofRequest = known(request);
  const before = ofRequest.get(approval ?? UNDECIDED);
  if (before !== undefined) return before;
  const items = itemStates(viewOf(request, approval));
  ofRequest.set(approval ?? UNDECIDED, items);
  return items;
}

function itemStates(view: ShareView): readonly ItemState[] {
  const { request, approval } = view;
  const { items, draftItems = [], withdrawn = [] } = request.spec;
  const states = new Map<string, ItemState>();
  const prepared = preparedFilters(approval);
  const add = (item: ItemName & { readonly filters?: readonly string[] | undefined }, status: ShareItemStatus) => {
    const now = view.seen.get(itemKey(item));
    if (states.has(itemKey(item))) return;
    const { kind, name, filters } = item;
    const waits = status === 'PendingApproval';
    states.set(itemKey(item), {
      kind,
      name,
      status,
      health: now === undefined ? null : healthOf(view, now),
      message: waits ? null : (now?.message ?? denialOf(view, item)?.reason ?? null),
      filters: (waits ? prepared.get(itemKey(item)) : now?.filters) ?? filters ?? [],
      seen: now,
    });
  };
  for (const item of draftItems) add(item, 'PendingApproval');
  for (const item of items) add(item, askedStatus(view, item));
  for (const item of request.status.items ?? []) add(item, seenStatus(view, item, false));
  for (const item of withdrawn) add(item, 'Revoke_Succeeded');
  return [...states.values()];
}

/** States in which something of the item is, or may still be, given. */
const SHARED: ReadonlySet<ShareItemStatus> = new Set([
  'Share_Succeeded',
  'PendingExtension',
  'Share_In_Progress',
  'Revoke_Approved',
  'Revoke_In_Progress',
  'Revoke_Failed',
]);

export const isShared = ({ status }: Pick<ItemState, 'status'>): boolean => SHARED.has(status);

/** Those that can be taken back. */
export const isRevokable = ({ status }: Pick<ItemState, 'status'>): boolean =>
  status === 'Share_Succeeded' || status === 'PendingExtension' || status === 'Revoke_Failed';

/** The first that fits counts. */
export function shareStatus(request: ShareRequest, approval: ShareApproval | undefined): ShareObjectStatus {
  const { spec } = request;
  if (spec.draft || (spec.draftItems ?? []).length > 0) return 'Draft';
  const extension = approval && extensionOf(request, approval);
  if (extension?.state === 'Pending') return 'Submitted_For_Extension';
  const states = new Set(itemsOf(request, approval).map(({ status }) => status));
  if (states.has('Share_Approved')) return 'Approved';
  if (states.has('Revoke_Approved')) return 'Revoked';
  if (states.has('Revoke_In_Progress') || states.has('Revoke_Failed')) return 'Revoke_In_Progress';
  if (states.has('Share_In_Progress')) return 'Share_In_Progress';
  if (states.has('PendingApproval')) return 'Submitted';
  if (states.has('Share_Rejected')) return 'Rejected';
  return extension?.state === 'Rejected' ? 'Extension_Rejected' : 'Processed';
}
