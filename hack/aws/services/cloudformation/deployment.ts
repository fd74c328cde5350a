// Waiting for stacks through the API, for those who deploy to the simulator (the SDK's waiters look every 30 seconds).
import { DescribeStacksCommand, type CloudFormationClient, type Stack } from '@aws-sdk/client-cloudformation';
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
