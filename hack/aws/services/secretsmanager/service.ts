// Secrets Manager: versions and stages, recovery windows, resource policies.
import type { ServiceModule } from '../../core/operation.ts';
import { secretOperations } from './secret-operations.ts';
import { valueOperations } from './value-operations.ts';

export const secretsmanager: ServiceModule = {
  name: 'secretsmanager',
  sdk: () => import('@aws-sdk/client-secrets-manager'),
  eventSource: 'secretsmanager.amazonaws.com',
  operations: { ...secretOperations, ...valueOperations },
};
