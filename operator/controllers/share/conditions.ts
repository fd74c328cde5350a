// The conditions of a ShareRequest: they agree with one another and with its items.
import type { ShareDecision } from '../../access/consent.ts';
import { endText } from '../../access/expiration.ts';
import { isConsented } from '../../access/item-decision.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { reconcilingReason } from '../../resources/reasons.ts';
import { conditions as conditionsOfKinds, type ReasonFor } from '../../resources/conditions.ts';
import type { ShareItemStatus, ShareRequest } from '../../resources/share-request.ts';
import { listed } from './message.ts';

export type Reason = ReasonFor<'ShareRequest', 'Ready'>;

/** What Ready says, and which of the two that stand beside it. */
export interface Outcome {
  readonly type: 'Ready' | 'Reconciling' | 'Stalled' | 'Waiting';
  readonly reason: Reason;
  readonly message: string;
}

interface ToldShare {
  readonly request: ShareRequest;
  readonly decision: ShareDecision;
  readonly outcome: Outcome;
  /** The items of the spec. */
  readonly asked: readonly ShareItemStatus[];
  /** How many of them are granted. */
  readonly granted: number;
  /** Evidence of differences that were found and left. */
  readonly drift: string | undefined;
}

/** What of an approved share waits for a decision: items, and a later end. */
export const waitingText = (request: ShareRequest, decision: ShareDecision): string | undefined => {
  const { length } = decision.items.filter((item) => item.decision === 'PendingApproval');
  const items =
    length === 0
      ? []
      : [`${length} of ${decision.items.length} items ${length === 1 ? 'waits' : 'wait'} for a decision`];
  const text = [...items, ...laterEndTexts(request, decision)].join('; ');
  return text === '' ? undefined : text;
};

/** What of an approved share is not given because consent to it was taken back, or withheld; undefined while some of it waits for a decision. */
export const deniedItems = ({
  items,
}: ShareDecision): { readonly reason: 'Withdrawn' | 'Rejected'; readonly message: string } | undefined => {
  const denied = items.flatMap((item) => (item.decision === 'Withdrawn' || item.decision === 'Rejected' ? [item] : []));
  if (denied.length === 0 || items.some(({ decision }) => decision === 'PendingApproval')) return undefined;
  return {
    reason: denied.some(({ decision }) => decision === 'Withdrawn') ? 'Withdrawn' : 'Rejected',
    message: listed(denied.map(({ kind, name, message }) => `${kind} ${name}: ${message}`)),
  };
};

/** None or one. */
export const laterEndTexts = ({ spec }: ShareRequest, decision: ShareDecision): readonly string[] => {
  if (decision.extension?.state !== 'Pending' || decision.consentedUntil === undefined) return [];
  const asked = spec.expiresAt === undefined ? 'to go on without an end' : `the later end ${endText(spec.expiresAt)}`;
  const until = decision.state === 'Expired' ? '' : `: there is consent until ${endText(decision.consentedUntil)}`;
  return [`${asked} waits for a decision${until}`];
};

export const conditionsOf = (told: ToldShare): readonly ConditionInput[] => {
  const { type, reason, message } = told.outcome;
  const conditions: ConditionInput[] = [
    { type: 'Ready', status: type === 'Ready' ? 'True' : 'False', reason, message },
    approvedCondition(told),
    grantedCondition(told),
  ];
  if (type === 'Stalled') conditions.push({ type, status: 'True', reason, message });
  if (type === 'Reconciling') conditions.push({ type, status: 'True', reason: reconcilingReason(reason), message });
  if (told.asked.some(({ health }) => health !== undefined)) conditions.push(healthyCondition(told));
  conditions.push(...extendedConditions(told));
  return conditions;
};

