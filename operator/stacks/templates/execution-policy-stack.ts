// The template of the policy that CloudFormation works with in an account (`cdk bootstrap --cloudformation-execution-policies`), for
// accounts that do not want to give it AdministratorAccess: what our stacks make, by our names, and nothing else.
import { Aws, CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { arnOf, s3Arn } from '../../policy/arn.ts';
import type { Statement } from '../../policy/document.ts';
import { addOutput } from './add-output.ts';

/** Name of the policy, as data.all's documentation has it. */
const policyName = 'DataAllCustomCDKPolicy';

export const addExecutionPolicyTemplate = (stack: Stack): CfnManagedPolicy => {
  const prefix = new CfnParameter(stack, 'EnvironmentResourcePrefix', {
    type: 'String',
    default: 'dataall',
    description: 'Resource prefix of the environments in this account',
    allowedPattern: '[a-z]([a-z-]*[a-z])?',
  }).valueAsString;
  const policy = new CfnManagedPolicy(stack, 'ExecutionPolicy', {
    managedPolicyName: policyName,
    description: 'What CloudFormation may do in stacks of data.all',
    policyDocument: { Version: '2012-10-17', Statement: statements(prefix) },
  });
  addOutput(stack, 'ExecutionPolicyArn', policy.ref);
  return policy;
};

const arn = (service: string, resource: string, region = '*'): string =>
  arnOf({ partition: Aws.PARTITION, service, region, account: Aws.ACCOUNT_ID, resource });

const statements = (prefix: string): readonly Statement[] => [
  ...buckets(prefix),
  ...identities(prefix),
  ...workgroups(prefix),
  ...accountEvents(prefix),
  ...keys(prefix),
  ...databases(),
];

const buckets = (prefix: string): readonly Statement[] => [
  {
    Sid: 'Buckets',
    Effect: 'Allow',
    Action: [
      's3:CreateBucket',
      's3:DeleteBucket*',
      's3:GetBucket*',
      's3:GetEncryptionConfiguration',
      's3:GetLifecycleConfiguration',
      's3:PutBucket*',
      's3:PutEncryptionConfiguration',
      's3:PutLifecycleConfiguration',
      's3:ListBucket',
    ],
    Resource: s3Arn(Aws.PARTITION, `${prefix}-*`),
  },
];

const identities = (prefix: string): readonly Statement[] => [
  {
    Sid: 'Roles',
    Effect: 'Allow',
    Action: [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:DeleteRolePermissionsBoundary',
      'iam:DeleteRolePolicy',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:PutRolePermissionsBoundary',
      'iam:PutRolePolicy',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole',
    ],
    Resource: [arn('iam', `role/${prefix}-*`, ''), arn('iam', 'role/dataallPivotRole*', '')],
  },
  {
    // To roles that teams bring, too; only policies of ours.
    Sid: 'AttachPolicies',
    Effect: 'Allow',
    Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    Resource: arn('iam', 'role/*', ''),
    Condition: { ArnLike: { 'iam:PolicyARN': arn('iam', `policy/${prefix}-*`, '') } },
  },
  {
    Sid: 'Policies',
    Effect: 'Allow',
    Action: [
      'iam:CreatePolicy',
      'iam:CreatePolicyVersion',
      'iam:DeletePolicy',
      'iam:DeletePolicyVersion',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:ListEntitiesForPolicy',
      'iam:ListPolicyVersions',
      'iam:TagPolicy',
      'iam:UntagPolicy',
    ],
    Resource: arn('iam', `policy/${prefix}-*`, ''),
  },
];

const workgroups = (prefix: string): readonly Statement[] => [
  {
    Sid: 'Workgroups',
    Effect: 'Allow',
    Action: [
      'athena:CreateWorkGroup',
      'athena:DeleteWorkGroup',
      'athena:GetWorkGroup',
      'athena:ListTagsForResource',
      'athena:TagResource',
      'athena:UntagResource',
      'athena:UpdateWorkGroup',
    ],
    Resource: arn('athena', `workgroup/${prefix}-*`),
  },
];

/** The rules that pass news of an account on, and the queue they go to. */
const accountEvents = (prefix: string): readonly Statement[] => [
  {
    Sid: 'Queues',
    Effect: 'Allow',
    Action: [
      'sqs:CreateQueue',
      'sqs:DeleteQueue',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ListQueueTags',
      'sqs:SetQueueAttributes',
      'sqs:TagQueue',
      'sqs:UntagQueue',
    ],
    Resource: arn('sqs', `${prefix}-*`),
  },
  {
    Sid: 'Rules',
    Effect: 'Allow',
    Action: [
      'events:DeleteRule',
      'events:DescribeRule',
      'events:ListTagsForResource',
      'events:ListTargetsByRule',
      'events:PutRule',
      'events:PutTargets',
      'events:RemoveTargets',
      'events:TagResource',
      'events:UntagResource',
    ],
    Resource: arn('events', `rule/${prefix}-*`),
  },
];

/** A key has no name: what is made carries our tag, and only what carries it is changed. */
const keys = (prefix: string): readonly Statement[] => [
  {
    Sid: 'CreateKeys',
    Effect: 'Allow',
    Action: ['kms:CreateKey', 'kms:TagResource'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:RequestTag/dataall': 'True' } },
  },
  {
    // What CloudFormation does to a key right after making it, when its tag may not count yet (up to five minutes:
    // https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html). Harmless to other keys: the alias has to be one
    // of ours (KeyAliases), and to the pivot role an alias of ours opens no key without our tag.
    Sid: 'NewKeys',
    Effect: 'Allow',
    Action: [
      'kms:CreateAlias',
      'kms:DeleteAlias',
      'kms:DescribeKey',
      'kms:EnableKeyRotation',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListResourceTags',
    ],
    Resource: arn('kms', 'key/*'),
  },
  {
    Sid: 'Keys',
    Effect: 'Allow',
    Action: [
      'kms:PutKeyPolicy',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateAlias',
      'kms:UpdateKeyDescription',
    ],
    Resource: arn('kms', 'key/*'),
    Condition: { StringEquals: { 'aws:ResourceTag/dataall': 'True' } },
  },
  {
    Sid: 'KeyAliases',
    Effect: 'Allow',
    Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
    Resource: arn('kms', `alias/${prefix}-*`),
  },
  { Sid: 'FindKeyAliases', Effect: 'Allow', Action: 'kms:ListAliases', Resource: '*' },
];

const databases = (): readonly Statement[] => [
  {
    Sid: 'Databases',
    Effect: 'Allow',
    Action: ['glue:CreateDatabase', 'glue:DeleteDatabase', 'glue:GetDatabase', 'glue:UpdateDatabase'],
    Resource: ['catalog', 'database/*', 'table/*', 'userDefinedFunction/*'].map((part) => arn('glue', part)),
  },
];
