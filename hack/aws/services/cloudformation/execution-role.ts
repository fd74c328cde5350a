// As whom a stack is worked on: its execution role, or whoever called.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import type { Principal } from '../../core/principal.ts';
import { validationError } from './template.ts';

const SERVICE = 'cloudformation.amazonaws.com';

/** Naming a role in a request needs the right to pass it on. */
export const passRoleNeeds = (roleArn: string | undefined): Need[] =>
  roleArn === undefined
    ? []
    : [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': SERVICE } }];

interface Assumed {
  readonly AssumedRoleUser: { readonly Arn: string; readonly AssumedRoleId: string };
}

/** Becomes the execution role as CloudFormation. @throws ValidationError when its trust policy does not let CloudFormation in. */
export async function assumeExecutionRole(call: Call, roleArn: string | undefined): Promise<Principal | undefined> {
  if (roleArn === undefined) return undefined;
  const sessionName = 'AWSCloudFormation';
  try {
    const service: Principal = { kind: 'service', account: call.account, service: SERVICE };
    const { AssumedRoleUser } = await call.invoke<Assumed>(
      'sts',
      'AssumeRole',
      { RoleArn: roleArn, RoleSessionName: sessionName },
      service,
    );
    return {
      kind: 'role-session',
      account: call.account,
      arn: AssumedRoleUser.Arn,
      roleArn,
      roleId: AssumedRoleUser.AssumedRoleId.split(':')[0] ?? '',
      roleName: roleArn.split('/').at(-1) ?? '',
      sessionName,
    };
  } catch (error) {
    if (error instanceof AwsError) throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
    throw error;
  }
}
