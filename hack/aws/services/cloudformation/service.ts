// CloudFormation: templates become calls to the other services, in order, as the execution role.
import type { ServiceModule } from '../../core/operation.ts';
import * as changeSets from './change-set-operations.ts';
import * as drift from './drift-operations.ts';
import {
  DescribeStackEvents,
  DescribeStackResource,
  DescribeStackResources,
  DescribeStacks,
  ListExports,
  ListImports,
  ListStackResources,
  ListStacks,
} from './inspection-operations.ts';
import { stopStacks } from './pace.ts';
import {
  ContinueUpdateRollback,
  CreateStack,
  DeleteStack,
  UpdateStack,
  UpdateTerminationProtection,
} from './stack-operations.ts';
import * as templates from './template-operations.ts';

export const cloudformation: ServiceModule = {
  name: 'cloudformation',
  sdk: () => import('@aws-sdk/client-cloudformation'),
  eventSource: 'cloudformation.amazonaws.com',
  operations: {
    ...changeSets,
    ...drift,
    ...templates,
    CreateStack,
    UpdateStack,
    DeleteStack,
    ContinueUpdateRollback,
    UpdateTerminationProtection,
    DescribeStacks,
    DescribeStackEvents,
    DescribeStackResource,
    DescribeStackResources,
    ListStacks,
    ListStackResources,
    ListExports,
    ListImports,
  },
  start:
    ({ world }) =>
    () =>
      stopStacks(world),
};
