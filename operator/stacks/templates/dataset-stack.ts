// The stack of a dataset: key, bucket, role and database as far as they are made and not imported. The bucket's policy, the statements
// of the key's policy beyond the first, Lake Formation registration and grants belong to the sharing engine and are never in here.
import { CfnWaitConditionHandle, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { arnOf, iamArn, s3Arn } from '../../policy/arn.ts';
import { addOutput } from './add-output.ts';
import type { Statement } from '../../policy/document.ts';
import { stackOutputs, type DatasetStackProps } from '../stack-props.ts';

/** Days until overwritten objects go, and unfinished uploads. */
const keep = { noncurrent: 90, uploads: 7 };

export const addDatasetResources = (stack: Stack, props: DatasetStackProps): void => {
  const { storage } = props;
  const made = storage.origin === 'Create' ? addStorage(stack, props, storage) : undefined;
  const keyArn = made?.keyArn ?? (storage.origin === 'Import' ? storage.keyArn : undefined);
  if (props.roleName !== undefined) {
    const role = addRole(stack, props, props.roleName, keyArn);
    addOutput(stack, stackOutputs.roleArn, role.attrArn);
  }
  if (props.newDatabase !== undefined) addDatabase(stack, props, props.newDatabase);
  if (storage.origin === 'Import' && props.roleName === undefined && props.newDatabase === undefined)
    addPlaceholder(stack);
  addOutput(stack, stackOutputs.bucket, made?.bucket ?? storage.bucket);
  addOutput(stack, stackOutputs.database, props.database);
  if (keyArn !== undefined) addOutput(stack, stackOutputs.keyArn, keyArn);
};

type NewStorage = Extract<DatasetStackProps['storage'], { readonly origin: 'Create' }>;

const addStorage = (
  stack: Stack,
  props: DatasetStackProps,
  storage: NewStorage,
): { readonly bucket: string; readonly keyArn: string } => {
  const key = addKey(stack, props, storage.keyAlias);
  addAlias(stack, key, storage.keyAlias);
  return { bucket: addBucket(stack, storage, key).ref, keyArn: key.attrArn };
};

/**
 * Made with the policy that leaves everything to IAM, so that the pivot role can write it; the engine owns it from then on. It depends
 * on nothing that ever changes, so that no update of the stack writes it again.
 */
const addKey = (stack: Stack, { partition, account }: DatasetStackProps, alias: string): CfnKey => {
  const key = new CfnKey(stack, 'Key', {
    description: `Data of bucket ${alias}`,
    enableKeyRotation: true,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'EnableIamUserPermissions',
          Effect: 'Allow',
          Principal: { AWS: iamArn(partition, account, 'root') },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    },
  });
  key.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return key;
};

const addAlias = (stack: Stack, key: CfnKey, alias: string): CfnAlias =>
  new CfnAlias(stack, 'KeyAlias', { aliasName: `alias/${alias}`, targetKeyId: key.ref });

const addBucket = (stack: Stack, storage: NewStorage, key: CfnKey): CfnBucket => {
  const bucket = new CfnBucket(stack, 'Bucket', {
    bucketName: storage.bucket,
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          bucketKeyEnabled: true,
          serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.attrArn },
        },
      ],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    versioningConfiguration: { status: 'Enabled' },
    loggingConfiguration: { destinationBucketName: storage.logsBucket, logFilePrefix: `${storage.bucket}/` },
    lifecycleConfiguration: {
      rules: [
        {
          id: 'old-versions',
          status: 'Enabled',
          noncurrentVersionExpiration: { noncurrentDays: keep.noncurrent },
          abortIncompleteMultipartUpload: { daysAfterInitiation: keep.uploads },
        },
      ],
    },
  });
  bucket.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return bucket;
};

/** Lake Formation reads the bucket as this role for everyone it lets, and crawlers and jobs of the dataset run as it. */
const addRole = (stack: Stack, props: DatasetStackProps, roleName: string, keyArn: string | undefined): CfnRole => {
  const { pivotRoleArn } = props;
  return new CfnRole(stack, 'Role', {
    roleName,
    description: `Works with the data of dataset ${props.datasetId}`,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['glue.amazonaws.com', 'lakeformation.amazonaws.com'] },
          Action: 'sts:AssumeRole',
        },
        {
          Effect: 'Allow',
          Principal: { AWS: iamArn(props.partition, props.account, 'root') },
          Action: 'sts:AssumeRole',
          Condition: { ArnEquals: { 'aws:PrincipalArn': pivotRoleArn } },
        },
      ],
    },
    policies: [
      {
        policyName: 'dataset',
        policyDocument: { Version: '2012-10-17', Statement: roleStatements(props, keyArn) },
      },
    ],
  });
};

const roleStatements = (
  { partition, account, region, storage, database }: DatasetStackProps,
  keyArn: string | undefined,
): readonly Statement[] => {
  const bucketArn = s3Arn(partition, storage.bucket);
  const glue = (part: string): string => arnOf({ partition, service: 'glue', region, account, resource: part });
  return [
    {
      Sid: 'Bucket',
      Effect: 'Allow',
      Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      Resource: bucketArn,
    },
    {
      Sid: 'Objects',
      Effect: 'Allow',
      Action: [
        's3:AbortMultipartUpload',
        's3:DeleteObject',
        's3:GetObject',
        's3:ListMultipartUploadParts',
        's3:PutObject',
      ],
      Resource: `${bucketArn}/*`,
    },
    ...(keyArn === undefined ? [] : [keyStatement(keyArn)]),
    {
      Sid: 'Catalog',
      Effect: 'Allow',
      Action: [
        'glue:BatchCreatePartition',
        'glue:BatchGetPartition',
        'glue:BatchUpdatePartition',
        'glue:CreatePartition',
        'glue:CreateTable',
        'glue:GetDatabase',
        'glue:GetPartition',
        'glue:GetPartitions',
        'glue:GetTable',
        'glue:GetTables',
        'glue:UpdatePartition',
        'glue:UpdateTable',
      ],
      Resource: [glue('catalog'), glue(`database/${database}`), glue(`table/${database}/*`)],
    },
    { Sid: 'LakeFormationData', Effect: 'Allow', Action: 'lakeformation:GetDataAccess', Resource: '*' },
    {
      Sid: 'Logs',
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arnOf({ partition, service: 'logs', region, account, resource: 'log-group:/aws-glue/*' }),
    },
  ];
};

const keyStatement = (keyArn: string): Statement => ({
  Sid: 'Key',
  Effect: 'Allow',
  Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
  Resource: keyArn,
});

const addDatabase = (stack: Stack, { account, storage }: DatasetStackProps, name: string): CfnDatabase =>
  new CfnDatabase(stack, 'Database', {
    catalogId: account,
    // Without a list of its own every new table would take the catalog's, which opens it to IAM until the engine sees it:
    // https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
    databaseInput: { name, locationUri: `s3://${storage.bucket}/`, createTableDefaultPermissions: [] },
  });

/** Everything is imported, and CloudFormation takes no template without a resource. This one makes nothing, and asks for no right. */
const addPlaceholder = (stack: Stack): CfnWaitConditionHandle => new CfnWaitConditionHandle(stack, 'Nothing');
