import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateSummaryCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';
import { settled } from './deployment.ts';

import { parameter, stackSession } from './stack-test-session.ts';

let aws: SimulatedAws;
let session: ReturnType<typeof stackSession>;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  session = stackSession(aws);
});
afterAll(() => aws.stop());

describe('the execution role', () => {
  const trust = (Service: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
    });
  const allow = (Action: string[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
  const makeRole = async (RoleName: string, service: string, actions: string[]): Promise<string> => {
    const { Role } = await session.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(service) }),
    );
    await session.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument: allow(actions) }),
    );
    return Role?.Arn ?? '';
  };

  it('does the work: what it may not, the stack cannot', async () => {
    const RoleARN = await makeRole('exec', 'cloudformation.amazonaws.com', ['sqs:*']);
    const ok = await session.create('by-role', 'Resources: { Q: { Type: AWS::SQS::Queue } }', { RoleARN });
    expect(ok).toMatchObject({ StackStatus: 'CREATE_COMPLETE', RoleARN });
    const denied = await session.create('by-role-denied', `Resources: { A: ${parameter('/by-role', 'x')} }`, {
      RoleARN,
    });
    expect(denied.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await session.cfn.send(
      new DescribeStackEventsCommand({ StackName: 'by-role-denied' }),
    );
    expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(
      /assumed-role\/exec\/AWSCloudFormation is not authorized to perform: ssm:PutParameter.*HandlerErrorCode: AccessDenied/,
    );
  });

  it('must trust CloudFormation and be passed by the caller', async () => {
    const RoleARN = await makeRole('lambda-role', 'lambda.amazonaws.com', ['*']);
    await expect(
      session.create('untrusted', 'Resources: { Q: { Type: AWS::SQS::Queue } }', { RoleARN }),
    ).rejects.toThrow(`Role ${RoleARN} is invalid or cannot be assumed`);
    const exec = await makeRole('exec2', 'cloudformation.amazonaws.com', ['*']);
    const callerArn = await makeRole('caller', 'ec2.amazonaws.com', ['cloudformation:*']);
    const caller = {
      kind: 'role-session',
      account: '222222222222',
      arn: 'arn:aws:sts::222222222222:assumed-role/caller/s',
      roleArn: callerArn,
      roleId: (await session.iam.send(new GetRoleCommand({ RoleName: 'caller' }))).Role?.RoleId ?? '',
      roleName: 'caller',
      sessionName: 's',
    } as const;
    const input = { StackName: 'passed', TemplateBody: 'Resources: { Q: { Type: AWS::SQS::Queue } }', RoleARN: exec };
    await expect(aws.invoke('cloudformation', 'CreateStack', input, caller)).rejects.toThrow(
      'is not authorized to perform: iam:PassRole',
    );
    await session.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'caller',
        PolicyName: 'rights',
        PolicyDocument: allow(['cloudformation:*', 'iam:PassRole']),
      }),
    );
    await aws.invoke('cloudformation', 'CreateStack', input, caller);
    expect((await settled(session.cfn, 'passed')).StackStatus).toBe('CREATE_COMPLETE');
    await session.iam.send(new DeleteRolePolicyCommand({ RoleName: 'exec2', PolicyName: 'rights' }));
    expect((await session.remove('passed')).StackStatus).toBe('DELETE_FAILED');
  });
});

describe('looking at stacks', () => {
  it('finds drift', async () => {
    await session.create(
      'drift',
      `Resources: { A: ${parameter('/drift/a', 'one')}, B: ${parameter('/drift/b', 'one')}, Q: { Type: AWS::SQS::Queue } }`,
    );
    await session.ssm.send(new PutParameterCommand({ Name: '/drift/a', Value: 'tampered', Overwrite: true }));
    await session.cfn.send(new DetectStackDriftCommand({ StackName: 'drift' }));
    const { StackResourceDrifts = [] } = await session.cfn.send(
      new DescribeStackResourceDriftsCommand({ StackName: 'drift' }),
    );
    expect(
      Object.fromEntries(
        StackResourceDrifts.map(({ LogicalResourceId, StackResourceDriftStatus }) => [
          LogicalResourceId,
          StackResourceDriftStatus,
        ]),
      ),
    ).toEqual({ A: 'MODIFIED', B: 'IN_SYNC', Q: 'NOT_CHECKED' });
    expect((await session.stackOf('drift')).DriftInformation?.StackDriftStatus).toBe('DRIFTED');
  });

  it('pages through many events and resources', async () => {
    const resources = Array.from({ length: 60 }, (_, n) => `P${n}: ${parameter(`/many/${n}`, 'x')}`).join(', ');
    await session.create('many', `Resources: { ${resources} }`);
    let count = 0;
    let NextToken: string | undefined;
    do {
      const answer = await session.cfn.send(new DescribeStackEventsCommand({ StackName: 'many', NextToken }));
      count += answer.StackEvents?.length ?? 0;
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    expect(count).toBe(60 * 3 + 2);
  });

  it('summarises a template', async () => {
    const summary = await session.cfn.send(
      new GetTemplateSummaryCommand({
        TemplateBody: 'Parameters: { P: { Type: String, Default: x } }\nResources: { R: { Type: AWS::IAM::Role } }',
      }),
    );
    expect(summary).toMatchObject({
      Capabilities: ['CAPABILITY_IAM'],
      ResourceTypes: ['AWS::IAM::Role'],
      Parameters: [{ ParameterKey: 'P', DefaultValue: 'x' }],
    });
  });

  it('masks NoEcho parameters and reads SSM parameters', async () => {
    await session.ssm.send(new PutParameterCommand({ Name: '/source', Value: 'from ssm', Type: 'String' }));
    const stack = await session.create(
      'echo',
      'Parameters: { Secret: { Type: String, NoEcho: true }, Source: { Type: "AWS::SSM::Parameter::Value<String>", Default: /source } }\nResources: { A: { Type: AWS::SSM::Parameter, Properties: { Name: /echo, Type: String, Value: !Sub "${Source} {{resolve:ssm:/source}}" } } }',
      { Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'hush' }] },
    );
    expect(stack.Parameters).toEqual([
      { ParameterKey: 'Secret', ParameterValue: '****' },
      { ParameterKey: 'Source', ParameterValue: '/source', ResolvedValue: 'from ssm' },
    ]);
    expect(await session.valueOf('/echo')).toBe('from ssm from ssm');
    const { StackEvents = [] } = await session.cfn.send(new DescribeStackEventsCommand({ StackName: 'echo' }));
    expect(StackEvents.find(({ LogicalResourceId }) => LogicalResourceId === 'A')?.ResourceProperties).toContain(
      '{{resolve:ssm:/source}}',
    );
    const again = session.cfn.send(
      new UpdateStackCommand({
        StackName: 'echo',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Secret', UsePreviousValue: true }],
      }),
    );
    await expect(again).rejects.toThrow('No updates are to be performed.');
  });

  it('keeps regions apart', async () => {
    await session.sqs.send(new CreateQueueCommand({ QueueName: 'unrelated' }));
    const elsewhere = new CloudFormationClient(aws.clientConfig('producer', 'us-east-1'));
    expect((await elsewhere.send(new DescribeStacksCommand({}))).Stacks ?? []).toEqual([]);
  });
});
