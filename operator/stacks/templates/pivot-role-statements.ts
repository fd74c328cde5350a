// What the pivot role may do: for each AWS service the calls that operator/aws makes, and what AWS does for some of them (pivot-role-needs.test.ts names it). Pure.
// oxlint-disable max-lines -- one file, however long: it is what the administrator of an account reads before letting us in
import { arnOf, iamArn, s3Arn } from '../../policy/arn.ts';
import type { Statement } from '../../policy/document.ts';
import type { ImportedResources } from '../stack-props.ts';
import { ownershipTagNames } from '../stack-tags.ts';

/** Values, or references that CloudFormation resolves. */
export interface PivotRoleScope {
  readonly partition: string;
  readonly account: string;
  /** Start of the names of what we make. */
  readonly prefix: string;
  readonly roleName: string;
  /** `all`: the account administers the role itself and cannot follow each import. */
  readonly imported: ImportedResources | 'all';
}

/** Names of the pivot role's managed policies, as data.all has them: apart, so that an account can change from one role to the other. */
export const pivotPolicyName = {
  /** Made by hand from the template. */
  existing: (prefix: string, index: number): string => `${prefix}-pivotrole-policy-${index}`,
  /** Made by the stack of an environment. */
  managed: (prefix: string, region: string, index: number): string =>
    `${prefix}-pivot-role-cdk-policy-${region}-${index}`,
} as const;

/** ARNs in one statement, so that statements can be spread over policies. */
const largestList = 40;

export const pivotRoleStatements = (scope: PivotRoleScope): readonly Statement[] => [
  ...buckets(scope),
  ...accessPoints(scope),
  ...keys(scope),
  ...catalog(scope),
  ...lakeFormation(),
  ...resourceShares(),
  ...sharePolicies(scope),
  ...locationRoles(scope),
  ...accountEvents(scope),
  ...teamRoles(scope),
  ...denySelfChange(scope),
];

const buckets = ({ partition, account, prefix, imported }: PivotRoleScope): readonly Statement[] => {
  const bucketArn = (name: string): string => s3Arn(partition, name);
  const ours = bucketArn(`${prefix}-*`);
  const inAccount = { StringEquals: { 'aws:ResourceAccount': account } };
  const policyActions = ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'];
  const cleanUpActions = [
    's3:DeleteBucket',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:ListBucket',
    's3:ListBucketVersions',
  ];
  const namedBuckets = imported === 'all' ? [] : inChunks(imported.namedBuckets);
  const importedBuckets: readonly (readonly string[])[] = imported === 'all' ? [['*']] : inChunks(imported.buckets);
  return [
    {
      Sid: 'InspectBuckets',
      Effect: 'Allow',
      Action: ['s3:GetBucketLocation', 's3:GetBucketTagging', 's3:GetEncryptionConfiguration'],
      Resource: bucketArn('*'),
      Condition: inAccount,
    },
    // It has no resource type: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    { Sid: 'FindBuckets', Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
    { Sid: 'BucketPolicies', Effect: 'Allow', Action: policyActions, Resource: ours },
    { Sid: 'CleanUp', Effect: 'Allow', Action: cleanUpActions, Resource: [ours, `${ours}/*`] },
    ...namedBuckets.map((names, index): Statement => ({
      Sid: `NamedBuckets${index}`,
      Effect: 'Allow',
      Action: [...policyActions, ...cleanUpActions],
      Resource: names.map(bucketArn).flatMap((arn) => [arn, `${arn}/*`]),
      Condition: inAccount,
    })),
    ...importedBuckets.map((names, index): Statement => ({
      Sid: `ImportedBuckets${index}`,
      Effect: 'Allow',
      Action: [...policyActions, 's3:ListBucket'],
      Resource: names.map(bucketArn),
      Condition: inAccount,
    })),
  ];
};

const accessPoints = ({ partition, account }: PivotRoleScope): readonly Statement[] => [
  {
    Sid: 'AccessPoints',
    Effect: 'Allow',
    Action: ['s3:CreateAccessPoint', 's3:DeleteAccessPoint', 's3:GetAccessPointPolicy', 's3:PutAccessPointPolicy'],
    Resource: arnOf({ partition, service: 's3', region: '*', account, resource: 'accesspoint/*' }),
  },
  {
    // Neither has a resource type: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    Sid: 'FindAccessPoints',
    Effect: 'Allow',
    Action: ['s3:GetAccessPoint', 's3:ListAccessPoints'],
    Resource: '*',
  },
];

