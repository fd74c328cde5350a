// The AWS Glue Data Catalog: databases, tables, partitions, resource links and the catalog's resource policy.
import type { ServiceModule } from '../../core/operation.ts';
import { databaseOperations } from './database-operations.ts';
import { partitionOperations } from './partition-operations.ts';
import { policyOperations } from './policy-operations.ts';
import { tableOperations } from './table-operations.ts';

export const glue: ServiceModule = {
  name: 'glue',
  sdk: () => import('@aws-sdk/client-glue'),
  eventSource: 'glue.amazonaws.com',
  operations: { ...databaseOperations, ...tableOperations, ...partitionOperations, ...policyOperations },
};
