// Stacks: create, update, delete, continue a rollback, protect.
import type {
  ContinueUpdateRollbackInput,
  CreateStackInput,
  CreateStackOutput,
  DeleteStackInput,
  UpdateStackInput,
  UpdateStackOutput,
  UpdateTerminationProtectionInput,
  UpdateTerminationProtectionOutput,
} from '@aws-sdk/client-cloudformation';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { operation, type Call, type RequestContext, type AnyOperation } from '../../core/operation.ts';
import { requestTagContext } from '../../core/tagging.ts';
import { changesTo, hasOutputChanges } from './changes.ts';
import { createStack, deleteStack, rollBackUpdate, start, updateStack, type OnFailure } from './engine.ts';
import { assumeExecutionRole, passRoleNeeds } from './execution-role.ts';
import {
  findStack,
  refuseWhileBusy,
  setStackStatus,
  stackArn,
  stackNamed,
  stackNeed,
  stacksOf,
  type Stack,
} from './stack.ts';
import { prepareTarget, toTagMap, type Target } from './target.ts';
import { prepareUpdate } from './update-target.ts';
import { templateBodyOf } from './template-source.ts';
import { parseTemplate, validationError } from './template.ts';

/** Members that change nothing here are accepted; the rest are refused by name. */
function refuseUnsupported(input: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(input) as [string, unknown][]) {
    const isSet = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (isSet && names.includes(name)) throw notImplemented(`${name} of a CloudFormation stack`);
  }
}

