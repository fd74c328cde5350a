// What the members of a group may do in AWS as their role: their workgroup, their data, and what carries their Team tag. Pure.
import { arnOf, s3Arn } from '../../policy/arn.ts';
import type { Statement } from '../../policy/document.ts';
import { ownershipTagNames, tagValue } from '../stack-tags.ts';
import type { GroupResources } from '../stack-props.ts';

export interface TeamRoleScope {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
  readonly roleArn: string;
}

/** Services that work as the role, and to which it may pass itself. */
export const teamRoleServices = [
  'databrew.amazonaws.com',
  'glue.amazonaws.com',
  'lambda.amazonaws.com',
  'sagemaker.amazonaws.com',
  'states.amazonaws.com',
] as const;

export const teamRoleStatements = (scope: TeamRoleScope, group: GroupResources): readonly Statement[] => [
  ...(group.mayQuery ? queries(scope, group) : []),
  ...environmentBucket(scope, group),
  ...catalog(scope, group),
  ...ownedBuckets(scope, group),
  ...tagged(scope, group),
  ...inspection(scope, group),
];

const queries = ({ partition, account, region }: TeamRoleScope, { workgroup }: GroupResources): Statement[] => [
  {
    Sid: 'OwnWorkgroup',
    Effect: 'Allow',
    Action: [
      'athena:BatchGet*',
      'athena:CreateNamedQuery',
      'athena:CreatePreparedStatement',
      'athena:DeleteNamedQuery',
      'athena:DeletePreparedStatement',
      'athena:GetNamedQuery',
      'athena:GetPreparedStatement',
      'athena:GetQuery*',
      'athena:GetWorkGroup',
      'athena:ListNamedQueries',
      'athena:ListPreparedStatements',
      'athena:ListQueryExecutions',
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'athena:UpdateNamedQuery',
      'athena:UpdatePreparedStatement',
    ],
    Resource: arnOf({ partition, service: 'athena', region, account, resource: `workgroup/${workgroup}` }),
  },
  {
    Sid: 'BrowseQueries',
    Effect: 'Allow',
    Action: [
      'athena:GetDataCatalog',
      'athena:GetDatabase',
      'athena:GetTableMetadata',
      'athena:ListDataCatalogs',
      'athena:ListDatabases',
      'athena:ListEngineVersions',
      'athena:ListTableMetadata',
      'athena:ListWorkGroups',
    ],
    Resource: '*',
  },
];

const environmentBucket = (
  { partition }: TeamRoleScope,
  { environmentBucket: bucket, workgroup, mayQuery }: GroupResources,
): Statement[] => {
  const arn = s3Arn(partition, bucket);
  const results = `athenaqueries/${workgroup}/`;
  const profiling = 'profiling/code/';
  return [
    { Sid: 'EnvironmentBucket', Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: arn },
    {
      Sid: 'ListOwnPrefixes',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: arn,
      Condition: { StringLike: { 's3:prefix': [...(mayQuery ? [`${results}*`] : []), `${profiling}*`] } },
    },
    { Sid: 'ProfilingCode', Effect: 'Allow', Action: 's3:GetObject', Resource: `${arn}/${profiling}*` },
    ...(mayQuery
      ? [
          {
            Sid: 'QueryResults',
            Effect: 'Allow' as const,
            Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
            Resource: `${arn}/${results}*`,
          },
        ]
      : []),
  ];
};

/** Lake Formation decides about each table; the IAM side only lets the question be asked. */
const catalog = (
  { partition, account, region }: TeamRoleScope,
  { owned: { databases } }: GroupResources,
): Statement[] => {
  const glue = (part: string): string => arnOf({ partition, service: 'glue', region, account, resource: part });
  return [
    {
      Sid: 'ReadCatalog',
      Effect: 'Allow',
      Action: [
        'glue:BatchGetPartition',
        'glue:GetDatabase',
        'glue:GetDatabases',
        'glue:GetPartition',
        'glue:GetPartitions',
        'glue:GetTable',
        'glue:GetTableVersions',
        'glue:GetTables',
        'glue:SearchTables',
      ],
      Resource: [glue('catalog'), glue('database/*'), glue('table/*')],
    },
    { Sid: 'LakeFormationData', Effect: 'Allow', Action: 'lakeformation:GetDataAccess', Resource: '*' },
    ...(databases.length === 0
      ? []
      : [
          {
            Sid: 'OwnTables',
            Effect: 'Allow' as const,
            Action: [
              'glue:BatchCreatePartition',
              'glue:BatchDeletePartition',
              'glue:BatchUpdatePartition',
              'glue:CreatePartition',
              'glue:CreateTable',
              'glue:DeletePartition',
              'glue:DeleteTable',
              'glue:UpdatePartition',
              'glue:UpdateTable',
            ],
            Resource: [
              glue('catalog'),
              ...databases.flatMap((name) => [glue(`database/${name}`), glue(`table/${name}/*`)]),
            ],
          },
        ]),
  ];
};

