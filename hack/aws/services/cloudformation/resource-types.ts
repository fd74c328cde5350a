// Every type of resource the simulator makes. Another type in a template is refused by name.
import type { ResourceType } from './resource-type.ts';
import { workGroup } from './resources/athena.ts';
import { database, table } from './resources/glue.ts';
import { managedPolicy, policy, role } from './resources/iam.ts';
import { alias, key } from './resources/kms.ts';
import { dataLakeSettings, location, principalPermissions } from './resources/lakeformation.ts';
import { eventRule, queue, queuePolicy } from './resources/messaging.ts';
import { cdkMetadata, waitConditionHandle } from './resources/nothing.ts';
import { bucket, bucketPolicy } from './resources/s3.ts';
import { secret, secretPolicy } from './resources/secretsmanager.ts';
import { parameter } from './resources/ssm.ts';

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Athena::WorkGroup': workGroup,
  'AWS::CDK::Metadata': cdkMetadata,
  'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle,
  'AWS::Events::Rule': eventRule,
  'AWS::Glue::Database': database,
  'AWS::Glue::Table': table,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::KMS::Alias': alias,
  'AWS::KMS::Key': key,
  'AWS::LakeFormation::DataLakeSettings': dataLakeSettings,
  'AWS::LakeFormation::PrincipalPermissions': principalPermissions,
  'AWS::LakeFormation::Resource': location,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SecretsManager::ResourcePolicy': secretPolicy,
  'AWS::SecretsManager::Secret': secret,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SSM::Parameter': parameter,
};
