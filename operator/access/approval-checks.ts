// What stands against a share by what was decided about it: rejected, over, or consented to something else than there is now.
import type { Dataset } from '../resources/dataset.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import { approverRefusal } from './approver.ts';
import { arnMismatch, asksTheSame, differenceOf, isBoundNow, replacedDataset, staleness } from './approval-match.ts';
import type { Check } from './checks.ts';
import type { ShareRefusal } from './consent.ts';
import { decidedEnding, endRefusal, endText } from './expiration.ts';
import { deciders, isPast, type PresentParties } from './request-checks.ts';

interface DecidedShare extends PresentParties {
  readonly approval: ShareApproval;
}

type ApprovalCheck = Check<DecidedShare, ShareRefusal>;

const speaksOfTheRequest: ApprovalCheck = ({ request, approval, principal }) => {
  const message = differenceOf(request, approval) ?? arnMismatch(approval, principal);
  return message === undefined ? undefined : { state: 'RequestMismatch', message };
};

const speaksOfTheDataset: ApprovalCheck = ({ approval, dataset }) => {
  const message = replacedDataset(approval, dataset);
  return message === undefined ? undefined : { state: 'ApprovalStale', message };
};

const approverMayDecide: ApprovalCheck = ({ approval, dataset, allowSelfApproval }) => {
  const message = isBoundNow(approval) ? undefined : approverRefusal(approval, dataset, allowSelfApproval);
  return message === undefined ? undefined : { state: 'ApproverNotAllowed', message };
};

const isNotRejected: ApprovalCheck = ({ request, approval, dataset }) => {
  if (approval.spec.decision !== 'Rejected') return undefined;
  const isEdited = isBoundNow(approval) && !asksTheSame(request, approval);
  return isEdited
    ? {
        state: 'PendingApproval',
        message: `was edited after a rejection; waits for the decision of ${deciders(dataset)}`,
      }
    : {
        state: 'Rejected',
        message: rejectionText(approval, dataset),
      };
};

/**
 * Whoever decides may reject in place what another group approved, and need not say why: then neither the reason for approving is told, nor
 * that the group which approved said no.
 */
const rejectionText = ({ spec, status }: ShareApproval, dataset: Dataset): string => {
  const approved = status.boundTo?.approved;
  const who = approved?.by === spec.approver ? deciders(dataset) : spec.approver;
  const why = spec.reason === undefined || spec.reason === approved?.reason ? 'no reason is given' : spec.reason;
  return `rejected by ${who}: ${why}. Edit the request to ask again`;
};

const approvalLasts: ApprovalCheck = ({ approval: { spec }, now }) =>
  isPast(spec.expiresAt, now)
    ? {
        state: 'Expired',
        message: `the approval ended at ${endText(spec.expiresAt ?? '')}: set a later spec.expiresAt in the ShareApproval to extend it`,
      }
    : undefined;

/** What was consented to before goes on to its end: a wrong day in an extension must not cut anybody off. */
const endIsAllowed: ApprovalCheck = (share) => {
  const { request, approval, dataset, now } = share;
  if (isBoundNow(approval)) return undefined;
  const message = endRefusal(dataset.spec.sharing?.expiration, request, decidedEnding(approval, request, dataset), now);
  const until = approval.status.boundTo?.expiresAt;
  const goesOn = until !== undefined && !isPast(until, now) && staleness(approval, share) === undefined;
  return message === undefined || goesOn ? undefined : { state: 'ExpirationNotAllowed', message };
};

const consentLasts: ApprovalCheck = ({ approval, now }) => {
  const until = approval.status.boundTo?.expiresAt;
  if (until === undefined || !isPast(until, now)) return undefined;
  return isBoundNow(approval)
    ? {
        state: 'Expired',
        message: `consent ended at ${endText(until)}: set a later spec.expiresAt in the ShareApproval to extend it`,
      }
    : { state: 'Binding', message: 'the extension is being bound to the request' };
};

const isWhatWasApproved: ApprovalCheck = (share) => {
  const message = staleness(share.approval, share);
  if (message === undefined) return undefined;
  return { state: isBoundNow(share.approval) ? 'ApprovalStale' : 'Binding', message };
};

/** The first that finds something is told. */
export const ofTheApproval: readonly ApprovalCheck[] = [
  speaksOfTheRequest,
  speaksOfTheDataset,
  approverMayDecide,
  isNotRejected,
  approvalLasts,
  endIsAllowed,
  consentLasts,
  isWhatWasApproved,
];
