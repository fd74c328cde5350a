// Amazon Athena: SQL over the simulated S3, as far as Glue, Lake Formation and IAM let the caller see.
import type { ServiceModule } from '../../core/operation.ts';
import { executionOperations } from './execution-operations.ts';
import { namedQueryOperations } from './named-query-operations.ts';
import { workGroupOperations } from './workgroup-operations.ts';

export const athena: ServiceModule = {
  name: 'athena',
  sdk: () => import('@aws-sdk/client-athena'),
  eventSource: 'athena.amazonaws.com',
  operations: { ...workGroupOperations, ...namedQueryOperations, ...executionOperations },
};