const UNSUPPORTED = [
  'NotificationARNs',
  'RollbackConfiguration',
  'StackPolicyBody',
  'StackPolicyURL',
  'RetainExceptOnCreate',
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html: condition keys. */
export function requestContext(input: {
  RoleARN?: string | undefined;
  TemplateURL?: string | undefined;
  Tags?: readonly object[] | undefined;
}): RequestContext {
  return {
    ...(input.RoleARN === undefined ? {} : { 'cloudformation:RoleArn': input.RoleARN }),
    ...(input.TemplateURL === undefined ? {} : { 'cloudformation:TemplateUrl': input.TemplateURL }),
    ...requestTagContext(input.Tags),
  };
}

/** A stack that has no resources yet. It is remembered once it gets its first status. */
export function newStack(call: Call, name: string): Stack {
  if (!/^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  return {
    id: stackArn(call, name),
    name,
    account: call.account,
    region: call.region,
    createdAt: new Date(call.world.clock.now()),
    status: 'REVIEW_IN_PROGRESS',
    design: { templateBody: '', parameters: new Map(), tags: new Map() },
    capabilities: [],
    disableRollback: false,
    terminationProtection: false,
    outputs: [],
    imports: new Set(),
    resources: new Map(),
    events: [],
    changeSets: new Map(),
  };
}

const CreateStack = operation<CreateStackInput, CreateStackOutput>({
  access: 'write',
  needs: (input, call) => [
    stackNeed('CreateStack', call, input.StackName, requestContext(input)),
    ...passRoleNeeds(input.RoleARN),
  ],
  handle: async (input, call) => {
    refuseUnsupported(input, UNSUPPORTED);
    const name = input.StackName ?? '';
    if (findStack(call, name) !== undefined)
      throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    const stack = newStack(call, name);
    const target = await prepareTarget(call, stack, {
      templateBody: await templateBodyOf(call, input),
      parameters: input.Parameters ?? [],
      previous: new Map(),
      tags: toTagMap(input.Tags),
      capabilities: input.Capabilities ?? [],
    });
    const as = await assumeExecutionRole(call, input.RoleARN);
    if (findStack(call, name) !== undefined)
      throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    stacksOf(call.world, call.account, call.region).set(stack.id, stack);
    if (input.ClientRequestToken !== undefined) stack.token = input.ClientRequestToken;
    stack.disableRollback = input.DisableRollback ?? false;
    if (input.RoleARN !== undefined) stack.roleArn = input.RoleARN;
    stack.capabilities = input.Capabilities ?? [];
    const onFailure: OnFailure = input.OnFailure ?? (input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK');
    beginCreate(call, stack, target);
    start({ call, stack, as }, (run) => createStack(run, target, onFailure));
    return { StackId: stack.id };
  },
});

/** The new design is in force from now on. */
export function beginCreate(call: Call, stack: Stack, target: Target): void {
  stack.design = target.design;
  if (target.template.Description !== undefined) stack.description = target.template.Description;
  setStackStatus(call.world, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
}

/** Statuses an update may begin from. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-status-codes.html */
const UPDATABLE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE']);

export function refuseUnlessUpdatable(stack: Stack): void {
  refuseWhileBusy(stack);
  if (!UPDATABLE.has(stack.status))
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** An update may keep what it does not mention: tags, role, capabilities. */
const UpdateStack = operation<UpdateStackInput, UpdateStackOutput>({
  access: 'write',
  needs: (input, call) => [
    stackNeed('UpdateStack', call, input.StackName, requestContext(input)),
    ...passRoleNeeds(input.RoleARN),
  ],
  handle: async (input, call) => {
    refuseUnsupported(input, [
      ...UNSUPPORTED,
      'StackPolicyDuringUpdateBody',
      'StackPolicyDuringUpdateURL',
      'DisableRollback',
    ]);
    const stack = stackNamed(call, input.StackName);
    refuseUnlessUpdatable(stack);
    const target = await prepareUpdate(call, stack, input);
    if (!isChange(call, stack, target)) throw validationError('No updates are to be performed.');
    const roleArn = input.RoleARN ?? stack.roleArn;
    const as = await assumeExecutionRole(call, roleArn);
    refuseUnlessUpdatable(stack);
    if (input.ClientRequestToken === undefined) delete stack.token;
    else stack.token = input.ClientRequestToken;
    if (roleArn !== undefined) stack.roleArn = roleArn;
    stack.capabilities = input.Capabilities ?? [];
    beginUpdate(call, stack);
    start({ call, stack, as }, (run) => updateStack(run, target));
    return { StackId: stack.id };
  },
});

export function beginUpdate(call: Call, stack: Stack): void {
  stack.updatedAt = new Date(call.world.clock.now());
  setStackStatus(call.world, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
}

/** Whether anything would be done: to resources, or to outputs. */
export const isChange = (call: Call, stack: Stack, target: Target): boolean =>
  changesTo(call, stack, target).length > 0 ||
  hasOutputChanges(stack, parseTemplate(stack.design.templateBody), target);

const DeleteStack = operation<DeleteStackInput, object>({
  access: 'write',
  needs: (input, call) => [
    stackNeed('DeleteStack', call, input.StackName, requestContext({ RoleARN: input.RoleARN })),
    ...passRoleNeeds(input.RoleARN),
  ],
  handle: async (input, call) => {
    const stack = findStack(call, input.StackName);
    // Deleting what is not there, or is already being deleted, is fine.
    if (stack === undefined || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
    if (stack.terminationProtection)
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    refuseWhileBusy(stack, 'deleted');
    const retain = new Set(input.RetainResources ?? []);
    if (retain.size > 0 && stack.status !== 'DELETE_FAILED') {
      throw validationError(
        `Invalid operation on stack [${stack.name}]. RetainResources can only be specified for stacks in the DELETE_FAILED state.`,
      );
    }
    const as = await assumeExecutionRole(call, input.RoleARN ?? stack.roleArn);
    if (input.ClientRequestToken === undefined) delete stack.token;
    else stack.token = input.ClientRequestToken;
    setStackStatus(call.world, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
    start({ call, stack, as }, (run) => deleteStack(run, retain));
    return {};
  },
});

const ContinueUpdateRollback = operation<ContinueUpdateRollbackInput, object>({
  access: 'write',
  needs: (input, call) => [
    stackNeed('ContinueUpdateRollback', call, input.StackName, requestContext({ RoleARN: input.RoleARN })),
    ...passRoleNeeds(input.RoleARN),
  ],
  handle: async (input, call) => {
    const stack = stackNamed(call, input.StackName);
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
    }
    const as = await assumeExecutionRole(call, input.RoleARN ?? stack.roleArn);
    setStackStatus(call.world, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
    start({ call, stack, as }, (run) => rollBackUpdate(run, new Set(input.ResourcesToSkip ?? [])));
    return {};
  },
});

const UpdateTerminationProtection = operation<UpdateTerminationProtectionInput, UpdateTerminationProtectionOutput>({
  access: 'write',
  needs: (input, call) => [stackNeed('UpdateTerminationProtection', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    return { StackId: stack.id };
  },
});

export const stackOperations: Readonly<Record<string, AnyOperation>> = {
  CreateStack,
  UpdateStack,
  DeleteStack,
  ContinueUpdateRollback,
  UpdateTerminationProtection,
};