/**
 * A key's ARN is not known before it exists: the policies of our keys are kept by alias and tag, and the key of a dataset is ended by its
 * tags, because its alias has gone with the stack by then. Only who made a key may tag it. Both count up to five minutes late:
 * https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
const keys = ({ partition, account, prefix, imported }: PivotRoleScope): readonly Statement[] => {
  const all = arnOf({ partition, service: 'kms', region: '*', account, resource: 'key/*' });
  const actions = ['kms:GetKeyPolicy', 'kms:PutKeyPolicy'];
  const importedKeys: readonly (readonly string[])[] = imported === 'all' ? [[all]] : inChunks(imported.keyArns);
  return [
    { Sid: 'FindKeys', Effect: 'Allow', Action: 'kms:ListAliases', Resource: '*' },
    { Sid: 'InspectKeys', Effect: 'Allow', Action: ['kms:DescribeKey', 'kms:ListResourceTags'], Resource: all },
    {
      Sid: 'Keys',
      Effect: 'Allow',
      Action: actions,
      Resource: all,
      Condition: {
        'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/${prefix}-*` },
        StringEquals: { 'aws:ResourceTag/dataall': 'True' },
      },
    },
    {
      Sid: 'EndKeys',
      Effect: 'Allow',
      Action: 'kms:ScheduleKeyDeletion',
      Resource: all,
      Condition: {
        StringEquals: {
          'aws:ResourceTag/dataall': 'True',
          [`aws:ResourceTag/${ownershipTagNames.kind}`]: 'Dataset',
        },
      },
    },
    ...importedKeys.map((arns, index): Statement => ({
      Sid: `ImportedKeys${index}`,
      Effect: 'Allow',
      Action: actions,
      Resource: [...arns],
    })),
  ];
};

/** Lake Formation is the gate on databases and tables: names of imported ones and of links follow no prefix. */
const catalog = ({ partition, account }: PivotRoleScope): readonly Statement[] => [
  {
    Sid: 'Catalog',
    Effect: 'Allow',
    Action: [
      'glue:CreateDatabase',
      'glue:CreateTable',
      'glue:DeleteDatabase',
      'glue:DeleteTable',
      'glue:GetDatabase',
      'glue:GetDatabases',
      'glue:GetPartitions',
      'glue:GetTable',
      'glue:GetTables',
    ],
    // DeleteDatabase is asked of the database's tables and functions, too: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    Resource: ['catalog', 'database/*', 'table/*', 'userDefinedFunction/*'].map((part) =>
      arnOf({ partition, service: 'glue', region: '*', account, resource: part }),
    ),
  },
  {
    // Links point into catalogs of producers; only what Lake Formation shares can be seen there.
    Sid: 'LinkedCatalogs',
    Effect: 'Allow',
    Action: ['glue:GetDatabase', 'glue:GetDatabases', 'glue:GetTable', 'glue:GetTables'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:ResourceAccount': account } },
  },
  {
    Sid: 'CatalogPolicy',
    Effect: 'Allow',
    Action: ['glue:DeleteResourcePolicy', 'glue:PutResourcePolicy'],
    Resource: '*',
  },
];

/** Lake Formation has no resource-level permissions. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslakeformation.html */
const lakeFormation = (): readonly Statement[] => [
  {
    Sid: 'LakeFormation',
    Effect: 'Allow',
    Action: [
      'lakeformation:BatchGrantPermissions',
      'lakeformation:BatchRevokePermissions',
      'lakeformation:CreateDataCellsFilter',
      'lakeformation:CreateLakeFormationOptIn',
      'lakeformation:DeleteDataCellsFilter',
      'lakeformation:DeleteLakeFormationOptIn',
      'lakeformation:DeregisterResource',
      'lakeformation:DescribeResource',
      'lakeformation:GetDataLakeSettings',
      'lakeformation:GetResourceLFTags',
      'lakeformation:GrantPermissions',
      'lakeformation:ListDataCellsFilter',
      'lakeformation:ListLakeFormationOptIns',
      'lakeformation:ListPermissions',
      'lakeformation:ListResources',
      'lakeformation:PutDataLakeSettings',
      'lakeformation:RegisterResource',
      'lakeformation:RevokePermissions',
      'lakeformation:UpdateDataCellsFilter',
      'lakeformation:UpdateResource',
    ],
    Resource: '*',
  },
];

/** As AWSLakeFormationCrossAccountManager: https://docs.aws.amazon.com/lake-formation/latest/dg/permissions-reference.html */
const resourceShares = (): readonly Statement[] => [
  {
    Sid: 'CreateResourceShares',
    Effect: 'Allow',
    Action: 'ram:CreateResourceShare',
    Resource: '*',
    Condition: {
      StringLikeIfExists: { 'ram:RequestedResourceType': ['glue:Table', 'glue:Database', 'glue:Catalog'] },
    },
  },
  {
    Sid: 'ResourceShares',
    Effect: 'Allow',
    Action: [
      'ram:AssociateResourceShare',
      'ram:DeleteResourceShare',
      'ram:DisassociateResourceShare',
      'ram:UpdateResourceShare',
    ],
    Resource: '*',
    Condition: { StringLike: { 'ram:ResourceShareName': 'LakeFormation*' } },
  },
  {
    Sid: 'ResourceSharePermissions',
    Effect: 'Allow',
    Action: 'ram:AssociateResourceSharePermission',
    Resource: '*',
    Condition: { ArnLike: { 'ram:PermissionArn': 'arn:*:ram::aws:permission/AWSRAMLFEnabled*' } },
  },
  {
    Sid: 'Invitations',
    Effect: 'Allow',
    Action: [
      'organizations:DescribeOrganization',
      'ram:AcceptResourceShareInvitation',
      'ram:GetResourceShareAssociations',
      'ram:GetResourceShareInvitations',
      'ram:GetResourceShares',
      'ram:ListPendingInvitationResources',
      'ram:ListResources',
    ],
    Resource: '*',
  },
];

