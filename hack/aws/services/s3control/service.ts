// S3 Control: access points, and blocking public access for accounts.
import type { ServiceModule } from '../../core/operation.ts';
import { accessPointOperations } from './access-point-operations.ts';
import { accountBlockOperations } from './account-block-operations.ts';

export const s3control: ServiceModule = {
  name: 's3control',
  sdk: async () => import('@aws-sdk/client-s3-control'),
  eventSource: 's3.amazonaws.com',
  operations: { ...accessPointOperations, ...accountBlockOperations },
};
