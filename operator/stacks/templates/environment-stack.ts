// The stack of an environment: the pivot role (if managed), its buckets, the owner's role and workgroup, and the queue of events.
import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { s3Arn } from '../../policy/arn.ts';
import { addOutput } from './add-output.ts';
import { addAccountEvents } from './account-events.ts';
import { addGroupResources } from './group-resources.ts';
import { addPivotRole } from './pivot-role.ts';
import { pivotPolicyName, pivotRoleStatements } from './pivot-role-statements.ts';
import { spreadOverPolicies } from './spread-over-policies.ts';
import { stackOutputs, type EnvironmentStackProps } from '../stack-props.ts';

/** Days: results of queries are copies, and logs older than a season have been looked at or will not be. */
const keep = { queryResults: 30, accessLogs: 90 };

export const addEnvironmentResources = (stack: Stack, props: EnvironmentStackProps): void => {
  if (props.pivotRole.mode === 'Managed') {
    const { name, trust, imported } = props.pivotRole;
    const { partition, account, prefix } = props;
    const role = addPivotRole(stack, {
      name,
      policyName: (index) => pivotPolicyName.managed(prefix, props.region, index),
      partition,
      ...trust,
      policies: spreadOverPolicies(pivotRoleStatements({ partition, account, prefix, roleName: name, imported })),
    });
    addOutput(stack, stackOutputs.pivotRoleArn, role.attrArn);
    addOutput(stack, stackOutputs.pivotRoleId, role.attrRoleId);
    addOutput(stack, 'PivotRoleOutput', name, `${props.stackName}-PivotRole`);
  }
  addBuckets(stack, props);
  addGroupResources(stack, props, props.owner);
  addAccountEvents(stack, props);
};

const addBuckets = (stack: Stack, props: EnvironmentStackProps): void => {
  const { partition, account, buckets } = props;
  const logs = addBucket(stack, 'LogsBucket', {
    bucketName: buckets.logs,
    lifecycleConfiguration: { rules: [{ id: 'expire', status: 'Enabled', expirationInDays: keep.accessLogs }] },
  });
  addBucketPolicy(stack, 'LogsBucketPolicy', partition, logs, [
    {
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
      Sid: 'AccessLogsOfThisAccount',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: s3Arn(partition, `${buckets.logs}/*`),
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    },
  ]);
  const environment = addBucket(stack, 'EnvironmentBucket', {
    bucketName: buckets.environment,
    loggingConfiguration: { destinationBucketName: logs.ref, logFilePrefix: `${buckets.environment}/` },
    lifecycleConfiguration: {
      rules: [
        { id: 'query-results', status: 'Enabled', prefix: 'athenaqueries/', expirationInDays: keep.queryResults },
      ],
    },
  });
  addBucketPolicy(stack, 'EnvironmentBucketPolicy', partition, environment, []);
  addOutput(stack, stackOutputs.environmentBucket, environment.ref);
  addOutput(stack, stackOutputs.logsBucket, logs.ref);
};

/** Always retained by the stack: the controller deletes buckets itself where spec.deletionPolicy says so, and only what is empty or may be emptied. */
const addBucket = (
  stack: Stack,
  id: string,
  props: NonNullable<ConstructorParameters<typeof CfnBucket>[2]>,
): CfnBucket => {
  const bucket = new CfnBucket(stack, id, {
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    ...props,
  });
  bucket.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return bucket;
};

const addBucketPolicy = (
  stack: Stack,
  id: string,
  partition: string,
  bucket: CfnBucket,
  statements: readonly object[],
): CfnBucketPolicy => {
  const arn = s3Arn(partition, bucket.ref);
  return new CfnBucketPolicy(stack, id, {
    bucket: bucket.ref,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'RequiredSecureTransport',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        ...statements,
      ],
    },
  });
};
