// What a ShareRequest's status says: pure, from the decision and from how the documents serve each grant.
import { oncePerObject } from '../../access/once-per-object.ts';
import { isDeepStrictEqual } from 'node:util';
import { grantsOf, type ShareDecision } from '../../access/consent.ts';
import { NO_PROBLEMS, textOfProblems, type ItemProblem, type RequestProblems } from '../../access/item-check.ts';
import type { ItemDecision } from '../../access/item-decision.ts';
import type { GrantOutputs, Verdict } from '../../access/document.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { reasons } from '../../resources/reasons.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import type { ItemState, ShareItemStatus, SharePhase, ShareRequest } from '../../resources/share-request.ts';
import { conditionsOf, type Outcome, type Reason } from './conditions.ts';
import { cut, listed } from './message.ts';

/** How one grant stands over all documents it needs. */
export interface GrantStanding {
  /** The worst verdict; undefined while some document was never read and none of the others says no. */
  readonly verdict: Verdict | undefined;
  readonly outputs: GrantOutputs | undefined;
  /** A document that could not be brought up to date; what it gave before may still be there. */
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  /** An earlier process told of this very grant in the status, and this one has not read all of its documents yet. */
  readonly isRemembered: boolean;
}

const UNKNOWN: GrantStanding = { verdict: undefined, outputs: undefined, failure: undefined, isRemembered: false };

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
  /** Evidence of differences that were found and not repaired, for Healthy. */
  readonly drift: readonly string[];
}

/** The parts of the status that follow from the view; names and ARNs of the principal are added by the controller. */
export interface ShareSummary {
  readonly phase: SharePhase;
  readonly items: readonly ShareItemStatus[];
  readonly requested: number;
  readonly granted: number;
  readonly conditions: readonly ConditionInput[];
}

export const summarizeShare = (view: ShareView): ShareSummary => {
  const items = [...itemStatuses(view), ...revokedItems(view)];
  const asked = items.slice(0, view.request.spec.items.length);
  const granted = asked.filter(({ state }) => state === 'Granted').length;
  const outcome = outcomeOf(view, asked, items);
  return {
    phase: phaseOf(view, outcome, asked, granted),
    items,
    requested: asked.length,
    granted,
    conditions: conditionsOf({ decision: view.decision, outcome, asked, granted, drift: driftOf(view, asked) }),
  };
};

const itemStatuses = (view: ShareView): readonly ShareItemStatus[] => {
  const decisions = new Map(view.decision.items.map((item) => [itemKey(item), item]));
  const problems = problemsByItem(view);
  return view.request.spec.items.map((item) => {
    const decision = decisions.get(itemKey(item));
    if (decision !== undefined && decision.decision !== 'PendingApproval') return decidedItem(view, decision);
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
    ...(database !== undefined && { database }),
    ...(link !== undefined && { link }),
    ...(accessPointArn !== undefined && { accessPointArn }),
  };
};

const decidedItem = (
  view: ShareView,
  item: Exclude<ItemDecision, { decision: 'PendingApproval' }>,
): ShareItemStatus => {
  const { kind, name } = item;
  switch (item.decision) {
    case 'Refused':
      return { kind, name, state: 'Failed', reason: item.reason, message: cut(item.message) };
    case 'Granted':
      return grantedItem(view, item.grant);
  }
};

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
  const before = statusBefore(view, item)?.state;
  if (mayBeGiven(before) && !view.withdrawn) return 'Revoking';
  switch (view.decision.state) {
    case 'Rejected':
      return 'Rejected';
    case 'Expired':
    case 'ExpirationNotAllowed':
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'RequestMismatch':
    case 'NotInvited':
    case 'DatasetTerminating':
    case 'DatasetNotFound':
    case 'Deleting':
      return before === undefined || before === 'PendingApproval' || before === 'Rejected'
        ? 'PendingApproval'
        : 'Revoked';
    default:
      return 'PendingApproval';
  }
};

/** Whether AWS may give some of it: what failed in one document can be open in the others. */
const mayBeGiven = (state: ItemState | undefined): boolean =>
  state === 'Granted' || state === 'Granting' || state === 'Revoking' || state === 'Failed';

