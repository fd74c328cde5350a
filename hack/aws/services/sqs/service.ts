// SQS: queues with policies, visibility, dead letters and long polling.
import type { ServiceModule } from '../../core/operation.ts';
import { queueOperations } from './queue-operations.ts';
import { messageOperations } from './message-operations.ts';
import { stopWaiting } from './waiting.ts';

export const sqs: ServiceModule = {
  name: 'sqs',
  sdk: () => import('@aws-sdk/client-sqs'),
  eventSource: 'sqs.amazonaws.com',
  operations: { ...queueOperations, ...messageOperations },
  start:
    ({ world }) =>
    () =>
      stopWaiting(world),
};
