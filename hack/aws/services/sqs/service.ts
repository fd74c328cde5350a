// SQS: queues with policies, visibility, dead letters and long polling.
import type { ServiceModule } from '../../core/operation.ts';
import * as messages from './message-operations.ts';
import * as queues from './queue-operations.ts';
import { stopWaiting } from './waiting.ts';

export const sqs: ServiceModule = {
  name: 'sqs',
  sdk: () => import('@aws-sdk/client-sqs'),
  eventSource: 'sqs.amazonaws.com',
  operations: { ...queues, ...messages },
  start:
    ({ world }) =>
    () =>
      stopWaiting(world),
};
