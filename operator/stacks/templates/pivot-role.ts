// The pivot role and its managed policies, as resources of a stack.
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import { iamArn } from '../../policy/arn.ts';
import type { Statement } from '../../policy/document.ts';

export interface PivotRoleResources {
  readonly name: string;
  readonly policyName: (index: number) => string;
  readonly partition: string;
  readonly hubAccount: string;
  readonly externalId: string;
  /** Patterns of `aws:PrincipalArn`: who of the hub's account. */
  readonly principalPatterns: readonly string[];
  /** One list for each managed policy. */
  readonly policies: readonly (readonly Statement[])[];
}

/** Seconds: the template's limit for the account's own administrators; the operator's sessions last an hour. */
const longestSession = 43_200;

export const addPivotRole = (stack: Stack, resources: PivotRoleResources): CfnRole => {
  const { name, policyName, policies } = resources;
  const role = new CfnRole(stack, 'PivotRole', {
    roleName: name,
    description: 'The data.all operator works in this account as this role',
    maxSessionDuration: longestSession,
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust(resources) },
  });
  policies.forEach((statements, index) => {
    const policy = new CfnManagedPolicy(stack, `PivotRolePolicy${index}`, {
      managedPolicyName: policyName(index),
      policyDocument: { Version: '2012-10-17', Statement: statements },
      roles: [name],
    });
    policy.addResourceDependency(role);
  });
  return role;
};

/**
 * The operator's role by condition and not as principal: IAM would turn a principal into its unique id, and a re-created operator
 * could not come back. The external id is what no other tenant of the operator can make it send.
 */
const trust = (resources: PivotRoleResources): readonly Statement[] => [
  {
    Effect: 'Allow',
    Principal: { AWS: iamArn(resources.partition, resources.hubAccount, 'root') },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'sts:ExternalId': resources.externalId },
      ArnLike: { 'aws:PrincipalArn': [...resources.principalPatterns] },
    },
  },
];
