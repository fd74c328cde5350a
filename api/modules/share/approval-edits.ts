// What a decider's wish makes of the spec of a ShareApproval. Pure; docs/decisions/0016 says what each wish writes.

import { extensionOf } from '../../../operator/access/expiration.ts';
import { commonFilters } from '../../../operator/access/item-decision.ts';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareItem } from '../../../operator/resources/share-item.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import { itemKey, itemsOf, isRevokable, isShared, timeAfter, type ItemName } from '../../read-model/share-state.ts';
import { askedOf } from './decision/asked.ts';
import type { EditRefusal } from './request-edits.ts';

type Spec = ShareApproval['spec'];
/** All that a decision says beside whom it answers. */
export type Decision = Pick<Spec, 'decision'> & Partial<{ [Field in keyof Spec]: Spec[Field] | undefined }>;

const byKey = <Item extends ItemName>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [itemKey(item), item]));

/** What waits for a decision: as asked for, with the filters that were prepared for it. */
function waiting(request: ShareRequest, approval: ShareApproval | undefined): ShareItem[] {
  const asked = byKey(request.spec.items);
  const prepared = byKey([
    ...(approval?.spec.decision === 'Pending' ? (approval.spec.items ?? []) : []),
    ...(approval?.spec.prepared ?? []),
  ]);
  return itemsOf(request, approval)
    .filter(({ status }) => status === 'PendingApproval')
    .flatMap((item) => {
      const wanted = asked.get(itemKey(item));
      if (wanted === undefined) return [];
      const filters = prepared.get(itemKey(item))?.filters ?? wanted.filters;
      return [{ kind: wanted.kind, name: wanted.name, ...(filters !== undefined && { filters }) }];
    });
}

/** Consents to all that waits, beside what is given. */
export function approve(request: ShareRequest, approval: ShareApproval | undefined): Decision | EditRefusal {
  const added = waiting(request, approval);
  return added.length === 0 ? { refused: 'NoPendingItems' } : give(request, approval, added);
}

function give(request: ShareRequest, approval: ShareApproval | undefined, added: readonly ShareItem[]): Decision {
  const names = byKey(added);
  const others = <Item extends ItemName>(items: readonly Item[] | undefined): Item[] | undefined => {
    const left = (items ?? []).filter((item) => !names.has(itemKey(item)));
    return left.length > 0 ? left : undefined;
  };
  const before = approval?.spec.decision === 'Approved' ? (others(approval.spec.items) ?? []) : [];
  return {
    decision: 'Approved',
    permissions: request.spec.permissions,
    items: [...before, ...added],
    prepared: others(approval?.spec.prepared),
    withdrawn: others(approval?.spec.withdrawn),
    rejected: others(approval?.spec.rejected),
    ...(approval?.spec.expiresAt === undefined &&
      request.spec.expiresAt !== undefined && { expiresAt: request.spec.expiresAt }),
  };
}

/** A decision about all that waits: items, and the wish for a later end. */
export interface Verdict {
  readonly isApproved: boolean;
  /** What is given of the items that wait, and by which filters; those that are not named are refused. Undefined: all, as they are asked for. */
  readonly chosen: readonly (ItemName & { readonly filters: readonly string[] | undefined })[] | undefined;
  /** For the requester. */
  readonly note: string | undefined;
  /** What was asked for when the decider looked ({@link askedOf}); undefined: whatever is asked for. */
  readonly asked: string | undefined;
}

/** Decides about everything that waits, in one act. @param now RFC 3339 */
export function decideAll(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  { isApproved, chosen, note, asked }: Verdict,
  now: string,
): Decision | EditRefusal {
  if (asked !== undefined && asked !== askedOf(request)) return { refused: 'AskedAnew' };
  const waits = waiting(request, approval);
  const isLater = approval !== undefined && extensionOf(request, approval)?.state === 'Pending';
  if (waits.length === 0 && !isLater) return { refused: 'NoPendingItems' };
  const answer = isLater ? answerExtension(request, isApproved ? 'Approved' : 'Rejected', note, now) : undefined;
  if (waits.length === 0) return answer ?? { refused: 'NoPendingItems' };
  if (!isApproved) {
    const rejection = reject(request, approval, note, now);
    // What ends as a whole has no later end.
    return 'refused' in rejection || rejection.decision === 'Rejected' ? rejection : { ...rejection, ...answer };
  }
  return approveSome({ request, approval, waits, chosen, note, now, answer });
}

interface Approving extends Pick<Verdict, 'chosen' | 'note'> {
  readonly request: ShareRequest;
  readonly approval: ShareApproval | undefined;
  readonly waits: readonly ShareItem[];
  readonly now: string;
  readonly answer: Decision | undefined;
}

