// What a requester's wish makes of the spec of a ShareRequest. Pure; docs/decisions/0016 says what each wish writes.

import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import { MAX_ITEMS, type ShareItem, type SharePermission } from '../../../operator/resources/share-item.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import { itemKey, itemsOf, timeAfter, type ItemName } from '../../read-model/share-state.ts';

type Spec = ShareRequest['spec'];
type Edit = Partial<{ [Field in keyof Spec]: Spec[Field] | undefined }>;

/** Why a wish cannot be fulfilled. */
export type EditRefusal =
  | { readonly refused: 'NoPendingItems' }
  | { readonly refused: 'LastItem' }
  | { readonly refused: 'TooManyItems'; readonly most: number }
  | { readonly refused: 'NotThere'; readonly item: ItemName }
  | { readonly refused: 'NotRevokable'; readonly item: ItemName }
  | { readonly refused: 'NotWaiting'; readonly item: ItemName }
  | { readonly refused: 'FiltersDisagree'; readonly item: ItemName }
  | { readonly refused: 'NothingChosen' }
  | { readonly refused: 'AskedAnew' };

const without = <Item extends ItemName>(items: readonly Item[], removed: ReadonlySet<string>): Item[] =>
  items.filter((item) => !removed.has(itemKey(item)));

const keys = (items: readonly ItemName[]): ReadonlySet<string> => new Set(items.map(itemKey));

/** Puts an item together with those that nobody is asked for yet. One that is asked for, and not refused or taken back, stays as it is. */
export function addItem(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  item: ItemName,
): Edit | EditRefusal {
  const { spec } = request;
  const { kind, name } = item;
  const there = itemsOf(request, approval).find((state) => itemKey(state) === itemKey(item));
  const isOver = there?.status === 'Revoke_Succeeded' || there?.status === 'Share_Rejected';
  if (there !== undefined && !isOver) return {};
  const field = spec.draft ? 'items' : 'draftItems';
  const before = spec[field] ?? [];
  if (keys(before).has(itemKey(item))) return {};
  if (before.length >= MAX_ITEMS) return { refused: 'TooManyItems', most: MAX_ITEMS };
  return { [field]: [...before, { kind, name }] };
}

/** Takes away what was not given, or is not any more. */
export function removeItem(request: ShareRequest, item: ItemName): Edit | EditRefusal {
  const { items, draftItems = [], withdrawn = [], draft } = request.spec;
  const removed = keys([item]);
  const edit = {
    items: without(items, removed),
    draftItems: without(draftItems, removed),
    withdrawn: without(withdrawn, removed),
  };
  const isThere = [...items, ...draftItems, ...withdrawn].some((one) => itemKey(one) === itemKey(item));
  if (!isThere) return { refused: 'NotThere', item };
  if (!draft && edit.items.length + edit.draftItems.length === 0) return { refused: 'LastItem' };
  return orNothing(edit);
}

/** Empty lists that may be left out are. */
const orNothing = ({ items, draftItems, withdrawn }: Pick<Spec, 'items' | 'draftItems' | 'withdrawn'>): Edit => ({
  items,
  draftItems: draftItems?.length ? draftItems : undefined,
  withdrawn: withdrawn?.length ? withdrawn : undefined,
});

/** Asks for all that is being put together, and again for what was refused. @param now RFC 3339 */
export function submit(request: ShareRequest, approval: ShareApproval | undefined, now: string): Edit | EditRefusal {
  const { items, draftItems = [], withdrawn = [], draft } = request.spec;
  const rejected = keys(itemsOf(request, approval).filter(({ status }) => status === 'Share_Rejected'));
  if (draft) return items.length === 0 ? { refused: 'NoPendingItems' } : { draft: false };
  if (draftItems.length === 0 && rejected.size === 0) return { refused: 'NoPendingItems' };
  const added = keys(draftItems);
  const again = items.map((item) =>
    rejected.has(itemKey(item)) && !added.has(itemKey(item))
      ? { ...item, askedAt: timeAfter(now, deniedAt(approval, item)) }
      : item,
  );
  const wanted = draftItems.map((item) => {
    const denied = deniedAt(approval, item);
    return denied === undefined ? item : { ...item, askedAt: timeAfter(now, denied) };
  });
  const all = [...without(again, added), ...wanted];
  if (all.length > MAX_ITEMS) return { refused: 'TooManyItems', most: MAX_ITEMS };
  return orNothing({ items: all, draftItems: [], withdrawn: without(withdrawn, added) });
}

