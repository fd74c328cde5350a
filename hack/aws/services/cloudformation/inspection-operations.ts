// Looking at stacks: themselves, their resources, events, outputs and templates.
import type {
  DescribeStackEventsInput,
  DescribeStackEventsOutput,
  DescribeStackResourceInput,
  DescribeStackResourceOutput,
  DescribeStackResourcesInput,
  DescribeStackResourcesOutput,
  DescribeStacksInput,
  DescribeStacksOutput,
  ListExportsInput,
  ListExportsOutput,
  ListImportsInput,
  ListImportsOutput,
  ListStackResourcesInput,
  ListStackResourcesOutput,
  ListStacksInput,
  ListStacksOutput,
  Parameter,
  Stack as StackDescription,
} from '@aws-sdk/client-cloudformation';
import { operation, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { tagList } from '../../core/tagging.ts';
import type { StackParameters } from './parameters.ts';
import { exportsOf, importersOf, stackNamed, stackNeed, stacksOf, type Stack, type StackResource } from './stack.ts';
import { parseTemplate, validationError, type Template } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/: pages of 100 for events and resources. */
const PAGE = 100;

const INVALID_TOKEN = 'ValidationError';

const DescribeStacks = operation<DescribeStacksInput, DescribeStacksOutput>({
  access: 'read',
  needs: (input, call) => [
    input.StackName === undefined
      ? { action: 'cloudformation:DescribeStacks', resource: '*' }
      : stackNeed('DescribeStacks', call, input.StackName),
  ],
  handle: (input, call) => {
    if (input.StackName !== undefined) return { Stacks: [describe(stackNamed(call, input.StackName))] };
    const live = [...stacksOf(call.world, call.account, call.region).values()].filter(
      ({ status }) => status !== 'DELETE_COMPLETE',
    );
    const { items, next } = page(live, input.NextToken, PAGE, INVALID_TOKEN);
    return { Stacks: items.map(describe), NextToken: next };
  },
});

function describe(stack: Stack): StackDescription {
  const template = stack.design.templateBody === '' ? undefined : parseTemplate(stack.design.templateBody);
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: template === undefined ? [] : parametersOf(template, stack.design.parameters),
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: [...stack.capabilities],
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: tagList(stack.design.tags),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: {
      StackDriftStatus: stack.drift?.status ?? 'NOT_CHECKED',
      LastCheckTimestamp: stack.drift?.checkedAt,
    },
  };
}

/** Parameters as shown to callers: NoEcho values are masked. */
export const parametersOf = (template: Template, parameters: StackParameters): Parameter[] =>
  [...parameters].map(([ParameterKey, { value, resolved }]) => ({
    ParameterKey,
    ParameterValue: template.Parameters[ParameterKey]?.NoEcho === true ? '****' : value,
    ...(resolved === undefined ? {} : { ResolvedValue: resolved }),
  }));

const ListStacks = operation<ListStacksInput, ListStacksOutput>({
  access: 'read',
  needs: () => [{ action: 'cloudformation:ListStacks', resource: '*' }],
  handle: (input, call) => {
    const wanted = new Set<string>(input.StackStatusFilter ?? []);
    const stacks = [...stacksOf(call.world, call.account, call.region).values()].filter(
      ({ status }) => wanted.size === 0 || wanted.has(status),
    );
    const { items, next } = page(stacks, input.NextToken, PAGE, INVALID_TOKEN);
    return {
      NextToken: next,
      StackSummaries: items.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        TemplateDescription: stack.description,
        CreationTime: stack.createdAt,
        LastUpdatedTime: stack.updatedAt,
        DeletionTime: stack.deletedAt,
        StackStatus: stack.status,
        StackStatusReason: stack.reason,
        DriftInformation: { StackDriftStatus: stack.drift?.status ?? 'NOT_CHECKED' },
      })),
    };
  },
});

const DescribeStackEvents = operation<DescribeStackEventsInput, DescribeStackEventsOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('DescribeStackEvents', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    const { items, next } = page(stack.events.toReversed(), input.NextToken, PAGE, INVALID_TOKEN);
    return {
      NextToken: next,
      StackEvents: items.map((event) => ({
        StackId: stack.id,
        StackName: stack.name,
        EventId: event.id,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: event.at,
        // One list of statuses in the API: the stack's own events carry stack statuses.
        ResourceStatus: event.status as StackResource['status'],
        ResourceStatusReason: event.reason,
        ResourceProperties: event.properties,
        ClientRequestToken: event.token,
      })),
    };
  },
});

