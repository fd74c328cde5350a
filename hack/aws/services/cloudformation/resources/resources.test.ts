import { DescribeStackEventsCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { GetWorkGroupCommand, AthenaClient } from '@aws-sdk/client-athena';
import { DescribeRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetDatabaseCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  ListPermissionsCommand,
  ListResourcesCommand,
} from '@aws-sdk/client-lakeformation';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../../aws.ts';
import { stackSession } from '../stack-test-session.ts';

let aws: SimulatedAws;
let session: ReturnType<typeof stackSession>;
let config: ReturnType<SimulatedAws['clientConfig']>;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  session = stackSession(aws);
  config = aws.clientConfig('producer', 'eu-west-1');
});
afterAll(() => aws.stop());

const NAMED_IAM = { Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const allow = (action: string, resource: unknown = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});
const outputsOf = (stack: Stack): Record<string, string> =>
  Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));

describe('IAM', () => {
  const template = (action: string, extra: object = {}) =>
    JSON.stringify({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'team',
            AssumeRolePolicyDocument: trust('glue.amazonaws.com'),
            ManagedPolicyArns: [{ Ref: 'Managed' }],
            Policies: [{ PolicyName: 'inline', PolicyDocument: allow(action) }],
            ...extra,
          },
        },
        Managed: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { ManagedPolicyName: 'team-policy', PolicyDocument: allow(action) },
        },
        Extra: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'extra', PolicyDocument: allow(action), Roles: [{ Ref: 'Role' }] },
        },
      },
      Outputs: {
        Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        Id: { Value: { 'Fn::GetAtt': ['Role', 'RoleId'] } },
        Policy: { Value: { Ref: 'Managed' } },
      },
    });

  it('makes roles and policies, changes them in place and takes them away', async () => {
    const iam = new IAMClient(config);
    const created = outputsOf(await session.create('iam', template('s3:Get*'), NAMED_IAM));
    expect(created).toMatchObject({
      Arn: 'arn:aws:iam::222222222222:role/team',
      Policy: 'arn:aws:iam::222222222222:policy/team-policy',
    });
    for (let n = 0; n < 6; n++)
      await session.update(
        'iam',
        template(`s3:Get${n}*`, { MaxSessionDuration: 7200, Description: `n ${n}` }),
        NAMED_IAM,
      );
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'team' }));
    expect(Role).toMatchObject({ RoleId: created['Id'], MaxSessionDuration: 7200, Description: 'n 5' });
    for (const PolicyName of ['inline', 'extra']) {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: 'team', PolicyName }));
      expect(decodeURIComponent(PolicyDocument)).toContain('s3:Get5*');
    }
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: created['Policy'] }));
    expect(Versions).toHaveLength(5);
    const current = await iam.send(
      new GetPolicyVersionCommand({
        PolicyArn: created['Policy'],
        VersionId: Versions.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId,
      }),
    );
    expect(decodeURIComponent(current.PolicyVersion?.Document ?? '')).toContain('s3:Get5*');
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'team' }));
    expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['team-policy']);
    expect((await session.remove('iam')).StackStatus).toBe('DELETE_COMPLETE');
    await expect(iam.send(new GetRoleCommand({ RoleName: 'team' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});

describe('S3 and KMS', () => {
  const template = (days: number) => ({
    Resources: {
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: {
          Description: `d${days}`,
          EnableKeyRotation: true,
          KeyPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } },
                Action: 'kms:*',
                Resource: '*',
              },
            ],
          },
        },
      },
      Alias: {
        Type: 'AWS::KMS::Alias',
        Properties: { AliasName: 'alias/data', TargetKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: 'made-by-stack',
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              {
                BucketKeyEnabled: true,
                ServerSideEncryptionByDefault: {
                  SSEAlgorithm: 'aws:kms',
                  KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] },
                },
              },
            ],
          },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: 'true',
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
          VersioningConfiguration: { Status: 'Enabled' },
          LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', ExpirationInDays: days }] },
        },
      },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Bucket' },
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'tls',
                Effect: 'Deny',
                Principal: '*',
                Action: 's3:*',
                Resource: { 'Fn::Sub': '${Bucket.Arn}/*' },
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
    Outputs: { Key: { Value: { Ref: 'Key' } } },
  });

  it('makes an encrypted bucket with its policy; a full bucket is not deleted', async () => {
    const s3 = new S3Client(config);
    const kms = new KMSClient(config);
    const Bucket = 'made-by-stack';
    const { Key = '' } = outputsOf(
      await session.create('s3', JSON.stringify(template(10)), { Tags: [{ Key: 'dataall', Value: 'True' }] }),
    );
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
      ApplyServerSideEncryptionByDefault: {
        SSEAlgorithm: 'aws:kms',
        KMSMasterKeyID: expect.stringContaining(Key) as string,
      },
    });
    expect(
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration?.BlockPublicPolicy,
    ).toBe(true);
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([
      { Key: 'dataall', Value: 'True' },
    ]);
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toContain('aws:SecureTransport');
    await session.update('s3', JSON.stringify(template(20)));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules?.[0]?.Expiration?.Days).toBe(
      20,
    );
    expect((await kms.send(new DescribeKeyCommand({ KeyId: 'alias/data' }))).KeyMetadata).toMatchObject({
      KeyId: Key,
      Description: 'd20',
    });
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId: Key }))).Policy).toContain('222222222222');

    await s3.send(new PutObjectCommand({ Bucket, Key: 'data', Body: 'x' }));
    expect((await session.remove('s3')).StackStatus).toBe('DELETE_FAILED');
    await s3.send(new HeadBucketCommand({ Bucket }));
    expect(
      (await session.cfn.send(new DescribeStackEventsCommand({ StackName: 's3' }))).StackEvents?.some(
        ({ ResourceStatusReason }) => ResourceStatusReason?.includes('not empty'),
      ),
    ).toBe(true);
  });
});

