// KMS: symmetric keys with policies, aliases and grants.
import type { ServiceModule } from '../../core/operation.ts';
import { aliasOperations } from './alias-operations.ts';
import { cryptoOperations } from './crypto-operations.ts';
import { grantOperations } from './grant-operations.ts';
import { keyOperations } from './key-operations.ts';
import { policyOperations } from './policy-operations.ts';

export const kms: ServiceModule = {
  name: 'kms',
  sdk: async () => import('@aws-sdk/client-kms'),
  eventSource: 'kms.amazonaws.com',
  operations: { ...keyOperations, ...policyOperations, ...aliasOperations, ...grantOperations, ...cryptoOperations },
};
