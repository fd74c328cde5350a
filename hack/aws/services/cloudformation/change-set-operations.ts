// Change sets: what would happen, looked at before it does.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
import type {
  CreateChangeSetInput,
  CreateChangeSetOutput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  DescribeChangeSetOutput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
  ListChangeSetsOutput,
} from '@aws-sdk/client-cloudformation';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { tagList } from '../../core/tagging.ts';
import { changesTo } from './changes.ts';
import { createStack, start, updateStack } from './engine.ts';
import { assumeExecutionRole, passRoleNeeds } from './execution-role.ts';
import { parametersOf } from './inspection-operations.ts';
import { step } from './pace.ts';
import { findStack, setStackStatus, stackNamed, stackNeed, stacksOf, type ChangeSet, type Stack } from './stack.ts';
import {
  beginCreate,
  beginUpdate,
  isChange,
  newStack,
  refuseUnlessUpdatable,
  requestContext,
} from './stack-operations.ts';
import { targetOf } from './target.ts';
import { prepareUpdate } from './update-target.ts';
import { parseTemplate, validationError } from './template.ts';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html pages its changes. */
const CHANGES_PAGE = 100;

const CreateChangeSet = operation<CreateChangeSetInput, CreateChangeSetOutput>({
  access: 'write',
  needs: (input, call) => [
    stackNeed('CreateChangeSet', call, input.StackName, {
      ...requestContext(input),
      'cloudformation:ChangeSetName': input.ChangeSetName ?? '',
    }),
    ...passRoleNeeds(input.RoleARN),
  ],
  handle: async (input, call) => {
    if (input.ChangeSetType === 'IMPORT') throw notImplemented('change sets of type IMPORT');
    const stack = stackFor(call, input);
    const name = input.ChangeSetName ?? '';
    if ([...stack.changeSets.values()].some((existing) => existing.name === name)) {
      throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
    }
    const target = await prepareUpdate(call, stack, input);
    const roleArn = input.RoleARN ?? stack.roleArn;
    const isEmpty = stack.status !== 'REVIEW_IN_PROGRESS' && !isChange(call, stack, target);
    const changeSet: ChangeSet = {
      id: `arn:aws:cloudformation:${call.region}:${call.account}:changeSet/${name}/${crypto.randomUUID()}`,
      name,
      type: stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
      ...(input.Description === undefined ? {} : { description: input.Description }),
      createdAt: new Date(call.world.clock.now()),
      design: target.design,
      ...(roleArn === undefined ? {} : { roleArn }),
      capabilities: input.Capabilities ?? [],
      changes: changesTo(call, stack, target),
      status: 'CREATE_IN_PROGRESS',
      execution: 'UNAVAILABLE',
    };
    if (!stacksOf(call.world, call.account, call.region).has(stack.id)) {
      stacksOf(call.world, call.account, call.region).set(stack.id, stack);
      setStackStatus(call.world, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    }
    stack.changeSets.set(changeSet.id, changeSet);
    start({ call, stack, as: undefined }, async () => {
      await step(call.world);
      changeSet.status = isEmpty ? 'FAILED' : 'CREATE_COMPLETE';
      changeSet.execution = isEmpty ? 'UNAVAILABLE' : 'AVAILABLE';
      if (isEmpty) changeSet.reason = NO_CHANGES;
    });
    return { Id: changeSet.id, StackId: stack.id };
  },
});

/** CREATE makes a stack to be reviewed, UPDATE needs one that can be updated. */
function stackFor(call: Call, input: CreateChangeSetInput): Stack {
  const stack = findStack(call, input.StackName);
  if (input.ChangeSetType === 'CREATE') {
    if (stack === undefined) return newStack(call, input.StackName ?? '');
    if (stack.status === 'REVIEW_IN_PROGRESS') return stack;
    throw validationError(
      `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName ?? ''}].`,
    );
  }
  const existing = stackNamed(call, input.StackName);
  refuseUnlessUpdatable(existing);
  return existing;
}

interface ChangeSetReference {
  readonly StackName?: string | undefined;
  readonly ChangeSetName?: string | undefined;
}

/** By ARN, or by name together with its stack. */
function findChangeSet(
  call: Call,
  { StackName, ChangeSetName = '' }: ChangeSetReference,
): { stack: Stack; changeSet: ChangeSet } {
  const stacks =
    StackName === undefined
      ? [...stacksOf(call.world, call.account, call.region).values()]
      : [stackNamed(call, StackName)];
  for (const stack of stacks) {
    for (const changeSet of stack.changeSets.values()) {
      if (changeSet.id === ChangeSetName || (StackName !== undefined && changeSet.name === ChangeSetName))
        return { stack, changeSet };
    }
  }
  throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${ChangeSetName}] does not exist`);
}

const changeSetNeed = (action: string, call: Call, input: ChangeSetReference) => {
  const owner =
    input.StackName ??
    [...stacksOf(call.world, call.account, call.region).values()].find(({ changeSets }) =>
      changeSets.has(input.ChangeSetName ?? ''),
    )?.id;
  const name = input.ChangeSetName?.startsWith('arn:') ? input.ChangeSetName.split('/')[1] : input.ChangeSetName;
  return stackNeed(action, call, owner, { 'cloudformation:ChangeSetName': name ?? '' });
};

const DescribeChangeSet = operation<DescribeChangeSetInput, DescribeChangeSetOutput>({
  access: 'read',
  needs: (input, call) => [changeSetNeed('DescribeChangeSet', call, input)],
  handle: (input, call) => {
    const { stack, changeSet } = findChangeSet(call, input);
    const { items, next } = page(changeSet.changes, input.NextToken, CHANGES_PAGE, 'ValidationError');
    return {
      ...summary(stack, changeSet),
      Parameters: parametersOf(parseTemplate(changeSet.design.templateBody), changeSet.design.parameters),
      Tags: tagList(changeSet.design.tags),
      Capabilities: [...changeSet.capabilities],
      Changes: items,
      NextToken: next,
    };
  },
});

const summary = (stack: Stack, changeSet: ChangeSet) => ({
  ChangeSetId: changeSet.id,
  ChangeSetName: changeSet.name,
  StackId: stack.id,
  StackName: stack.name,
  Description: changeSet.description,
  CreationTime: changeSet.createdAt,
  Status: changeSet.status,
  StatusReason: changeSet.reason,
  ExecutionStatus: changeSet.execution,
});

const ListChangeSets = operation<ListChangeSetsInput, ListChangeSetsOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('ListChangeSets', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    const { items, next } = page([...stack.changeSets.values()], input.NextToken, CHANGES_PAGE, 'ValidationError');
    return { Summaries: items.map((changeSet) => summary(stack, changeSet)), NextToken: next };
  },
});

const DeleteChangeSet = operation<DeleteChangeSetInput, object>({
  access: 'write',
  needs: (input, call) => [changeSetNeed('DeleteChangeSet', call, input)],
  handle: (input, call) => {
    const { stack, changeSet } = findChangeSet(call, input);
    if (changeSet.execution === 'EXECUTE_IN_PROGRESS') {
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be deleted in its current execution status: ${changeSet.execution}`,
        { status: 400 },
      );
    }
    stack.changeSets.delete(changeSet.id);
    return {};
  },
});

