// Systems Manager, as far as Parameter Store goes.
import type { ServiceModule } from '../../core/operation.ts';
import { parameterOperations } from './parameter-operations.ts';
import { listingOperations } from './listing-operations.ts';

export const ssm: ServiceModule = {
  name: 'ssm',
  sdk: () => import('@aws-sdk/client-ssm'),
  eventSource: 'ssm.amazonaws.com',
  operations: { ...parameterOperations, ...listingOperations },
};
