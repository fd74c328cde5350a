// S3: buckets, objects, and the policies between them and everybody.
import type { ServiceModule } from '../../core/operation.ts';
import { bucketConfigurationOperations } from './bucket-configuration-operations.ts';
import { bucketOperations } from './bucket-operations.ts';
import { bucketPolicyOperations } from './bucket-policy-operations.ts';
import { listOperations } from './list-operations.ts';
import { multipartOperations } from './multipart-operations.ts';
import { objectAclOperations } from './object-acl-operations.ts';
import { objectOperations } from './object-operations.ts';
import { objectTagOperations } from './object-tag-operations.ts';

export const s3: ServiceModule = {
  name: 's3',
  sdk: async () => import('@aws-sdk/client-s3'),
  eventSource: 's3.amazonaws.com',
  operations: {
    ...bucketOperations,
    ...bucketPolicyOperations,
    ...bucketConfigurationOperations,
    ...listOperations,
    ...objectOperations,
    ...objectTagOperations,
    ...objectAclOperations,
    ...multipartOperations,
  },
};
