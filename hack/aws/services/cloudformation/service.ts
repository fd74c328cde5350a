// CloudFormation: templates become calls to the other services, in order, as the execution role.
import type { ServiceModule } from '../../core/operation.ts';
import { stackOperations } from './stack-operations.ts';
import { changeSetOperations } from './change-set-operations.ts';
import { inspectionOperations } from './inspection-operations.ts';
import { templateOperations } from './template-operations.ts';
import { driftOperations } from './drift-operations.ts';
import { stopStacks } from './pace.ts';

export const cloudformation: ServiceModule = {
  name: 'cloudformation',
  sdk: () => import('@aws-sdk/client-cloudformation'),
  eventSource: 'cloudformation.amazonaws.com',
  operations: {
    ...stackOperations,
    ...changeSetOperations,
    ...inspectionOperations,
    ...templateOperations,
    ...driftOperations,
  },
  start:
    ({ world }) =>
    () =>
      stopStacks(world),
};