const described = (stack: Stack, resource: StackResource) => ({
  StackId: stack.id,
  StackName: stack.name,
  LogicalResourceId: resource.logicalId,
  PhysicalResourceId: resource.physicalId === '' ? undefined : resource.physicalId,
  ResourceType: resource.type,
  Timestamp: resource.updatedAt,
  ResourceStatus: resource.status,
  ResourceStatusReason: resource.reason,
  DriftInformation: { StackResourceDriftStatus: resource.drift ?? 'NOT_CHECKED' },
});

const DescribeStackResources = operation<DescribeStackResourcesInput, DescribeStackResourcesOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('DescribeStackResources', call, input.StackName)],
  handle: (input, call) => {
    const { StackName, LogicalResourceId, PhysicalResourceId } = input;
    const stacks =
      StackName === undefined
        ? [...stacksOf(call.world, call.account, call.region).values()]
        : [stackNamed(call, StackName)];
    if (StackName === undefined && PhysicalResourceId === undefined)
      throw validationError('Either StackName or PhysicalResourceId must be specified.');
    const found = stacks.filter(
      (stack) =>
        PhysicalResourceId === undefined ||
        [...stack.resources.values()].some(({ physicalId }) => physicalId === PhysicalResourceId),
    );
    if (found.length === 0) throw validationError(`Stack for ${PhysicalResourceId ?? ''} does not exist`);
    return {
      StackResources: found.flatMap((stack) =>
        [...stack.resources.values()]
          .filter(({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId)
          .map((resource) => described(stack, resource)),
      ),
    };
  },
});

const DescribeStackResource = operation<DescribeStackResourceInput, DescribeStackResourceOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('DescribeStackResource', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    const resource = stack.resources.get(input.LogicalResourceId ?? '');
    if (resource === undefined)
      throw validationError(`Resource ${input.LogicalResourceId ?? ''} does not exist for stack ${stack.name}`);
    const { Timestamp, ...rest } = described(stack, resource);
    return {
      StackResourceDetail: {
        ...rest,
        LastUpdatedTimestamp: Timestamp,
        Metadata: JSON.stringify(resource.metadata ?? {}),
      },
    };
  },
});

const ListStackResources = operation<ListStackResourcesInput, ListStackResourcesOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('ListStackResources', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    const { items, next } = page([...stack.resources.values()], input.NextToken, PAGE, INVALID_TOKEN);
    return {
      NextToken: next,
      StackResourceSummaries: items.map((resource) => {
        const { StackId: _, StackName: __, Timestamp, ...rest } = described(stack, resource);
        return { ...rest, LastUpdatedTimestamp: Timestamp };
      }),
    };
  },
});

const ListExports = operation<ListExportsInput, ListExportsOutput>({
  access: 'read',
  needs: () => [{ action: 'cloudformation:ListExports', resource: '*' }],
  handle: (input, call) => {
    const { items, next } = page(
      exportsOf(call.world, call.account, call.region),
      input.NextToken,
      PAGE,
      INVALID_TOKEN,
    );
    return {
      Exports: items.map(({ name, value, stack }) => ({ ExportingStackId: stack.id, Name: name, Value: value })),
      NextToken: next,
    };
  },
});

const ListImports = operation<ListImportsInput, ListImportsOutput>({
  access: 'read',
  needs: () => [{ action: 'cloudformation:ListImports', resource: '*' }],
  handle: (input, call) => {
    const importers = importersOf(call.world, call.account, call.region, input.ExportName ?? '');
    if (importers.length === 0)
      throw validationError(`Export '${input.ExportName ?? ''}' is not imported by any stack.`);
    const { items, next } = page(importers, input.NextToken, PAGE, INVALID_TOKEN);
    return { Imports: items.map(({ name }) => name), NextToken: next };
  },
});

export const inspectionOperations: Readonly<Record<string, AnyOperation>> = {
  DescribeStacks,
  ListStacks,
  DescribeStackEvents,
  DescribeStackResources,
  DescribeStackResource,
  ListStackResources,
  ListExports,
  ListImports,
};
