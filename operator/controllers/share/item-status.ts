// What a ShareRequest's status says of each item: pure, from the decision and from how the documents serve its grant.
import { oncePerObject } from '../../access/once-per-object.ts';
import { isDeepStrictEqual } from 'node:util';
import type { ShareDecision } from '../../access/consent.ts';
import type { GrantOutputs, Verdict } from '../../access/document.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import { NO_PROBLEMS, type ItemProblem, type RequestProblems } from '../../access/item-check.ts';
import type { ItemDecision } from '../../access/item-decision.ts';
import type { ItemStatusReason } from '../../resources/conditions.ts';
import { MAX_ITEMS, type ShareItem } from '../../resources/share-item.ts';
import type { ItemState, ShareItemStatus, ShareRequest } from '../../resources/share-request.ts';
import { cut } from './message.ts';

/** How one grant stands over all documents it needs. */
export interface GrantStanding {
  /** The worst verdict; undefined while some document was never read and none of the others says no. */
  readonly verdict: Verdict | undefined;
  readonly outputs: GrantOutputs | undefined;
  /** A document that could not be brought up to date; what it gave before may still be there. */
  readonly failure: { readonly reason: ItemStatusReason; readonly message: string } | undefined;
  /** An earlier process told of this very grant in the status, and this one has not read all of its documents yet. */
  readonly isRemembered: boolean;
}

export interface ShareView {
  readonly request: ShareRequest;
  readonly decision: ShareDecision;
  /** By grant id: of each that is decided. */
  readonly standings: ReadonlyMap<string, GrantStanding>;
  /** What of that which waits for a decision cannot be given as it is asked for. */
  readonly problems?: RequestProblems;
  /** Whether reads have proved that nothing is left of what this share once gave and gives no more. */
  readonly withdrawn: boolean;
  /** Why that is not proved, where something stands in the way. */
  readonly obstacle?: string | undefined;
  /** A document that is read for that proof, or written, and was refused. */
  readonly failure?: GrantStanding['failure'];
  /** Evidence of differences that were found and not repaired, for Healthy. */
  readonly drift: readonly string[];
}

const UNKNOWN: GrantStanding = { verdict: undefined, outputs: undefined, failure: undefined, isRemembered: false };

