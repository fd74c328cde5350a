// Does to an account and region what `cdk bootstrap --trust ... --cloudformation-execution-policies ...` does.
import {
  CreateStackCommand,
  UpdateStackCommand,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { bootstrapTemplate } from './bootstrap-template.ts';
import { settled } from './deployment.ts';

export interface BootstrapOptions {
  /** `--qualifier`, default `hnb659fds` as in CDK. */
  readonly qualifier?: string;
  /** `--trust`: account ids whose identities may assume the deploy, publishing and lookup roles. */
  readonly trustedAccounts?: readonly string[];
  /** `--trust-for-lookup` */
  readonly trustedAccountsForLookup?: readonly string[];
  /** `--cloudformation-execution-policies`, default AdministratorAccess. */
  readonly executionPolicyArns?: readonly string[];
  /** `--toolkit-stack-name`, default `CDKToolkit`. */
  readonly stackName?: string;
}

/**
 * Bootstraps the account and region that the client's credentials and configuration name; again with other options updates.
 * @returns the finished stack.
 * @throws Error with the stack's reason when it does not reach CREATE_COMPLETE or UPDATE_COMPLETE.
 */
export async function bootstrap(client: CloudFormationClient, options: BootstrapOptions = {}): Promise<Stack> {
  const StackName = options.stackName ?? 'CDKToolkit';
  const input = {
    StackName,
    TemplateBody: bootstrapTemplate,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    Parameters: [
      { ParameterKey: 'Qualifier', ParameterValue: options.qualifier ?? 'hnb659fds' },
      { ParameterKey: 'TrustedAccounts', ParameterValue: (options.trustedAccounts ?? []).join(',') },
      { ParameterKey: 'TrustedAccountsForLookup', ParameterValue: (options.trustedAccountsForLookup ?? []).join(',') },
      {
        ParameterKey: 'CloudFormationExecutionPolicies',
        ParameterValue: (options.executionPolicyArns ?? ['arn:aws:iam::aws:policy/AdministratorAccess']).join(','),
      },
    ],
  };
  try {
    await client.send(new CreateStackCommand(input));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AlreadyExistsException') throw error;
    await update(client, input);
  }
  const stack = await settled(client, StackName);
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(stack.StackStatus ?? '')) return stack;
  throw new Error(
    `bootstrap stack ${StackName} is ${stack.StackStatus}: ${stack.StackStatusReason ?? 'see its events'}`,
  );
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