const ownedBuckets = ({ partition }: TeamRoleScope, { owned: { buckets, keyArns } }: GroupResources): Statement[] => [
  ...(buckets.length === 0
    ? []
    : [
        {
          Sid: 'OwnBuckets',
          Effect: 'Allow' as const,
          Action: [
            's3:AbortMultipartUpload',
            's3:DeleteObject',
            's3:DeleteObjectVersion',
            's3:GetBucketLocation',
            's3:GetObject',
            's3:GetObjectAttributes',
            's3:GetObjectTagging',
            's3:GetObjectVersion',
            's3:ListBucket',
            's3:ListBucketMultipartUploads',
            's3:ListBucketVersions',
            's3:ListMultipartUploadParts',
            's3:PutObject',
            's3:PutObjectTagging',
          ],
          Resource: buckets.flatMap((name) => [s3Arn(partition, name), s3Arn(partition, `${name}/*`)]),
        },
      ]),
  ...(keyArns.length === 0
    ? []
    : [
        {
          Sid: 'OwnKeys',
          Effect: 'Allow' as const,
          Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
          Resource: [...keyArns],
        },
      ]),
];

/**
 * What a team makes for itself carries its Team tag from the first moment; what is not tagged is denied, and what is another team's
 * cannot be tagged anew. The account's consent (`/dataall/<installation>/consent`) never starts with a prefix and a hyphen.
 */
const tagged = ({ partition, account, region, prefix }: TeamRoleScope, { group }: GroupResources): Statement[] => {
  const arns = [
    arnOf({ partition, service: 'cloudformation', region, account, resource: `stack/${prefix}-*/*` }),
    arnOf({ partition, service: 'secretsmanager', region, account, resource: `secret:${prefix}-*` }),
    arnOf({ partition, service: 'ssm', region, account, resource: `parameter/${prefix}-*` }),
  ];
  return [
    {
      Sid: 'CreateTagged',
      Effect: 'Allow',
      Action: [
        'cloudformation:CreateStack',
        'secretsmanager:CreateSecret',
        'secretsmanager:TagResource',
        'ssm:AddTagsToResource',
        'ssm:PutParameter',
      ],
      Resource: arns,
      Condition: {
        StringEquals: { 'aws:RequestTag/Team': tagValue(group) },
        StringEqualsIfExists: { 'aws:ResourceTag/Team': tagValue(group) },
      },
    },
    {
      Sid: 'UseTagged',
      Effect: 'Allow',
      Action: [
        'cloudformation:DeleteStack',
        'cloudformation:DescribeStack*',
        'cloudformation:GetTemplate',
        'cloudformation:UpdateStack',
        'secretsmanager:DeleteSecret',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecret',
        'ssm:DeleteParameter',
        'ssm:GetParameter*',
        'ssm:PutParameter',
      ],
      Resource: arns,
      Condition: { StringEquals: { 'aws:ResourceTag/Team': tagValue(group) } },
    },
    ...operatorStacks(),
  ];
};

/**
 * The operator's stacks carry Team too, and CloudFormation works on them with the bootstrap's execution role, whoever asks: who may update
 * one may do anything in the account. Nor may a team make a stack that passes for one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
const operatorStacks = (): Statement[] => {
  // Only these carry tags in their requests.
  const tagging = ['Create', 'Tag', 'Update'];
  const changing = [...tagging, 'Cancel', 'Continue', 'Delete', 'Execute', 'Rollback', 'Set', 'Signal', 'Untag'];
  const deny = (tag: 'ResourceTag' | 'RequestTag', verbs: readonly string[]): Statement => ({
    Sid: `NeverOperatorStacks${tag}`,
    Effect: 'Deny',
    Action: verbs.toSorted().map((verb) => `cloudformation:${verb}*`),
    Resource: '*',
    Condition: { Null: { [`aws:${tag}/${ownershipTagNames.installation}`]: 'false' } },
  });
  return [deny('ResourceTag', changing), deny('RequestTag', tagging)];
};

const inspection = (
  { partition, account, region, roleArn, prefix }: TeamRoleScope,
  { group }: GroupResources,
): Statement[] => [
  {
    Sid: 'Inspect',
    Effect: 'Allow',
    Action: [
      'cloudformation:ListStacks',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'iam:ListAttachedRolePolicies',
      'iam:ListRoles',
      'logs:DescribeLogGroups',
      's3:ListAllMyBuckets',
      'secretsmanager:ListSecrets',
      'ssm:DescribeParameters',
    ],
    Resource: '*',
  },
  {
    Sid: 'ReadLogs',
    Effect: 'Allow',
    Action: ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'],
    Resource: ['/aws-glue/*', `/aws/lambda/${prefix}-*`, `/${prefix}-*`].map((name) =>
      arnOf({ partition, service: 'logs', region, account, resource: `log-group:${name}` }),
    ),
    Condition: { StringEquals: { 'aws:ResourceTag/Team': tagValue(group) } },
  },
  {
    Sid: 'PassItself',
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: roleArn,
    Condition: { StringEquals: { 'iam:PassedToService': [...teamRoleServices] } },
  },
];