export const itemKey = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind}/${name}`;

/** Of the items that are asked for, in their order. */
export const itemStatuses = (view: ShareView): readonly ShareItemStatus[] => {
  const decisions = new Map(view.decision.items.map((item) => [itemKey(item), item]));
  const problems = problemsByItem(view);
  return view.request.spec.items.map((item) => {
    const decision = decisions.get(itemKey(item));
    if (decision !== undefined && decision.decision !== 'PendingApproval') return decidedItem(view, item, decision);
    const state = decision === undefined ? stateWithoutDecision(view, item) : 'PendingApproval';
    if (state === 'Revoking') return revoking(view, item);
    return state === 'PendingApproval'
      ? pending(item, problems.get(itemKey(item)))
      : { kind: item.kind, name: item.name, state };
  });
};

const problemsByItem = ({ problems = NO_PROBLEMS }: ShareView): ReadonlyMap<string, ItemProblem> =>
  new Map(problems.items.map((problem) => [itemKey(problem), problem]));

const pending = ({ kind, name }: ShareItem, problem: ItemProblem | undefined): ShareItemStatus => ({
  kind,
  name,
  state: 'PendingApproval',
  ...(problem !== undefined && { reason: problem.reason, message: cut(problem.message) }),
});

type StatusItems = NonNullable<ShareRequest['status']['items']>;

/** A status is a new object each time that it is written: one index serves all items of one look. */
const byItem = oncePerObject(
  (items: StatusItems): ReadonlyMap<string, ShareItemStatus> =>
    new Map(items.map((status) => [itemKey(status), status])),
);

/** What the status says of an item so far. */
const statusBefore = ({ request }: ShareView, item: Pick<ShareItem, 'kind' | 'name'>): ShareItemStatus | undefined => {
  const { items } = request.status;
  return items && byItem(items).get(itemKey(item));
};

/** Names stay until all is gone: what dataset and role named before may be named by nothing else any more. */
const revoking = (view: ShareView, item: ShareItem | ShareItemStatus): ShareItemStatus => {
  const { database, link, accessPointArn } = statusBefore(view, item) ?? {};
  return {
    kind: item.kind,
    name: item.name,
    state: 'Revoking',
    ...(view.failure !== undefined && { reason: view.failure.reason, message: cut(view.failure.message) }),
    ...(database !== undefined && { database }),
    ...(link !== undefined && { link }),
    ...(accessPointArn !== undefined && { accessPointArn }),
  };
};

const decidedItem = (
  view: ShareView,
  item: ShareItem,
  decided: Exclude<ItemDecision, { decision: 'PendingApproval' }>,
): ShareItemStatus => {
  const { kind, name } = item;
  switch (decided.decision) {
    case 'Refused':
      return { kind, name, state: 'Failed', reason: decided.reason, message: cut(decided.message) };
    case 'Granted':
      return grantedItem(view, decided.grant);
    case 'Withdrawn':
    case 'Rejected': {
      if (isStillGiven(view, item)) return revoking(view, item);
      const state = decided.decision === 'Withdrawn' ? 'Revoked' : 'Rejected';
      return { kind, name, state, reason: decided.decision, message: cut(decided.message) };
    }
  }
};

/** No read has proved yet that what was given of it is gone. */
const isStillGiven = (view: ShareView, item: Pick<ShareItem, 'kind' | 'name'>): boolean =>
  !view.withdrawn && mayBeGiven(statusBefore(view, item)?.state);

const grantedItem = (view: ShareView, grant: Grant): ShareItemStatus => {
  const { verdict, outputs, failure, isRemembered } = view.standings.get(grantId(grant)) ?? UNKNOWN;
  const { kind, name } = grant.item;
  const filters = grant.item.kind === 'Table' && grant.item.filters.length > 0 ? [...grant.item.filters] : undefined;
  const base = { kind, name, ...(filters && { filters }), ...outputs };
  const unverified = (why: NonNullable<GrantStanding['failure']>): ShareItemStatus => ({
    ...base,
    state: 'Granted',
    health: 'Unknown',
    reason: why.reason,
    message: cut(why.message),
  });
  const before = statusBefore(view, grant.item);
  if (verdict?.state === 'Satisfied') {
    if (failure !== undefined) return unverified(failure);
    const { health, reason, message } = verdict.flaw ?? {};
    if (health === undefined) return { ...base, state: 'Granted', health: 'Healthy' };
    return { ...base, state: 'Granted', health, reason, message: cut(message ?? '') };
  }
  if (verdict?.state === 'Failed')
    return {
      ...base,
      // What cleaning up needs stays; where to read what cannot be read does not.
      link: undefined,
      accessPointAlias: undefined,
      state: 'Failed',
      health: 'Unhealthy',
      reason: verdict.reason,
      message: cut(verdict.message),
    };
  // A restart takes nothing away: what the status says was given stands until a read says otherwise.
  const isAsBefore = isRemembered && isDeepStrictEqual(before?.filters, filters);
  if (verdict === undefined && isAsBefore && before?.state === 'Granted')
    return failure === undefined ? before : unverified(failure);
  const why = failure ?? (verdict?.state === 'Waiting' ? verdict : undefined);
  if (view.drift.length > 0 && before?.state === 'Granted')
    return { ...base, state: 'Granted', health: 'Unhealthy', reason: 'Drifted', message: cut(view.drift.join('; ')) };
  return {
    ...base,
    state: 'Granting',
    ...(why === undefined ? {} : { reason: why.reason, message: cut(why.message) }),
  };
};

/** An item of a share that gives nothing: pending, rejected, or on its way out. */
const stateWithoutDecision = (view: ShareView, item: ShareItem): ItemState => {
  if (isStillGiven(view, item)) return 'Revoking';
  const before = statusBefore(view, item)?.state;
  switch (view.decision.state) {
    case 'Rejected':
      return 'Rejected';
    case 'Expired':
      return wasGiven(before) ? 'Revoked' : 'Expired';
    case 'ExpirationNotAllowed':
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'RequestMismatch':
    case 'NotInvited':
    case 'DatasetTerminating':
    case 'DatasetNotFound':
    case 'Deleting':
      return wasGiven(before) ? 'Revoked' : 'PendingApproval';
    default:
      return 'PendingApproval';
  }
};

/** Whether some of it was given, and maybe taken away again. */
const wasGiven = (state: ItemState | undefined): boolean => mayBeGiven(state) || state === 'Revoked';

/** Of which nothing is open. What failed in one document can be open in the others; so can what another version calls by a word of its own. */
const CLOSED: readonly ItemState[] = ['PendingApproval', 'Revoked', 'Rejected', 'Expired'];

/** Whether AWS may give some of it. */
export const mayBeGiven = (state: ItemState | undefined): boolean => state !== undefined && !CLOSED.includes(state);

/** Items that the request no longer has but AWS may still give, and those that it gave back. */
export const revokedItems = (view: ShareView): readonly ShareItemStatus[] => {
  const { spec, status } = view.request;
  const asked = new Set(spec.items.map(itemKey));
  const ending = (status.items ?? []).filter((item) => !asked.has(itemKey(item)) && isStillGiven(view, item));
  const told = new Set([...asked, ...ending.map(itemKey)]);
  const returned = (spec.withdrawn ?? []).filter((item) => !told.has(itemKey(item)));
  const revoked = returned.map(({ kind, name }) => ({ kind, name, state: 'Revoked' as const }));
  return [...ending.map((item) => revoking(view, item)), ...revoked].slice(0, MAX_ITEMS - asked.size);
};