/** None where nobody asks for a later end. */
const extendedConditions = ({ request, decision }: ToldShare): readonly ConditionInput[] => {
  const { extension, consentedUntil } = decision;
  if (extension === undefined || consentedUntil === undefined) return [];
  const until = `there is consent until ${endText(consentedUntil)}`;
  switch (extension.state) {
    case 'Pending':
      return [
        {
          type: 'Extended',
          status: 'False',
          reason: 'ExtensionPending',
          message: laterEndTexts(request, decision).join('; '),
        },
      ];
    case 'Rejected':
      return [
        {
          type: 'Extended',
          status: 'False',
          reason: 'ExtensionRejected',
          message: `${extension.reason ?? 'no reason is given'}; ${until}. Set spec.extension.askedAt to the time to ask again`,
        },
      ];
    case 'Approved':
      return [{ type: 'Extended', status: 'True', reason: 'Extended', message: until }];
  }
};

const approvedCondition = ({ request, decision }: ToldShare): ConditionInput => {
  const no = (reason: ReasonFor<'ShareRequest', 'Approved'>): ConditionInput => ({
    type: 'Approved',
    status: 'False',
    reason,
    message: decision.message,
  });
  switch (decision.state) {
    case 'Approved': {
      const waiting = waitingText(request, decision);
      const denied = deniedItems(decision);
      const message = waiting ?? denied?.message;
      if (message === undefined) return { type: 'Approved', status: 'True', reason: 'Approved' };
      return decision.items.some(isConsented)
        ? { type: 'Approved', status: 'True', reason: 'PartlyApproved', message }
        : { type: 'Approved', status: 'False', reason: denied?.reason ?? 'PendingApproval', message };
    }
    case 'Draft':
    case 'Rejected':
    case 'Expired':
    case 'ExpirationNotAllowed':
    case 'RequestMismatch':
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'DatasetNotFound':
      return no(decision.state);
    default:
      return no('PendingApproval');
  }
};

const grantedCondition = ({ outcome, asked, granted }: ToldShare): ConditionInput => {
  if (granted > 0 && granted === asked.length) return { type: 'Granted', status: 'True', reason: 'Granted' };
  const no = (reason: ReasonFor<'ShareRequest', 'Granted'>): ConditionInput => ({
    type: 'Granted',
    status: 'False',
    reason,
    message: outcome.message,
  });
  if (outcome.reason === 'Revoking' || outcome.reason === 'Deleting') return no('Revoking');
  if (granted > 0) return no('PartlyGranted');
  if (isListed('Granted', outcome.reason) && outcome.reason !== 'Granting') return no(outcome.reason);
  if (outcome.reason === 'Granting' || outcome.reason === 'Progressing') return no('Granting');
  if (asked.some(({ state }) => state === 'Revoked')) return no('Revoked');
  return no('PendingApproval');
};

const healthyCondition = ({ asked, drift }: ToldShare): ConditionInput => {
  if (drift !== undefined) return { type: 'Healthy', status: 'False', reason: 'Drifted', message: drift };
  const unhealthy = asked.find(({ health }) => health === 'Unhealthy');
  if (unhealthy !== undefined) {
    const { kind, name, reason = '', message = '' } = unhealthy;
    return {
      type: 'Healthy',
      status: 'False',
      reason: isListed('Healthy', reason) ? reason : 'AwsError',
      message: `${kind} ${name}: ${message}`,
    };
  }
  const unknown = asked.find(({ health }) => health === 'Unknown');
  if (unknown !== undefined)
    return { type: 'Healthy', status: 'Unknown', reason: 'Unverified', message: unknown.message ?? '' };
  return { type: 'Healthy', status: 'True', reason: 'Healthy' };
};

/** Whether docs/conditions.md has the reason for this condition. */
const isListed = <Type extends 'Granted' | 'Healthy'>(
  type: Type,
  reason: string,
): reason is ReasonFor<'ShareRequest', Type> => {
  const listed: readonly string[] = conditionsOfKinds.ShareRequest[type].reasons;
  return listed.includes(reason);
};
