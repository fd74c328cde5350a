// Systems Manager, as far as Parameter Store goes.
import type { ServiceModule } from '../../core/operation.ts';
import {
  AddTagsToResource,
  DescribeParameters,
  GetParametersByPath,
  ListTagsForResource,
  RemoveTagsFromResource,
} from './listing-operations.ts';
import {
  DeleteParameter,
  DeleteParameters,
  GetParameter,
  GetParameterHistory,
  GetParameters,
  PutParameter,
} from './parameter-operations.ts';

export const ssm: ServiceModule = {
  name: 'ssm',
  sdk: () => import('@aws-sdk/client-ssm'),
  eventSource: 'ssm.amazonaws.com',
  operations: {
    PutParameter,
    GetParameter,
    GetParameters,
    GetParameterHistory,
    DeleteParameter,
    DeleteParameters,
    GetParametersByPath,
    DescribeParameters,
    AddTagsToResource,
    RemoveTagsFromResource,
    ListTagsForResource,
  },
};
