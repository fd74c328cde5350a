// What a ShareRequest's status says: pure, from the decision and from how the documents serve each grant.
import { grantsOf } from '../../access/consent.ts';
import { grantId } from '../../access/grant.ts';
import { NO_PROBLEMS, textOfProblems } from '../../access/item-check.ts';
import { isConsented } from '../../access/item-decision.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { reasons } from '../../resources/reasons.ts';
import type { ShareItemStatus, SharePhase } from '../../resources/share-request.ts';
import { conditionsOf, deniedItems, laterEndTexts, waitingText, type Outcome, type Reason } from './conditions.ts';
import { itemKey, itemStatuses, revokedItems, type ShareView } from './item-status.ts';
import { listed } from './message.ts';

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
    conditions: conditionsOf({
      request: view.request,
      decision: view.decision,
      outcome,
      asked,
      granted,
      drift: driftOf(view, asked),
    }),
  };
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
    case 'Expired': {
      const message = [decision.message, ...laterEndTexts(view.request, decision)].join('; ');
      return { type: 'Stalled', reason: decision.state, message };
    }
    case 'Rejected':
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
  const denied = deniedItems(view.decision);
  if (denied !== undefined) {
    const message = [denied.message, ...laterEndTexts(view.request, view.decision)].join('; ');
    return { type: 'Stalled', reason: denied.reason, message };
  }
  const waiting = waitingText(view.request, view.decision);
  if (waiting !== undefined && granted < asked.length) {
    const reason = view.decision.items.some(isConsented) ? 'PartlyApproved' : 'PendingApproval';
    return { type: 'Waiting', reason, message: withProblems(waiting, view) };
  }
  if (notAllowed.length > 0)
    return {
      type: 'Stalled',
      reason: 'PermissionNotAllowed',
      message: `${notAllowed.join(' and ')} is given only within one account and where the installation allows it; the rest is granted`,
    };
  const message = [`${granted} of ${asked.length} items granted`, ...laterEndTexts(view.request, view.decision)].join(
    '; ',
  );
  return { type: 'Ready', reason: 'Granted', message };
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
      if (reason === 'Withdrawn' && granted === 0) return 'Revoked';
      if (reason === 'Rejected' && granted === 0) return 'Rejected';
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
