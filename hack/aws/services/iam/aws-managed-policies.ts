// The AWS managed policies that the simulator knows. Their ARNs have `aws` for the account.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';

const allow = (actions: readonly string[] | string, resource: string | readonly string[] = '*'): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }],
});

/**
 * Documents shortened to the services of the simulator.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const documents: Readonly<Record<string, PolicyDocument>> = {
  'arn:aws:iam::aws:policy/AdministratorAccess': allow('*'),
  'arn:aws:iam::aws:policy/PowerUserAccess': {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: [
          'iam:CreateServiceLinkedRole',
          'iam:DeleteServiceLinkedRole',
          'iam:ListRoles',
          'organizations:DescribeOrganization',
        ],
        Resource: '*',
      },
    ],
  },
  'arn:aws:iam::aws:policy/ReadOnlyAccess': allow([
    'athena:Get*',
    'athena:List*',
    'athena:BatchGet*',
    'cloudformation:Describe*',
    'cloudformation:Get*',
    'cloudformation:List*',
    'events:Describe*',
    'events:List*',
    'glue:Get*',
    'glue:List*',
    'glue:BatchGet*',
    'iam:Get*',
    'iam:List*',
    'iam:GenerateServiceLastAccessedDetails',
    'iam:SimulatePrincipalPolicy',
    'kms:Describe*',
    'kms:Get*',
    'kms:List*',
    'lakeformation:Get*',
    'lakeformation:List*',
    'lakeformation:Describe*',
    'ram:Get*',
    'ram:List*',
    's3:Get*',
    's3:List*',
    'servicequotas:Get*',
    'servicequotas:List*',
    'sqs:Get*',
    'sqs:List*',
    'ssm:Describe*',
    'ssm:Get*',
    'ssm:List*',
    'sts:GetCallerIdentity',
  ]),
  'arn:aws:iam::aws:policy/SecurityAudit': allow([
    'iam:Get*',
    'iam:List*',
    'kms:List*',
    'kms:Describe*',
    's3:GetBucket*',
    's3:ListAllMyBuckets',
  ]),
  'arn:aws:iam::aws:policy/IAMFullAccess': allow(['iam:*', 'organizations:DescribeOrganization']),
  'arn:aws:iam::aws:policy/AmazonS3FullAccess': allow(['s3:*']),
  'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess': allow(['s3:Get*', 's3:List*', 's3:Describe*']),
  'arn:aws:iam::aws:policy/AmazonAthenaFullAccess': allow([
    'athena:*',
    'glue:Get*',
    'glue:BatchGetPartition',
    'lakeformation:GetDataAccess',
    's3:ListBucket',
  ]),
  'arn:aws:iam::aws:policy/AWSLakeFormationDataAdmin': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'lakeformation:*',
          'glue:*',
          's3:ListBucket',
          's3:GetBucketLocation',
          'iam:ListUsers',
          'iam:ListRoles',
          'iam:GetRole',
          'iam:GetRolePolicy',
        ],
        Resource: '*',
      },
      { Effect: 'Deny', Action: ['lakeformation:PutDataLakeSettings'], Resource: '*' },
    ],
  },
  'arn:aws:iam::aws:policy/AWSLakeFormationCrossAccountManager': allow([
    'ram:CreateResourceShare',
    'ram:UpdateResourceShare',
    'ram:DeleteResourceShare',
    'ram:AssociateResourceShare',
    'ram:DisassociateResourceShare',
    'ram:GetResourceShares',
    'glue:PutResourcePolicy',
    'glue:DeleteResourcePolicy',
    'organizations:Describe*',
    'organizations:List*',
    'ram:Get*',
    'ram:List*',
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole': allow([
    'glue:*',
    's3:GetBucketLocation',
    's3:ListBucket',
    's3:ListAllMyBuckets',
    's3:GetBucketAcl',
    'iam:ListRolePolicies',
    'iam:GetRole',
    'iam:GetRolePolicy',
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
};

export const awsManagedPolicies: ReadonlyMap<string, PolicyDocument> = new Map(Object.entries(documents));