const ExecuteChangeSet = operation<ExecuteChangeSetInput, object>({
  access: 'write',
  needs: (input, call) => [changeSetNeed('ExecuteChangeSet', call, input)],
  handle: async (input, call) => {
    const { stack, changeSet } = findChangeSet(call, input);
    refuseUnlessExecutable(changeSet);
    if (changeSet.type === 'UPDATE') refuseUnlessUpdatable(stack);
    const as = await assumeExecutionRole(call, changeSet.roleArn);
    refuseUnlessExecutable(changeSet);
    if (input.ClientRequestToken === undefined) delete stack.token;
    else stack.token = input.ClientRequestToken;
    if (changeSet.roleArn !== undefined) stack.roleArn = changeSet.roleArn;
    stack.capabilities = changeSet.capabilities;
    stack.disableRollback = input.DisableRollback ?? false;
    const target = targetOf(call, stack, changeSet.design);
    changeSet.execution = 'EXECUTE_IN_PROGRESS';
    // API_ExecuteChangeSet: the stack's other change sets no longer fit it and go.
    for (const { id } of stack.changeSets.values()) if (id !== changeSet.id) stack.changeSets.delete(id);
    if (changeSet.type === 'CREATE') beginCreate(call, stack, target);
    else beginUpdate(call, stack);
    start({ call, stack, as }, async (run) => {
      if (changeSet.type === 'CREATE')
        await createStack(run, target, stack.disableRollback ? 'DO_NOTHING' : 'ROLLBACK');
      else await updateStack(run, target);
      changeSet.execution = /^(CREATE|UPDATE)_COMPLETE$/.test(stack.status) ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
    });
    return {};
  },
});

function refuseUnlessExecutable(changeSet: ChangeSet): void {
  if (changeSet.execution === 'AVAILABLE') return;
  throw new AwsError(
    'InvalidChangeSetStatus',
    `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}] and execution status of [${changeSet.execution}]`,
    { status: 400 },
  );
}

export const changeSetOperations: Readonly<Record<string, AnyOperation>> = {
  CreateChangeSet,
  DescribeChangeSet,
  ListChangeSets,
  DeleteChangeSet,
  ExecuteChangeSet,
};
