// What a requester's wish makes of the spec of a ShareRequest. Pure; docs/decisions/0016 says what each wish writes.

import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import { MAX_ITEMS } from '../../../operator/resources/share-item.ts';
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
  | { readonly refused: 'NotRevokable'; readonly item: ItemName };

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
