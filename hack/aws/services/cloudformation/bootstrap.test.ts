import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';
import { bootstrap } from './bootstrap.ts';
import { settled } from './deployment.ts';

let aws: SimulatedAws;
beforeAll(async () => {
  aws = await startAws({ inProcess: true });
});
afterAll(() => aws.stop());

const HUB = '111111111111';
const PRODUCER = '222222222222';

describe('bootstrap', () => {
  it('lets the hub deploy into the account, and nobody else', async () => {
    const producer = aws.clientConfig('producer', 'eu-west-1');
    const stack = await bootstrap(new CloudFormationClient(producer), { trustedAccounts: [HUB] });
    expect(stack).toMatchObject({ StackName: 'CDKToolkit', StackStatus: 'CREATE_COMPLETE' });
    const version = await new SSMClient(producer).send(
      new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }),
    );
    expect(Number(version.Parameter?.Value)).toBeGreaterThanOrEqual(6);
    const versioning = await new S3Client(producer).send(
      new GetBucketVersioningCommand({ Bucket: `cdk-hnb659fds-assets-${PRODUCER}-eu-west-1` }),
    );
    expect(versioning.Status).toBe('Enabled');

    const deployRole = `arn:aws:iam::${PRODUCER}:role/cdk-hnb659fds-deploy-role-${PRODUCER}-eu-west-1`;
    const assume = (account: string, more: object = {}) =>
      new STSClient(aws.clientConfig(account, 'eu-west-1')).send(
        new AssumeRoleCommand({ RoleArn: deployRole, RoleSessionName: 'deploy', ...more }),
      );
    await expect(assume('consumer')).rejects.toThrow('not authorized to perform: sts:AssumeRole');
    await expect(assume('hub', { ExternalId: 'any' })).rejects.toThrow('not authorized to perform: sts:AssumeRole');
    const { Credentials } = await assume('hub');

    const cfn = new CloudFormationClient(
      aws.clientConfig(
        {
          accessKeyId: Credentials?.AccessKeyId ?? '',
          secretAccessKey: Credentials?.SecretAccessKey ?? '',
          sessionToken: Credentials?.SessionToken ?? '',
        },
        'eu-west-1',
      ),
    );
    const TemplateBody = JSON.stringify({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'made-by-cdk',
            AssumeRolePolicyDocument: {
              Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
            },
          },
        },
      },
      Parameters: {
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      },
      Rules: {
        CheckBootstrapVersion: {
          Assertions: [
            { Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }] } },
          ],
        },
      },
    });
    const input = {
      StackName: 'app',
      ChangeSetName: 'cdk',
      ChangeSetType: 'CREATE',
      TemplateBody,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    } as const;
    await cfn.send(
      new CreateChangeSetCommand({
        ...input,
        Capabilities: [...input.Capabilities],
        RoleARN: `arn:aws:iam::${PRODUCER}:role/cdk-hnb659fds-cfn-exec-role-${PRODUCER}-eu-west-1`,
      }),
    );
    while ((await cfn.send(new DescribeChangeSetCommand(input))).Status !== 'CREATE_COMPLETE')
      await new Promise(setImmediate);
    await cfn.send(new ExecuteChangeSetCommand(input));
    expect((await settled(cfn, 'app')).StackStatus).toBe('CREATE_COMPLETE');
    expect((await new IAMClient(producer).send(new GetRoleCommand({ RoleName: 'made-by-cdk' }))).Role?.Arn).toBe(
      `arn:aws:iam::${PRODUCER}:role/made-by-cdk`,
    );
    await expect(
      new IAMClient(
        aws.clientConfig(
          {
            accessKeyId: Credentials?.AccessKeyId ?? '',
            secretAccessKey: Credentials?.SecretAccessKey ?? '',
            sessionToken: Credentials?.SessionToken ?? '',
          },
          'eu-west-1',
        ),
      ).send(new GetRoleCommand({ RoleName: 'made-by-cdk' })),
    ).rejects.toThrow('not authorized to perform: iam:GetRole');
  });

  it('can be repeated, changed and told another qualifier', async () => {
    const client = new CloudFormationClient(aws.clientConfig('consumer', 'eu-west-1'));
    await bootstrap(client, { trustedAccounts: [HUB] });
    expect((await bootstrap(client, { trustedAccounts: [HUB] })).StackStatus).toBe('CREATE_COMPLETE');
    expect((await bootstrap(client, { trustedAccounts: [] })).StackStatus).toBe('UPDATE_COMPLETE');
    await bootstrap(client, { qualifier: 'mine', stackName: 'MyToolkit', trustedAccounts: [HUB] });
    const ssm = new SSMClient(aws.clientConfig('consumer', 'eu-west-1'));
    expect(
      (await ssm.send(new GetParameterCommand({ Name: '/cdk-bootstrap/mine/version' }))).Parameter?.Value,
    ).toBeDefined();
  });
});
