// What mends a denial: which of several policies has to let a call through differs by service, and AWS's own words tell some of it.
import type { FailedCall } from './call.ts';

/** What the role of the operator does with a key that it is told to share. */
export const KEY_ACTIONS = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListResourceTags', 'kms:PutKeyPolicy'] as const;

/** One sentence or two. @param action as IAM calls it @param reason AWS's words */
export const deniedAdvice = ({ service, operation, account }: FailedCall, action: string, reason: string): string => {
  const role = `the role used in account ${account}`;
  const elsewhere = 'look for a service control policy, permissions boundary or explicit Deny';
  if (/iam:PassRole|not authorized to perform: iam:/i.test(reason) && service !== 'iam')
    return `Let ${role} do what AWS names (${operation} does it, too): update its stack or template, and ${elsewhere}.`;
  switch (service) {
    case 'kms':
      // https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
      return `Where the key's policy does not leave it to IAM, add to the key's policy a statement that lets ${role} do ${KEY_ACTIONS.join(', ')}; else let the role do ${action}. If the key was made within the last five minutes, nothing: its alias and tags do not count before, and it is tried again.`;
    case 's3':
    case 's3control':
      return `Take out of the policy of the bucket or access point what denies ${role} ${action}; where none does, update the stack or template of the role, and look for a service control policy or permissions boundary.`;
    case 'lakeformation':
    case 'glue':
      return /lake formation permission/i.test(reason)
        ? `Make ${role} a data lake administrator again: in Lake Formation, not in IAM, it lacks the right.`
        : `Let ${role} do ${action}: update its stack or template, and ${elsewhere}.`;
    case 'cloudformation':
      return `Let the deploy role of the CDK bootstrap stack in account ${account} do ${action}: bootstrap the account again, trusting the operator's account, and ${elsewhere}.`;
    default:
      return `Let ${role} do ${action}: update its stack or template, and ${elsewhere}.`;
  }
};