/** Items that the request no longer has but AWS may still give. */
const revokedItems = (view: ShareView): readonly ShareItemStatus[] => {
  if (view.withdrawn) return [];
  const asked = new Set(view.request.spec.items.map(itemKey));
  return (view.request.status.items ?? [])
    .filter((item) => !asked.has(itemKey(item)) && mayBeGiven(item.state))
    .map((item) => revoking(view, item));
};

const outcomeOf = (view: ShareView, asked: readonly ShareItemStatus[], all: readonly ShareItemStatus[]): Outcome => {
  const { decision } = view;
  if (all.some(({ state }) => state === 'Revoking'))
    return {
      type: 'Reconciling',
      reason: 'Revoking',
      message: `access that is no longer consented to is being taken away${afterColon(view.obstacle)}`,
    };
  switch (decision.state) {
    case 'Approved':
      return approvedOutcome(view, asked);
    case 'Draft':
    case 'PendingApproval':
      return { type: 'Waiting', reason: decision.state, message: withProblems(decision.message, view) };
    case 'Binding':
      return { type: 'Reconciling', reason: 'Progressing', message: decision.message };
    case 'DatasetNotReady':
    case 'EnvironmentNotReady':
    case 'DatasetNotFound':
    case 'DatasetTerminating':
    case 'PrincipalNotFound':
    case 'PrincipalNotReady':
    case 'NotInvited':
      return { type: 'Waiting', reason: decision.state, message: decision.message };
    case 'Deleting':
      return { type: 'Reconciling', reason: 'Deleting', message: `${decision.message}${afterColon(view.obstacle)}` };
    case 'Rejected':
    case 'Expired':
    case 'ExpirationNotAllowed':
    case 'RequestMismatch':
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'OwnDataset':
    case 'PrincipalTaken':
    case 'RequesterNotAllowed':
    case 'CrossRegion':
      return { type: 'Stalled', reason: decision.state, message: decision.message };
  }
};

const approvedOutcome = (view: ShareView, asked: readonly ShareItemStatus[]): Outcome => {
  const granted = asked.filter(({ state }) => state === 'Granted').length;
  const failed = asked.filter(({ state }) => state === 'Failed');
  const [firstFailed] = failed;
  const granting = asked.find(({ state }) => state === 'Granting');
  const notAllowed = view.decision.permissionsNotAllowed;
  const unread = unreadOf(view, asked);
  const drift = driftOf(view, asked);
  if (view.decision.pause === 'Suspended') {
    const isWhole = granted === asked.length && drift === undefined && unread === undefined;
    const evidence = afterColon(drift ?? (granting ?? firstFailed ?? unread)?.message);
    const message = `${reasons.Suspended.meaning} ${granted} of ${asked.length} items granted${evidence}`;
    return { type: isWhole ? 'Ready' : 'Waiting', reason: 'Suspended', message };
  }
  if (drift !== undefined) return { type: 'Waiting', reason: 'Drifted', message: drift };
  if (granting !== undefined) {
    const { pause } = view.decision;
    if (pause !== undefined) return { type: 'Waiting', reason: pause, message: reasons[pause].meaning };
    const blocked = asked.find((item) => item.state === 'Granting' && isObstacle(item.reason));
    return {
      type: 'Reconciling',
      reason: blocked === undefined ? 'Granting' : reasonOf(blocked.reason),
      message: `${granted} of ${asked.length} items granted${afterColon((blocked ?? granting).message)}`,
    };
  }
  if (firstFailed !== undefined) {
    const reason = reasonOf(firstFailed.reason);
    const message = listed(failed.map(({ kind, name, message: why = '' }) => `${kind} ${name}: ${why}`));
    return { type: isTerminal(reason) ? 'Stalled' : 'Waiting', reason, message };
  }
  const flawed = asked.filter(isUnhealthy);
  if (flawed[0] !== undefined) {
    const message = listed(flawed.map(({ kind, name, message: why = '' }) => `${kind} ${name}: ${why}`));
    return { type: 'Waiting', reason: reasonOf(flawed[0].reason), message };
  }
  if (unread !== undefined)
    return { type: 'Reconciling', reason: reasonOf(unread.reason), message: unread.message ?? '' };
  if (granted < asked.length)
    return {
      type: 'Waiting',
      reason: 'PartlyApproved',
      message: withProblems(`${asked.length - granted} of ${asked.length} items wait for a decision`, view),
    };
  if (notAllowed.length > 0)
    return {
      type: 'Stalled',
      reason: 'PermissionNotAllowed',
      message: `${notAllowed.join(' and ')} is given only within one account and where the installation allows it; the rest is granted`,
    };
  return { type: 'Ready', reason: 'Granted', message: `${granted} of ${asked.length} items granted` };
};

