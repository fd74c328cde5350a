// How far a share has come, step by step, each with its evidence: conditions of the request, and the decision where the operator has not seen
// it yet. Approved is not granted, and granted is not healthy.

import type { Condition } from '../../../../operator/resources/status.ts';
import type { ShareApproval } from '../../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../../operator/resources/share-request.ts';
import type { ShareStep, ShareStepName, ShareStepState } from '../../../graphql/schema-types.ts';

type Evidence = Pick<ShareStep, 'state' | 'reason' | 'at' | 'by' | 'message'>;

/** Reasons by which somebody or the operator is at it; what else is not True has failed. */
const UNDER_WAY: ReadonlySet<string> = new Set([
  'PendingApproval',
  'PartlyApproved',
  'Granting',
  'PartlyGranted',
  'Revoking',
  'Unverified',
]);

export function timelineOf(request: ShareRequest, approval: ShareApproval | undefined): ShareStep[] {
  const submitted = submission(request);
  const approved = submitted.state === 'Done' ? decision(request, approval) : WAITING;
  const granted = approved.state === 'Waiting' ? WAITING : grant(request, approval);
  const healthy = granted.state === 'Waiting' ? WAITING : (byCondition(request, 'Healthy') ?? WAITING);
  const steps: [ShareStepName, Evidence][] = [
    ['Submitted', submitted],
    ['Approved', approved],
    ['Granted', granted],
    ['Healthy', healthy],
  ];
  return steps.map(([step, evidence]) => ({ step, ...evidence }));
}

const WAITING: Evidence = { state: 'Waiting' };

const submission = ({ spec, metadata }: ShareRequest): Evidence =>
  spec.draft
    ? { state: 'InProgress', by: spec.requester, message: 'It is a draft: nobody has been asked yet' }
    : { state: 'Done', at: metadata.creationTimestamp, by: spec.requester, message: spec.purpose };

/** What was decided a moment ago stands in the decision before it stands in the status of the request. */
function decision(request: ShareRequest, approval: ShareApproval | undefined): Evidence {
  const seen = byCondition(request, 'Approved') ?? { state: 'InProgress' };
  if (approval === undefined || approval.spec.decision === 'Pending') return seen;
  const { approver: by, decision: decided } = approval.spec;
  if (!isSeen(request, approval))
    return { state: decided === 'Approved' ? 'Done' : 'Failed', by, message: approval.spec.reason };
  if (seen.state === 'InProgress') return seen;
  return { ...seen, by, ...said(conditionOf(request, 'Approved')?.reason, approval.spec) };
}

/** What the one who decided said with it, where the operator says no more than that it was decided. */
function said(condition: string | undefined, spec: ShareApproval['spec']): Pick<Evidence, 'message'> {
  if (condition === 'Withdrawn') return { message: spec.withdrawn?.at(-1)?.reason };
  const refused = condition === 'Rejected' ? spec.rejected?.at(-1)?.reason : undefined;
  const isPlain = condition === 'Approved' || condition === 'Rejected';
  return isPlain ? { message: refused ?? spec.reason } : {};
}

/** Nothing is said of AWS while what stands against it is that there is no consent. */
function grant(request: ShareRequest, approval: ShareApproval | undefined): Evidence {
  if (approval !== undefined && approval.spec.decision !== 'Pending' && !isSeen(request, approval))
    return { state: 'InProgress' };
  const [approved, granted] = [conditionOf(request, 'Approved'), conditionOf(request, 'Granted')];
  const isUndecided = approved?.status !== 'True' && approved?.reason === granted?.reason;
  return isUndecided ? WAITING : (byCondition(request, 'Granted') ?? WAITING);
}

/** Whether the operator has looked at the decision as it stands. */
const isSeen = ({ status }: ShareRequest, { metadata }: ShareApproval): boolean =>
  (status.approval?.generation ?? 0) >= (metadata.generation ?? 0);

const conditionOf = ({ status }: ShareRequest, wanted: string): Condition | undefined =>
  status.conditions?.find(({ type }) => type === wanted);

function byCondition(request: ShareRequest, type: string): Evidence | undefined {
  const condition = conditionOf(request, type);
  if (condition === undefined) return undefined;
  const { reason, lastTransitionTime: at, message } = condition;
  return { state: stateOf(condition), reason, at, message };
}

function stateOf({ status, reason }: Condition): ShareStepState {
  if (status === 'True') return 'Done';
  return status === 'Unknown' || UNDER_WAY.has(reason) ? 'InProgress' : 'Failed';
}
