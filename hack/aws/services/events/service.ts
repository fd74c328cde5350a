// EventBridge: rules of the default bus, fed by CloudTrail and PutEvents, delivering to SQS.
import type { ServiceModule } from '../../core/operation.ts';
import { busOperations } from './bus-operations.ts';
import { ruleOperations } from './rule-operations.ts';
import { connectTrail } from './delivery.ts';

export const events: ServiceModule = {
  name: 'events',
  sdk: () => import('@aws-sdk/client-eventbridge'),
  eventSource: 'events.amazonaws.com',
  operations: { ...busOperations, ...ruleOperations },
  start: (backstage) => {
    connectTrail(backstage);
    return undefined;
  },
};
