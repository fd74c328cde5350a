// Making stacks and waiting for them through the API, for those who deploy to the simulator (the SDK's waiters look every 30 seconds).
import {
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  type CloudFormationClient,
  type CreateStackCommandInput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between looks; the simulator is quick. */
const POLL_MS = 5;

/** The stack once nothing is under way, whatever came of it. @throws the API's error when it does not exist. */
export async function settled(client: CloudFormationClient, nameOrId: string): Promise<Stack> {
  for (;;) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }));
    if (stack === undefined) throw new Error(`no stack ${nameOrId}`);
    const status = stack.StackStatus ?? '';
    if (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS') return stack;
    await sleep(POLL_MS);
  }
}

/**
 * Makes the stack, or updates the one of that name, as `aws cloudformation deploy` does.
 * @returns the finished stack, also where there was nothing to update.
 * @throws Error with the stack's reason when it does not reach CREATE_COMPLETE or UPDATE_COMPLETE.
 */
export async function deployed(
  client: CloudFormationClient,
  input: CreateStackCommandInput & { readonly StackName: string },
): Promise<Stack> {
  try {
    await client.send(new CreateStackCommand(input));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AlreadyExistsException') throw error;
    await update(client, input);
  }
  const stack = await settled(client, input.StackName);
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(stack.StackStatus ?? '')) return stack;
  throw new Error(`stack ${input.StackName} is ${stack.StackStatus}: ${stack.StackStatusReason ?? 'see its events'}`);
}

async function update(
  client: CloudFormationClient,
  input: ConstructorParameters<typeof UpdateStackCommand>[0],
): Promise<void> {
  try {
    await client.send(new UpdateStackCommand(input));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('No updates are to be performed')) throw error;
  }
}
