// The Athena workgroup and the role of one group, as resources of a stack.
import type { Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { iamArn, partitionInArn } from '../../policy/arn.ts';
import { addOutput } from './add-output.ts';
import { teamPolicyName } from '../../resources/names.ts';
import { spreadOverPolicies } from './spread-over-policies.ts';
import { stackOutputs, type GroupResources } from '../stack-props.ts';
import { teamRoleServices, teamRoleStatements } from './team-role-statements.ts';

export interface GroupPlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
}

export const addGroupResources = (stack: Stack, place: GroupPlace, group: GroupResources): void => {
  addWorkgroup(stack, group);
  addOutput(stack, stackOutputs.workgroup, group.workgroup);
  const roleName = group.importedRoleArn?.split('/').at(-1) ?? group.roleName ?? '';
  const roleArn = group.importedRoleArn ?? iamArn(place.partition, place.account, `role/${roleName}`);
  const role = group.importedRoleArn === undefined ? addRole(stack, roleName, group) : undefined;
  spreadOverPolicies(teamRoleStatements({ ...place, roleArn }, group)).forEach((statements, index) => {
    const policy = new CfnManagedPolicy(stack, `RolePolicy${index}`, {
      managedPolicyName: teamPolicyName(group.roleName ?? `${place.prefix}-${roleName}`, index),
      policyDocument: { Version: '2012-10-17', Statement: statements },
      roles: [roleName],
    });
    if (role !== undefined) policy.addResourceDependency(role);
  });
  addOutput(stack, stackOutputs.roleArn, role?.attrArn ?? roleArn);
  if (role !== undefined) addOutput(stack, stackOutputs.roleId, role.attrRoleId);
};

const addRole = (stack: Stack, roleName: string, { group, pivotRoleArn }: GroupResources): CfnRole =>
  new CfnRole(stack, 'Role', {
    roleName,
    description: `Members of ${printable(group)} work as this role`,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: [...teamRoleServices] }, Action: 'sts:AssumeRole' },
        {
          Effect: 'Allow',
          Principal: {
            AWS: iamArn(partitionInArn(pivotRoleArn), pivotRoleArn.split(':')[4] ?? '', 'root'),
          },
          Action: 'sts:AssumeRole',
          Condition: { ArnEquals: { 'aws:PrincipalArn': pivotRoleArn } },
        },
      ],
    },
  });

const addWorkgroup = (stack: Stack, { workgroup, environmentBucket }: GroupResources): CfnWorkGroup =>
  new CfnWorkGroup(stack, 'Workgroup', {
    name: workgroup,
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: false,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${environmentBucket}/athenaqueries/${workgroup}/`,
        encryptionConfiguration: { encryptionOption: 'SSE_S3' },
      },
    },
  });

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: descriptions are Latin-1 without controls. */
const printable = (text: string): string => text.replace(/[^\u0020-\u007E\u00A1-\u00FF]/g, '_');
