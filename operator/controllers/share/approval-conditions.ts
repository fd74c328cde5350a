// The conditions of a ShareApproval: whether the decision is in effect, and what of it is not.
import type { BindingResult } from '../../access/binding.ts';
import type { ShareDecision } from '../../access/consent.ts';
import { decide } from '../../access/share-decision.ts';
import type { Specs } from '../../access/specs.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { annotations } from '../../resources/annotations.ts';
import { isTerminal } from '../../resources/reasons.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { waitingText } from './conditions.ts';
import { itemKey } from './item-status.ts';
import { listed } from './message.ts';
import { obstacleOf, refusedItems } from './obstacle.ts';

export const approvalConditions = (
  approval: ShareApproval,
  result: BindingResult,
  request: ShareRequest | undefined,
  specs: Specs,
  now: number,
): readonly ConditionInput[] => {
  if (!result.bound) {
    const { reason, message } = result;
    return [
      { type: 'Bound', status: 'False', reason, message },
      { type: 'Ready', status: 'False', reason, message },
      ...(isTerminal(reason) ? [{ type: 'Stalled', status: 'True' as const, reason, message }] : []),
    ];
  }
  const bound: ConditionInput = { type: 'Bound', status: 'True', reason: 'Bound' };
  if (request === undefined) {
    const message =
      'the request is gone, and this decision has no effect: delete it, or consent anew by an edit once there is another of the name';
    return [bound, { type: 'Ready', status: 'False', reason: 'RequestNotFound', message }];
  }
  const decision = decide(withApproval(specs, approval), request, now);
  switch (decision.state) {
    case 'ApprovalStale':
    case 'ApproverNotAllowed':
    case 'RequestMismatch':
    case 'Expired': {
      const { state: reason, message } = decision;
      return [
        reason === 'Expired' ? bound : { type: 'Bound', status: 'False', reason, message },
        { type: 'Ready', status: 'False', reason, message },
        { type: 'Stalled', status: 'True', reason, message },
      ];
    }
    case 'Rejected':
      return [bound, inEffect(rejectionText(approval))];
    case 'Approved':
      return [bound, ...approvedConditions(approval, request, decision)];
    // What passes by itself is no news of the decision.
    case 'EnvironmentNotReady':
    case 'PrincipalNotReady':
      return [bound, inEffect(undefined)];
    default: {
      const obstacle = obstacleOf(decision);
      return [bound, inEffect(obstacle && `nothing is given: ${obstacle}`)];
    }
  }
};

const inEffect = (message: string | undefined): ConditionInput => ({
  type: 'Ready',
  status: 'True',
  reason: 'Succeeded',
  ...(message !== undefined && { message }),
});

const approvedConditions = (
  approval: ShareApproval,
  request: ShareRequest,
  decision: ShareDecision,
): readonly ConditionInput[] => {
  const refused = refusedItems(request, decision);
  const waiting = [waitingText(request, decision), contradictionIn(approval)].filter((text) => text !== undefined);
  const [first] = refused;
  if (first === undefined) return [inEffect(waiting.length === 0 ? undefined : waiting.join('; '))];
  const { reason } = first;
  const message = listed([...refused.map(({ text }) => text), ...waiting], 'the request');
  return [
    { type: 'Ready', status: 'False', reason, message },
    ...(isTerminal(reason) ? [{ type: 'Stalled', status: 'True' as const, reason, message }] : []),
  ];
};

/** Schemas cannot compare two lists of so many items. */
const contradictionIn = ({
  spec: { items = [], withdrawn = [], rejected = [] },
}: ShareApproval): string | undefined => {
  const denied = new Set([...withdrawn, ...rejected].map(itemKey));
  const both = items.filter((item) => denied.has(itemKey(item)));
  return both.length === 0
    ? undefined
    : `${listed(
        both.map(({ kind, name }) => `${kind} ${name}`),
        'spec',
      )}: in spec.items and in spec.withdrawn or spec.rejected too, and so not given: leave each in one list`;
};

const rejectionText = ({ metadata, spec }: ShareApproval): string => {
  const by = metadata.annotations?.[annotations.changedBy];
  return by === undefined ? `rejected in the name of ${spec.approver}` : `rejected; last changed by ${by}`;
};

/** The specs as they will be once the binding just made is stored. */
const withApproval = (specs: Specs, approval: ShareApproval): Specs => ({
  ...specs,
  installation: specs.installation,
  approvalFor: () => approval,
});
