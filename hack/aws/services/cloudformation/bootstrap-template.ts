// What `cdk bootstrap` leaves in an account and region, as a template of our own: same names, trust and rights.
// https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html#bootstrapping-env-roles
// Left out: the container repository and the image publishing role's rights on it (no images here).

/** Version of the modern bootstrap template whose contents this follows; stacks check for 6 and more. */
const BOOTSTRAP_VERSION = '30';

export const bootstrapTemplate = `
Description: This stack includes resources needed to deploy AWS CDK apps into this environment
Parameters:
  TrustedAccounts: { Type: CommaDelimitedList, Default: '', Description: Accounts that may deploy here }
  TrustedAccountsForLookup: { Type: CommaDelimitedList, Default: '', Description: Accounts that may look up here }
  CloudFormationExecutionPolicies: { Type: CommaDelimitedList, Default: '', Description: Managed policies of the execution role }
  Qualifier: { Type: String, Default: hnb659fds, AllowedPattern: '[A-Za-z0-9_-]{1,10}', ConstraintDescription: Qualifier must be an alphanumeric identifier of at most 10 characters }
Conditions:
  HasTrustedAccounts: !Not [!Equals ['', !Join ['', !Ref TrustedAccounts]]]
  HasTrustedAccountsForLookup: !Not [!Equals ['', !Join ['', !Ref TrustedAccountsForLookup]]]
  HasExecutionPolicies: !Not [!Equals ['', !Join ['', !Ref CloudFormationExecutionPolicies]]]
Resources:
  StagingBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !Sub cdk-\${Qualifier}-assets-\${AWS::AccountId}-\${AWS::Region}
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 } }] }
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true }
      VersioningConfiguration: { Status: Enabled }
  StagingBucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref StagingBucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: AllowSSLRequestsOnly
            Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!Sub '\${StagingBucket.Arn}', !Sub '\${StagingBucket.Arn}/*']
            Condition: { Bool: { aws:SecureTransport: 'false' } }
  FilePublishingRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub cdk-\${Qualifier}-file-publishing-role-\${AWS::AccountId}-\${AWS::Region}
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: &trustDeployers
          - { Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Principal: { AWS: !Ref AWS::AccountId }, Condition: { 'Null': { sts:ExternalId: 'true' } } }
          - !If
            - HasTrustedAccounts
            - { Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Principal: { AWS: !Ref TrustedAccounts }, Condition: { 'Null': { sts:ExternalId: 'true' } } }
            - !Ref AWS::NoValue
      Policies:
        - PolicyName: FilePublishing
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: ['s3:GetObject*', 's3:GetBucket*', 's3:GetEncryptionConfiguration', 's3:List*', 's3:DeleteObject*', 's3:PutObject*', 's3:Abort*']
                Resource: [!Sub '\${StagingBucket.Arn}', !Sub '\${StagingBucket.Arn}/*']
  ImagePublishingRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub cdk-\${Qualifier}-image-publishing-role-\${AWS::AccountId}-\${AWS::Region}
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: *trustDeployers }
  LookupRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub cdk-\${Qualifier}-lookup-role-\${AWS::AccountId}-\${AWS::Region}
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Principal: { AWS: !Ref AWS::AccountId }, Condition: { 'Null': { sts:ExternalId: 'true' } } }
          - !If
            - HasTrustedAccountsForLookup
            - { Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Principal: { AWS: !Ref TrustedAccountsForLookup }, Condition: { 'Null': { sts:ExternalId: 'true' } } }
            - !Ref AWS::NoValue
          - !If
            - HasTrustedAccounts
            - { Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Principal: { AWS: !Ref TrustedAccounts }, Condition: { 'Null': { sts:ExternalId: 'true' } } }
            - !Ref AWS::NoValue
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/ReadOnlyAccess']
      Policies:
        - PolicyName: LookupRolePolicy
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{ Sid: DontReadSecrets, Effect: Deny, Action: [kms:Decrypt], Resource: '*' }]
  DeploymentActionRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub cdk-\${Qualifier}-deploy-role-\${AWS::AccountId}-\${AWS::Region}
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: *trustDeployers }
      Policies:
        - PolicyName: default
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Sid: CloudFormationPermissions
                Effect: Allow
                Action:
                  - cloudformation:CreateChangeSet
                  - cloudformation:DeleteChangeSet
                  - cloudformation:DescribeChangeSet
                  - cloudformation:DescribeStacks
                  - cloudformation:ExecuteChangeSet
                  - cloudformation:CreateStack
                  - cloudformation:UpdateStack
                  - cloudformation:RollbackStack
                  - cloudformation:ContinueUpdateRollback
                Resource: '*'
              - { Effect: Allow, Action: iam:PassRole, Resource: !GetAtt CloudFormationExecutionRole.Arn }
              - Sid: CliPermissions
                Effect: Allow
                Action:
                  - cloudformation:DescribeStackEvents
                  - cloudformation:GetTemplate
                  - cloudformation:DeleteStack
                  - cloudformation:UpdateTerminationProtection
                  - sts:GetCallerIdentity
                  - cloudformation:GetTemplateSummary
                Resource: '*'
              - Sid: CliStagingBucket
                Effect: Allow
                Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*']
                Resource: [!Sub '\${StagingBucket.Arn}', !Sub '\${StagingBucket.Arn}/*']
              - Sid: ReadVersion
                Effect: Allow
                Action: [ssm:GetParameter, ssm:GetParameters]
                Resource: !Sub arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter\${CdkBootstrapVersion}
  CloudFormationExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub cdk-\${Qualifier}-cfn-exec-role-\${AWS::AccountId}-\${AWS::Region}
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: cloudformation.amazonaws.com } }]
      ManagedPolicyArns: !If [HasExecutionPolicies, !Ref CloudFormationExecutionPolicies, !Ref AWS::NoValue]
  CdkBootstrapVersion:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Name: !Sub /cdk-bootstrap/\${Qualifier}/version
      Value: '${BOOTSTRAP_VERSION}'
Outputs:
  BucketName: { Description: The name of the S3 bucket owned by the CDK toolkit stack, Value: !Ref StagingBucket }
  BootstrapVersion: { Description: The version of the bootstrap resources, Value: !GetAtt CdkBootstrapVersion.Value }
`;
