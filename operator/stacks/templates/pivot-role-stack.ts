// The template of the pivot role that an account's administrator deploys by hand (pivotRole.mode Existing). Everything is a parameter.
import { Aws, CfnParameter, type Stack } from 'aws-cdk-lib';
import { iamArn } from '../../policy/arn.ts';
import { addOutput } from './add-output.ts';
import { addPivotRole } from './pivot-role.ts';
import { pivotPolicyName, pivotRoleStatements, type PivotRoleScope } from './pivot-role-statements.ts';
import { spreadOverPolicies } from './spread-over-policies.ts';

/** As long as parameters may become, for counting characters: statements are spread before their values are known. */
const longest: PivotRoleScope = {
  partition: 'aws-us-gov',
  account: '111111111111',
  prefix: 'p'.repeat(20),
  roleName: 'r'.repeat(64),
  imported: 'all',
};

export const addPivotRoleTemplate = (stack: Stack): void => {
  const parameter = (id: string, description: string, pattern?: string): string =>
    new CfnParameter(stack, id, {
      type: 'String',
      description,
      ...(pattern === undefined ? {} : { allowedPattern: pattern }),
    }).valueAsString;
  const hubAccount = parameter(
    'AwsAccountId',
    'AWS account id of the data.all operator, which is trusted',
    '[0-9]{12}',
  );
  const operator = parameter(
    'OperatorName',
    'Name of the IAM role (or user) of the data.all operator in its account; nobody else there is trusted',
    '[A-Za-z0-9_+=,.@-]+',
  );
  const externalId = parameter('ExternalId', "External id shown in the Environment's status");
  const name = parameter('PivotRoleName', 'Name of the role');
  const prefix = parameter('EnvironmentResourcePrefix', 'Resource prefix of the environment', '[a-z]([a-z-]*[a-z])?');
  const statements = pivotRoleStatements({
    partition: Aws.PARTITION,
    account: Aws.ACCOUNT_ID,
    prefix,
    roleName: name,
    imported: 'all',
  });
  let taken = 0;
  const policies = spreadOverPolicies(pivotRoleStatements(longest)).map(({ length }) => {
    taken += length;
    return statements.slice(taken - length, taken);
  });
  const role = addPivotRole(stack, {
    name,
    policyName: (index) => pivotPolicyName.existing(prefix, index),
    partition: Aws.PARTITION,
    hubAccount,
    // The ARN of a session does not show the path of its role.
    principalPatterns: [iamArn(Aws.PARTITION, hubAccount, `*/${operator}`)],
    externalId,
    policies,
  });
  addOutput(stack, 'PivotRoleOutput', role.ref, `${Aws.STACK_NAME}-PivotRole`);
};