describe('Glue and Lake Formation', () => {
  it('makes catalog objects, registers locations, appends administrators and grants', async () => {
    const lake = new LakeFormationClient(config);
    await session.create(
      'lake',
      JSON.stringify({
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake-data' } },
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: { RoleName: 'lake-role', AssumeRolePolicyDocument: trust('lakeformation.amazonaws.com') },
          },
          Settings: {
            Type: 'AWS::LakeFormation::DataLakeSettings',
            Properties: {
              MutationType: 'APPEND',
              Admins: [{ DataLakePrincipalIdentifier: 'arn:aws:iam::222222222222:user/administrator' }],
            },
          },
          Location: {
            Type: 'AWS::LakeFormation::Resource',
            DependsOn: 'Settings',
            Properties: {
              ResourceArn: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
              RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
              UseServiceLinkedRole: false,
            },
          },
          Database: {
            Type: 'AWS::Glue::Database',
            DependsOn: 'Location',
            Properties: {
              CatalogId: { Ref: 'AWS::AccountId' },
              DatabaseInput: { Name: 'sales', LocationUri: 's3://lake-data/' },
            },
          },
          Table: {
            Type: 'AWS::Glue::Table',
            Properties: {
              CatalogId: { Ref: 'AWS::AccountId' },
              DatabaseName: { Ref: 'Database' },
              TableInput: {
                Name: 'orders',
                TableType: 'EXTERNAL_TABLE',
                StorageDescriptor: {
                  Location: 's3://lake-data/orders/',
                  Compressed: 'false',
                  Columns: [{ Name: 'id', Type: 'int' }],
                },
              },
            },
          },
          Grant: {
            Type: 'AWS::LakeFormation::PrincipalPermissions',
            Properties: {
              Principal: { DataLakePrincipalIdentifier: { 'Fn::GetAtt': ['Role', 'Arn'] } },
              Resource: {
                Table: {
                  CatalogId: { Ref: 'AWS::AccountId' },
                  DatabaseName: { Ref: 'Database' },
                  Name: { Ref: 'Table' },
                },
              },
              Permissions: ['SELECT'],
              PermissionsWithGrantOption: [],
            },
          },
        },
      }),
      NAMED_IAM,
    );
    expect((await session.stackOf('lake')).StackStatus).toBe('CREATE_COMPLETE');
    const glue = new GlueClient(config);
    expect((await glue.send(new GetDatabaseCommand({ Name: 'sales' }))).Database?.LocationUri).toBe('s3://lake-data/');
    expect(
      (await glue.send(new GetTableCommand({ DatabaseName: 'sales', Name: 'orders' }))).Table?.StorageDescriptor
        ?.Compressed,
    ).toBe(false);
    expect((await lake.send(new GetDataLakeSettingsCommand({}))).DataLakeSettings?.DataLakeAdmins).toContainEqual({
      DataLakePrincipalIdentifier: 'arn:aws:iam::222222222222:user/administrator',
    });
    expect(
      (await lake.send(new ListResourcesCommand({}))).ResourceInfoList?.map(({ ResourceArn }) => ResourceArn),
    ).toEqual(['arn:aws:s3:::lake-data']);
    const { PrincipalResourcePermissions = [] } = await lake.send(
      new ListPermissionsCommand({ Resource: { Table: { DatabaseName: 'sales', Name: 'orders' } } }),
    );
    expect(
      PrincipalResourcePermissions.some(
        ({ Principal, Permissions }) =>
          Principal?.DataLakePrincipalIdentifier?.endsWith('role/lake-role') === true &&
          Permissions?.includes('SELECT') === true,
      ),
    ).toBe(true);
    expect((await session.remove('lake')).StackStatus).toBe('DELETE_COMPLETE');
    expect((await lake.send(new ListResourcesCommand({}))).ResourceInfoList ?? []).toEqual([]);
    await expect(glue.send(new GetDatabaseCommand({ Name: 'sales' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });
});

describe('messaging, Athena and secrets', () => {
  const template = (cutoff: number, pattern: object) => ({
    Resources: {
      Dlq: { Type: 'AWS::SQS::Queue' },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'changes',
          ReceiveMessageWaitTimeSeconds: 20,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dlq', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'changes',
          EventPattern: pattern,
          Targets: [{ Id: 'q', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
        },
      },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
                Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
              },
            ],
          },
        },
      },
      WorkGroup: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          Name: 'team',
          RecursiveDeleteOption: true,
          WorkGroupConfiguration: {
            EnforceWorkGroupConfiguration: true,
            BytesScannedCutoffPerQuery: cutoff,
            ResultConfiguration: { OutputLocation: 's3://results/' },
          },
        },
      },
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          Name: 'generated',
          GenerateSecretString: {
            SecretStringTemplate: '{"user":"app"}',
            GenerateStringKey: 'password',
            PasswordLength: 20,
            ExcludePunctuation: true,
          },
        },
      },
      Metadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:x' } },
    },
    Outputs: { Queue: { Value: { Ref: 'Queue' } } },
  });

  it('are made, changed and removed together', async () => {
    const { Queue = '' } = outputsOf(
      await session.create('mixed', JSON.stringify(template(10_000_000, { source: ['aws.iam'] }))),
    );
    await session.update('mixed', JSON.stringify(template(20_000_000, { source: ['aws.s3'] })));
    expect((await session.stackOf('mixed')).StackStatus).toBe('UPDATE_COMPLETE');
    const { Attributes } = await new SQSClient(config).send(
      new GetQueueAttributesCommand({ QueueUrl: Queue, AttributeNames: ['All'] }),
    );
    expect(Attributes?.['Policy']).toContain('rule/changes');
    expect((await new EventBridgeClient(config).send(new DescribeRuleCommand({ Name: 'changes' }))).EventPattern).toBe(
      '{"source":["aws.s3"]}',
    );
    expect(
      (await new AthenaClient(config).send(new GetWorkGroupCommand({ WorkGroup: 'team' }))).WorkGroup?.Configuration
        ?.BytesScannedCutoffPerQuery,
    ).toBe(20_000_000);
    const { SecretString = '' } = await new SecretsManagerClient(config).send(
      new GetSecretValueCommand({ SecretId: 'generated' }),
    );
    expect(JSON.parse(SecretString)).toEqual({
      user: 'app',
      password: expect.stringMatching(/^[A-Za-z0-9]{20}$/) as string,
    });
    expect((await session.remove('mixed')).StackStatus).toBe('DELETE_COMPLETE');
    await expect(
      new EventBridgeClient(config).send(new DescribeRuleCommand({ Name: 'changes' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