/** All that is asked for in one act. */
export interface WholeWish {
  readonly items: readonly ShareItem[];
  readonly permissions: readonly SharePermission[];
  /** Undefined: as before. */
  readonly purpose: string | undefined;
  /** RFC 3339; undefined: without an end. Counts for what has ended. */
  readonly expiresAt: string | undefined;
}

/**
 * Asks for items beside what is asked for or given already, and for what was being put together. Of what is asked for or given nothing
 * changes: where there is nothing else, nothing does. @param now RFC 3339
 */
export function askFor(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  { items, permissions, purpose, expiresAt }: WholeWish,
  now: string,
): Edit | EditRefusal {
  const { spec, status } = request;
  const states = new Map(itemsOf(request, approval).map((state) => [itemKey(state), state.status]));
  const isNew = (item: ItemName): boolean => {
    const state = states.get(itemKey(item));
    return state === undefined || state === 'Revoke_Succeeded' || state === 'Share_Rejected';
  };
  const prepared = spec.draft ? [] : (spec.draftItems ?? []);
  const added = [...items.filter(isNew), ...without(prepared, keys(items.filter(isNew)))];
  if (added.length === 0 && !spec.draft) return {};
  const names = keys(added);
  const wanted = added.map(({ kind, name, filters }) => ({
    kind,
    name,
    ...(filters !== undefined && filters.length > 0 && { filters: [...filters] }),
    ...(states.has(itemKey({ kind, name })) && { askedAt: timeAfter(now, deniedAt(approval, { kind, name })) }),
  }));
  const all = [...without(spec.items, names), ...wanted];
  if (all.length > MAX_ITEMS) return { refused: 'TooManyItems', most: MAX_ITEMS };
  if (all.length === 0) return { refused: 'NoPendingItems' };
  const end = status.expiresAt ?? spec.expiresAt;
  const isOver = end !== undefined && Date.parse(end) <= Date.parse(now);
  return {
    ...orNothing({ items: all, draftItems: [], withdrawn: without(spec.withdrawn ?? [], names) }),
    draft: false,
    permissions: [...new Set([...spec.permissions, ...permissions])],
    ...(purpose !== undefined && { purpose }),
    ...(isOver && extend(approval, expiresAt, purpose, now)),
  };
}

/** When the approval last took the item back or refused it. */
const deniedAt = (approval: ShareApproval | undefined, item: ItemName): string | undefined =>
  [...(approval?.spec.withdrawn ?? []), ...(approval?.spec.rejected ?? [])]
    .filter((denied) => itemKey(denied) === itemKey(item))
    .map(({ at }) => at)
    .toSorted()
    .at(-1);

/** Gives items back. */
export function giveBack(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  given: readonly ItemName[],
): Edit | EditRefusal {
  const { items, draftItems = [], withdrawn = [] } = request.spec;
  const states = new Map(itemsOf(request, approval).map((state) => [itemKey(state), state]));
  const refused = given.find((item) => {
    const status = states.get(itemKey(item))?.status;
    return status !== 'Share_Succeeded' && status !== 'PendingExtension' && status !== 'Revoke_Failed';
  });
  if (refused !== undefined) return { refused: 'NotRevokable', item: refused };
  const removed = keys(given);
  const added = given.map(({ kind, name }) => ({ kind, name }));
  return orNothing({
    items: without(items, removed),
    draftItems,
    withdrawn: [...without(withdrawn, removed), ...added],
  });
}

/** Asks for a later end, or for none. @param expiresAt RFC 3339; undefined = without an end */
export function extend(
  approval: ShareApproval | undefined,
  expiresAt: string | undefined,
  reason: string | undefined,
  now: string,
): Edit {
  const answered = approval?.spec.extension?.at;
  return {
    expiresAt,
    extension: {
      ...(reason !== undefined && { reason }),
      ...(answered !== undefined && { askedAt: timeAfter(now, answered) }),
    },
  };
}

/** Wants no later end any more. */
export const cancelExtension = (request: ShareRequest, approval: ShareApproval | undefined): Edit => ({
  extension: undefined,
  expiresAt: approval?.status.boundTo?.expiresAt ?? request.status.expiresAt ?? request.spec.expiresAt,
});

export const isRefused = <Wish extends object>(edit: Wish | EditRefusal): edit is EditRefusal => 'refused' in edit;
