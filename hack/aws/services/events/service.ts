// EventBridge: rules of the default bus, fed by CloudTrail and PutEvents, delivering to SQS.
import type { ServiceModule } from '../../core/operation.ts';
import * as bus from './bus-operations.ts';
import { connectTrail } from './delivery.ts';
import * as rules from './rule-operations.ts';

export const events: ServiceModule = {
  name: 'events',
  sdk: () => import('@aws-sdk/client-eventbridge'),
  eventSource: 'events.amazonaws.com',
  operations: { ...bus, ...rules },
  start: (backstage) => {
    connectTrail(backstage);
    return undefined;
  },
};
