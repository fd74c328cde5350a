// What people are told of a stack, as Kubernetes Events and in status.stack.
import type { StackEvent } from '../aws/services/cloudformation.ts';
import type { EventInput } from '../kernel/runtime/event-recorder.ts';
import { MAX_MESSAGE, type StackStatus } from '../resources/status.ts';
import { causeOf, stackType } from './stack-history.ts';

/** Failures, and the steps of the stack itself; each resource's steps stand in the status. */
export const asEvent = ({ type, logicalId, status, reason }: StackEvent): readonly EventInput[] => {
  const failed = status.endsWith('_FAILED') || status.includes('ROLLBACK');
  if (!failed && type !== stackType) return [];
  return [
    {
      type: failed ? 'Warning' : 'Normal',
      reason: failed ? 'StackFailed' : 'StackProgress',
      note: `${logicalId} (${type}) ${status}${reason === undefined ? '' : `: ${reason}`}`,
      action: 'Deploy',
    },
  ];
};

/** What CloudFormation could not delete, and was told to leave. */
export const asLeft = (stack: string, event: StackEvent): EventInput => ({
  type: 'Warning',
  reason: 'NotRestored',
  note: `${event.physicalId ?? event.logicalId} stays when stack ${stack} goes: ${causeOf(event)}`,
  action: 'Delete',
});

const shownEvents = 20;

export const timeOf = (date: Date | undefined): string | undefined => date?.toISOString().replace(/\.\d+Z$/, 'Z');

/** The last ones, the newest first. */
export const asShown = (events: readonly StackEvent[]): StackStatus['events'] =>
  events
    .slice(-shownEvents)
    .toReversed()
    .map(({ at, logicalId, type, status, reason }) => ({
      time: timeOf(at) ?? '',
      resource: logicalId,
      type,
      status,
      ...(reason === undefined ? {} : { reason: reason.slice(0, MAX_MESSAGE) }),
    }));
