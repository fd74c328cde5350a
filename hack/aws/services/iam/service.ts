// IAM: users, roles, policies.
import type { ServiceModule } from '../../core/operation.ts';
import { accountOperations } from './account-operations.ts';
import { attachmentOperations } from './attachment-operations.ts';
import { boundaryOperations } from './boundary-operations.ts';
import { inlinePolicyOperations } from './inline-policy-operations.ts';
import { policyOperations } from './policy-operations.ts';
import { roleOperations } from './role-operations.ts';
import { tagOperations } from './tag-operations.ts';
import { userOperations } from './user-operations.ts';

export const iam: ServiceModule = {
  name: 'iam',
  sdk: async () => import('@aws-sdk/client-iam'),
  eventSource: 'iam.amazonaws.com',
  operations: {
    ...userOperations,
    ...roleOperations,
    ...inlinePolicyOperations,
    ...attachmentOperations,
    ...boundaryOperations,
    ...policyOperations,
    ...tagOperations,
    ...accountOperations,
  },
};