/** Only share policies, by name, and only those may be attached: no way to hand anybody, or itself, more. */
const sharePolicies = ({ partition, account, prefix }: PivotRoleScope): readonly Statement[] => {
  const policies = iamArn(partition, account, `policy/${prefix}-env-*-share-policy-*`);
  return [
    {
      Sid: 'InspectPrincipals',
      Effect: 'Allow',
      Action: [
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:GetUser',
        'iam:GetUserPolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListAttachedUserPolicies',
        'iam:ListPolicies',
        'iam:ListPolicyVersions',
        'iam:ListRolePolicies',
        'iam:ListUserPolicies',
      ],
      Resource: '*',
    },
    {
      Sid: 'SharePolicies',
      Effect: 'Allow',
      Action: [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:TagPolicy',
      ],
      Resource: policies,
    },
    {
      Sid: 'AttachSharePolicies',
      Effect: 'Allow',
      Action: ['iam:AttachRolePolicy', 'iam:AttachUserPolicy', 'iam:DetachRolePolicy', 'iam:DetachUserPolicy'],
      Resource: ['role/*', 'user/*'].map((part) => iamArn(partition, account, part)),
      Condition: { ArnLike: { 'iam:PolicyARN': policies } },
    },
  ];
};

/** Lake Formation reads a location as a role that who registers it may pass on: ours, and those of imported datasets. */
const locationRoles = ({ partition, account, prefix, imported }: PivotRoleScope): readonly Statement[] => {
  const passable: readonly (readonly string[])[] =
    imported === 'all'
      ? [[iamArn(partition, account, 'role/*')]]
      : inChunks(imported.roleArns.filter((arn) => !isServiceLinked(arn)));
  const toLakeFormation = { StringEquals: { 'iam:PassedToService': 'lakeformation.amazonaws.com' } };
  return [
    {
      Sid: 'RegisterLocations',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: iamArn(partition, account, `role/${prefix}-*`),
      Condition: toLakeFormation,
    },
    ...(passesServiceLinked(imported) ? [serviceLinkedRole(partition, account)] : []),
    ...passable.map((arns, index): Statement => ({
      Sid: `RegisterImported${index}`,
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: [...arns],
      Condition: toLakeFormation,
    })),
  ];
};

const passesServiceLinked = (imported: ImportedResources | 'all'): boolean =>
  imported === 'all' || imported.roleArns.some(isServiceLinked);

const isServiceLinked = (arn: string): boolean => arn.endsWith(`:role/${LAKE_SERVICE_ROLE}`);

const LAKE_SERVICE_ROLE = 'aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess';

/**
 * Whoever has Lake Formation read a location by its service-linked role again needs this; nobody but Lake Formation can change that
 * role. https://docs.aws.amazon.com/lake-formation/latest/dg/service-linked-roles.html
 */
const serviceLinkedRole = (partition: string, account: string): Statement => ({
  Sid: 'RegisterServiceLinked',
  Effect: 'Allow',
  Action: ['iam:CreateServiceLinkedRole', 'iam:PutRolePolicy'],
  Resource: iamArn(partition, account, `role/${LAKE_SERVICE_ROLE}`),
});

const accountEvents = ({ partition, account, prefix }: PivotRoleScope): readonly Statement[] => [
  {
    Sid: 'AccountEvents',
    Effect: 'Allow',
    Action: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
    Resource: arnOf({ partition, service: 'sqs', region: '*', account, resource: `${prefix}-env-*` }),
  },
];

/** People work as their team's role, which the operator enters for them. */
const teamRoles = ({ partition, account, prefix }: PivotRoleScope): readonly Statement[] => [
  {
    Sid: 'TeamRoles',
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: iamArn(partition, account, `role/${prefix}-*`),
  },
];

const denySelfChange = ({ partition, account, prefix, roleName }: PivotRoleScope): readonly Statement[] => [
  {
    Sid: 'NeverChangeItself',
    Effect: 'Deny',
    Action: [
      'iam:AttachRolePolicy',
      'iam:DeleteRole*',
      'iam:DetachRolePolicy',
      'iam:PassRole',
      'iam:PutRole*',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole*',
    ],
    Resource: iamArn(partition, account, `role/${roleName}`),
  },
  {
    Sid: 'NeverChangeItsPolicies',
    Effect: 'Deny',
    Action: ['iam:CreatePolicyVersion', 'iam:DeletePolicy*', 'iam:SetDefaultPolicyVersion'],
    Resource: ['pivotrole-policy-*', 'pivot-role-cdk-policy-*'].map((names) =>
      iamArn(partition, account, `policy/${prefix}-${names}`),
    ),
  },
];

const inChunks = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / largestList) }, (_, index) =>
    items.slice(index * largestList, (index + 1) * largestList),
  );
