// Does to an account and region what `cdk bootstrap --trust ... --cloudformation-execution-policies ...` does.
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import { bootstrapTemplate } from './bootstrap-template.ts';
import { deployed } from './deployment.ts';

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
  return await deployed(client, {
    StackName: options.stackName ?? 'CDKToolkit',
    TemplateBody: bootstrapTemplate,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    Parameters: [
      { ParameterKey: 'Qualifier', ParameterValue: options.qualifier ?? 'hnb659fds' },
      { ParameterKey: 'TrustedAccounts', ParameterValue: (options.trustedAccounts ?? []).join(',') },
      { ParameterKey: 'TrustedAccountsForLookup', ParameterValue: (options.trustedAccountsForLookup ?? []).join(',') },
      {
        ParameterKey: 'CloudFormationExecutionPolicies',
        ParameterValue: (options.executionPolicyArns ?? ['arn:aws:iam::aws:policy/AdministratorAccess']).join(','),
      },
    ],
  });
}