function approveSome({ request, approval, waits, chosen, note, now, answer }: Approving): Decision | EditRefusal {
  const named = chosen && byKey(chosen);
  const known = byKey(waits);
  const strange = chosen?.find((item) => !known.has(itemKey(item)));
  if (strange !== undefined) return { refused: 'NotWaiting', item: strange };
  const given = waits
    .filter((item) => named?.has(itemKey(item)) ?? true)
    .map((item) => withFilters(item, named?.get(itemKey(item))?.filters));
  if (given.length === 0) return { refused: 'NothingChosen' };
  const asked = byKey(request.spec.items);
  const other = given.find((item) => commonFilters(asked.get(itemKey(item))?.filters, item.filters) === 'disagree');
  if (other !== undefined) return { refused: 'FiltersDisagree', item: other };
  const consented = byKey(given);
  const refused = waits.filter((item) => !consented.has(itemKey(item)));
  const approved = give(request, approval, given);
  const rejected = withDenials(approved.rejected, denials(request, refused, note, now));
  return {
    ...approved,
    rejected: rejected.length > 0 ? rejected : undefined,
    reason: note ?? (approval?.spec.decision === 'Approved' ? approval.spec.reason : undefined),
    ...answer,
  };
}

/** @param filters undefined: as it waits; none: the whole table */
const withFilters = ({ kind, name, filters: before }: ShareItem, filters: readonly string[] | undefined): ShareItem => {
  const now = filters ?? before;
  return { kind, name, ...(now !== undefined && now.length > 0 && { filters: [...now] }) };
};

/** Refuses all that waits; what is given stays. @param now RFC 3339 */
export function reject(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  reason: string | undefined,
  now: string,
): Decision | EditRefusal {
  const refused = waiting(request, approval);
  if (refused.length === 0) return { refused: 'NoPendingItems' };
  const given = itemsOf(request, approval).some((item) => isShared(item) || item.status === 'Share_Approved');
  if (!given || approval?.spec.decision !== 'Approved')
    return { decision: 'Rejected', reason, items: undefined, prepared: undefined };
  return {
    decision: 'Approved',
    prepared: undefined,
    rejected: withDenials(approval.spec.rejected, denials(request, refused, reason, now)),
  };
}

/** What a requester is told whose request who decides does not want to see any more, and gave no reason for before. */
const DISMISSED = 'deleted by who decides about the dataset';

/** Ends whatever is given, and wants nothing that waits: a request is its requester's, so it stays, and asks nobody. */
export const dismiss = (_: ShareRequest, approval: ShareApproval | undefined): Decision => ({
  decision: 'Rejected',
  reason: approval?.spec.decision === 'Rejected' ? (approval.spec.reason ?? DISMISSED) : DISMISSED,
  items: undefined,
  prepared: undefined,
});

const denials = (request: ShareRequest, items: readonly ItemName[], reason: string | undefined, now: string) => {
  const asked = byKey(request.spec.items);
  return items.map(({ kind, name }) => ({
    kind,
    name,
    at: timeAfter(now, asked.get(itemKey({ kind, name }))?.askedAt),
    ...(reason !== undefined && { reason: reason.slice(0, 256) }),
  }));
};

/** The later denial of an item stands in place of the one before. */
function withDenials<Denial extends ItemName>(
  before: readonly Denial[] | undefined,
  added: readonly Denial[],
): Denial[] {
  const names = byKey(added);
  return [...(before ?? []).filter((item) => !names.has(itemKey(item))), ...added];
}

/** Takes items back. @param now RFC 3339 */
export function takeBack(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  taken: readonly ItemName[],
  now: string,
): Decision | EditRefusal {
  const states = byKey(itemsOf(request, approval));
  const refused = taken.find((item) => !isRevokable(states.get(itemKey(item)) ?? { status: 'Deleted' }));
  if (refused !== undefined) return { refused: 'NotRevokable', item: refused };
  const names = byKey(taken);
  const left = (approval?.spec.items ?? []).filter((item) => !names.has(itemKey(item)));
  return {
    decision: 'Approved',
    items: left,
    withdrawn: withDenials(approval?.spec.withdrawn, denials(request, taken, undefined, now)),
  };
}

/** Sets the filters that an item will be given with; none: the whole table. */
export function prepare(
  request: ShareRequest,
  approval: ShareApproval | undefined,
  item: ItemName,
  filters: readonly string[] | undefined,
): Decision | EditRefusal {
  const state = itemsOf(request, approval).find((one) => itemKey(one) === itemKey(item));
  if (state === undefined) return { refused: 'NotThere', item };
  if (isShared(state)) return { refused: 'NotRevokable', item };
  const field = approval?.spec.decision === 'Approved' ? 'prepared' : 'items';
  const others = (approval?.spec[field] ?? []).filter((one) => itemKey(one) !== itemKey(item));
  const { kind, name } = item;
  const added = { kind, name, ...(filters !== undefined && filters.length > 0 && { filters: [...filters] }) };
  return {
    decision: approval?.spec.decision === 'Approved' ? 'Approved' : 'Pending',
    [field]: [...others, added],
  };
}

/** Consent to a later end names it, so consent to none names one that nobody will see. */
const NO_END = '9999-12-31T23:59:59Z';

/** Answers the wish for a later end. @param now RFC 3339 */
export const answerExtension = (
  request: ShareRequest,
  decision: 'Approved' | 'Rejected',
  reason: string | undefined,
  now: string,
): Decision => ({
  decision: 'Approved',
  extension: { decision, at: timeAfter(now, request.spec.extension?.askedAt), ...(reason !== undefined && { reason }) },
  ...(decision === 'Approved' && { expiresAt: request.spec.expiresAt ?? NO_END }),
});