/** What stands in the way of access is news. What passes by itself within moments is not: a role that is new, calls that are slowed down. */
const isObstacle = (reason: string | undefined): boolean =>
  isReason(reason) && reason !== 'PrincipalNotFound' && reason !== 'Throttled';

/** Granted by an earlier process, and neither that one nor this could read it last. */
const unreadOf = (view: ShareView, asked: readonly ShareItemStatus[]): ShareItemStatus | undefined => {
  const unknown = asked.filter(({ state, health }) => state === 'Granted' && health === 'Unknown');
  if (unknown.length === 0) return undefined;
  const grants = new Map(grantsOf(view.decision).map((grant) => [itemKey(grant.item), grant]));
  return unknown.find((item) => {
    const grant = grants.get(itemKey(item));
    return grant !== undefined && view.standings.get(grantId(grant))?.verdict === undefined;
  });
};

/** What was found and left, by this process or by the one before that told of it. */
const driftOf = ({ drift }: ShareView, asked: readonly ShareItemStatus[]): string | undefined =>
  drift.length > 0 ? drift.join('; ') : asked.find((item) => isUnhealthy(item) && item.reason === 'Drifted')?.message;

/** Given, and of no use to its principal, or not as it was given. */
const isUnhealthy = ({ state, health }: ShareItemStatus): boolean => state === 'Granted' && health === 'Unhealthy';

const withProblems = (message: string, { problems = NO_PROBLEMS }: ShareView): string => {
  const all = textOfProblems(problems);
  return all.length === 0 ? message : `${message}. As it is asked for it cannot be given: ${listed(all)}`;
};

const afterColon = (message: string | undefined): string => (message === undefined ? '' : `: ${message}`);

const phaseOf = (
  { decision }: ShareView,
  { reason, type }: Outcome,
  asked: readonly ShareItemStatus[],
  granted: number,
): SharePhase => {
  if (reason === 'Revoking' || reason === 'Deleting') return 'Revoking';
  switch (decision.state) {
    case 'Draft':
    case 'Rejected':
    case 'Expired':
      return decision.state;
    case 'Approved':
      if (type === 'Ready') return 'Granted';
      if (reason === 'Drifted') return 'Unhealthy';
      if (reason === 'Granting' || (type === 'Reconciling' && asked.some(({ state }) => state === 'Granting')))
        return 'Granting';
      if (asked.some(isUnhealthy)) return 'Unhealthy';
      if (reason === 'Suspended' && granted === asked.length) return 'Granted';
      if (type === 'Reconciling' && granted === asked.length) return 'Granted';
      return granted > 0 ? 'PartlyGranted' : 'Submitted';
    case 'Binding':
      return 'Granting';
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'RequestMismatch':
    case 'NotInvited':
    case 'DatasetTerminating':
      return asked.some(({ state }) => state === 'Revoked') ? 'Revoked' : 'Submitted';
    default:
      return 'Submitted';
  }
};

const reasonOf = (reason: string | undefined): Reason => (isReason(reason) ? reason : 'AwsError');

const isReason = (reason: string | undefined): reason is Reason =>
  reason !== undefined && Object.hasOwn(reasons, reason);

const isTerminal = (reason: Reason): boolean => 'terminal' in reasons[reason];

export const itemKey = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind}/${name}`;
