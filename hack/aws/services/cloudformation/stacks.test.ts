import {
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { AttachRolePolicyCommand, CreateRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetQueueAttributesCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';
import { settled } from './deployment.ts';
import { setStackPace } from './pace.ts';

import { parameter, stackSession } from './stack-test-session.ts';

let aws: SimulatedAws;
let session: ReturnType<typeof stackSession>;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  session = stackSession(aws);
});
afterAll(() => aws.stop());

describe('a stack', () => {
  it('is created in order, shows its steps, and is deleted in reverse order', async () => {
    const template = `
Description: queue and pointer
Parameters: { Prefix: { Type: String, Default: first } }
Resources:
  Pointer: { Type: AWS::SSM::Parameter, Properties: { Name: !Sub '/\${Prefix}/pointer', Type: String, Value: !GetAtt Queue.Arn } }
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 45 } }
Outputs:
  Url: { Value: !Ref Queue, Description: where }`;
    setStackPace(aws.world, 20);
    const { StackId = '' } = await session.cfn.send(
      new CreateStackCommand({ StackName: 'first', TemplateBody: template, Tags: [{ Key: 'dataall', Value: 'True' }] }),
    );
    expect((await session.stackOf('first')).StackStatus).toBe('CREATE_IN_PROGRESS');
    setStackPace(aws.world, 0);
    const stack = await settled(session.cfn, StackId);
    expect(stack).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Description: 'queue and pointer',
      Parameters: [{ ParameterKey: 'Prefix', ParameterValue: 'first' }],
    });
    const url = stack.Outputs?.[0]?.OutputValue ?? '';
    const { Attributes } = await session.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(Attributes?.['VisibilityTimeout']).toBe('45');
    expect((await session.sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ dataall: 'True' });
    expect(await session.valueOf('/first/pointer')).toBe(Attributes?.['QueueArn']);
    expect(await session.statuses('first')).toEqual([
      'first CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_COMPLETE',
      'Pointer CREATE_IN_PROGRESS',
      'Pointer CREATE_IN_PROGRESS',
      'Pointer CREATE_COMPLETE',
      'first CREATE_COMPLETE',
    ]);
    const { StackResourceSummaries } = await session.cfn.send(new ListStackResourcesCommand({ StackName: 'first' }));
    expect(StackResourceSummaries?.map(({ PhysicalResourceId }) => PhysicalResourceId)).toContain('/first/pointer');

    const deleted = await session.remove('first');
    expect(deleted.StackStatus).toBe('DELETE_COMPLETE');
    expect(await session.valueOf('/first/pointer')).toBeUndefined();
    await expect(
      session.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
    ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await expect(session.stackOf('first')).rejects.toThrow('Stack with id first does not exist');
    expect((await session.statuses(StackId)).slice(-6)).toEqual([
      'first DELETE_IN_PROGRESS',
      'Pointer DELETE_IN_PROGRESS',
      'Pointer DELETE_COMPLETE',
      'Queue DELETE_IN_PROGRESS',
      'Queue DELETE_COMPLETE',
      'first DELETE_COMPLETE',
    ]);
    const { StackSummaries } = await session.cfn.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
    );
    expect(StackSummaries?.map(({ StackId: id }) => id)).toContain(StackId);
  });

  it('rolls back what it made when a resource fails, keeping what is retained', async () => {
    await session.ssm.send(new PutParameterCommand({ Name: '/taken', Value: 'mine', Type: 'String' }));
    const template = `
Resources:
  Good: ${parameter('/rollback/good', 'x')}
  Kept: ${parameter('/rollback/kept', 'x', 'DeletionPolicy: Retain,')}
  Taken: ${parameter('/taken', 'x', 'DependsOn: [Good, Kept],')}
  Never: ${parameter('/rollback/never', 'x', 'DependsOn: Taken,')}`;
    const stack = await session.create('rollback', template);
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect([
      await session.valueOf('/rollback/good'),
      await session.valueOf('/rollback/kept'),
      await session.valueOf('/rollback/never'),
      await session.valueOf('/taken'),
    ]).toEqual([undefined, 'x', undefined, 'mine']);
    const { StackEvents = [] } = await session.cfn.send(new DescribeStackEventsCommand({ StackName: 'rollback' }));
    const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    expect(failed).toMatchObject({
      LogicalResourceId: 'Taken',
      ResourceStatusReason: expect.stringContaining('HandlerErrorCode: AlreadyExists') as string,
    });
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(
      'The following resource(s) failed to create: [Taken]. Rollback requested by user.',
    );
    await expect(session.update('rollback', template)).rejects.toThrow(
      'is in ROLLBACK_COMPLETE state and can not be updated',
    );
    await expect(session.create('rollback', template)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    expect((await session.remove('rollback')).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('stays as it failed when rollback is disabled', async () => {
    const stack = await session.create(
      'no-rollback',
      `Resources: { A: ${parameter('/no-rollback', 'x')}, B: ${parameter('aws-bad', 'x', 'DependsOn: A,')} }`,
      { DisableRollback: true },
    );
    expect(stack).toMatchObject({ StackStatus: 'CREATE_FAILED' });
    expect(await session.valueOf('/no-rollback')).toBe('x');
  });

  it('is refused before anything happens when the template or the request is wrong', async () => {
    const role =
      'Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: named, AssumeRolePolicyDocument: {} } } }';
    await expect(session.create('bad', 'Resources: { A: { Type: AWS::EC2::VPC } }')).rejects.toThrow(
      'Unrecognized resource types: [AWS::EC2::VPC]',
    );
    await expect(session.create('bad', role, { Capabilities: ['CAPABILITY_IAM'] })).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    });
    await expect(session.create('bad name', role)).rejects.toThrow('failed to satisfy constraint');
    await expect(
      session.create(
        'bad',
        `Rules: { R: { Assertions: [{ Assert: !Equals [a, b], AssertDescription: never }] } }\nResources: { A: ${parameter('/a', 'x')} }`,
      ),
    ).rejects.toThrow('never');
    await expect(session.stackOf('bad')).rejects.toThrow('does not exist');
  });

  it('fails on a property it does not know', async () => {
    const stack = await session.create(
      'unknown-property',
      'Resources: { Q: { Type: AWS::SQS::Queue, Properties: { Nope: 1 } } }',
    );
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await session.cfn.send(
      new DescribeStackEventsCommand({ StackName: 'unknown-property' }),
    );
    expect(
      StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason,
    ).toContain('#: extraneous key [Nope] is not permitted');
  });

  it('is protected from deletion when asked', async () => {
    await session.create('protected', `Resources: { A: ${parameter('/protected', 'x')} }`, {
      EnableTerminationProtection: true,
    });
    await expect(session.remove('protected')).rejects.toThrow(
      'cannot be deleted while TerminationProtection is enabled',
    );
    await session.cfn.send(
      new UpdateTerminationProtectionCommand({ StackName: 'protected', EnableTerminationProtection: false }),
    );
    expect((await session.remove('protected')).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('an update', () => {
  const template = (value: string, name = '/update/a', extra = '') =>
    `Resources: { A: ${parameter(name, value)}, Q: { Type: AWS::SQS::Queue, Properties: { QueueName: update-q } } ${extra} }`;

  it('changes in place, replaces, adds, removes and cleans up', async () => {
    await session.create(
      'update',
      template(
        'one',
        '/update/a',
        `, Gone: ${parameter('/update/gone', 'x')}, Kept: ${parameter('/update/kept', 'x', 'DeletionPolicy: Retain,')}`,
      ),
    );
    await expect(
      session.update(
        'update',
        template(
          'one',
          '/update/a',
          `, Gone: ${parameter('/update/gone', 'x')}, Kept: ${parameter('/update/kept', 'x', 'DeletionPolicy: Retain,')}`,
        ),
      ),
    ).rejects.toThrow('No updates are to be performed.');
    expect(
      (await session.update('update', template('two', '/update/b', `, New: ${parameter('/update/new', 'x')}`)))
        .StackStatus,
    ).toBe('UPDATE_COMPLETE');
    expect([
      await session.valueOf('/update/a'),
      await session.valueOf('/update/b'),
      await session.valueOf('/update/new'),
      await session.valueOf('/update/gone'),
      await session.valueOf('/update/kept'),
    ]).toEqual([undefined, 'two', 'x', undefined, 'x']);
    expect(
      (await session.update('update', template('three', '/update/b', `, New: ${parameter('/update/new', 'x')}`)))
        .StackStatus,
    ).toBe('UPDATE_COMPLETE');
    expect(await session.valueOf('/update/b')).toBe('three');
    const { StackEvents = [] } = await session.cfn.send(new DescribeStackEventsCommand({ StackName: 'update' }));
    expect(
      StackEvents.some(({ ResourceStatusReason }) =>
        ResourceStatusReason?.startsWith('Requested update requires the creation of a new physical resource'),
      ),
    ).toBe(true);
    expect(
      StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED').map(
        ({ LogicalResourceId }) => LogicalResourceId,
      ),
    ).toEqual(['Kept']);
  });

  it('rolls back to exactly what was there', async () => {
    await session.create(
      'undo',
      `Resources: { A: ${parameter('/undo/a', 'one')}, B: ${parameter('/undo/b', 'one', 'DependsOn: A,')} }`,
    );
    const after = await session.update(
      'undo',
      `Resources: { A: ${parameter('/undo/a', 'two')}, B: ${parameter('/undo/c', 'one', 'DependsOn: A,')}, New: ${parameter('/undo/new', 'x')}, Bad: ${parameter('aws-bad', 'x', 'DependsOn: [A, B, New],')} }`,
    );
    expect(after.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([
      await session.valueOf('/undo/a'),
      await session.valueOf('/undo/b'),
      await session.valueOf('/undo/c'),
      await session.valueOf('/undo/new'),
    ]).toEqual(['one', 'one', undefined, undefined]);
    const { StackResources = [] } = await session.cfn.send(new DescribeStackResourcesCommand({ StackName: 'undo' }));
    expect(
      StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
    ).toEqual([
      ['A', '/undo/a'],
      ['B', '/undo/b'],
    ]);
    expect((await session.update('undo', `Resources: { A: ${parameter('/undo/a', 'three')} }`)).StackStatus).toBe(
      'UPDATE_COMPLETE',
    );
  });

  it('propagates changed stack tags to resources', async () => {
    const body = 'Resources: { Q: { Type: AWS::SQS::Queue, Properties: { Tags: [{ Key: own, Value: "1" }] } } }';
    const created = await session.create('tags', body, {
      Tags: [
        { Key: 'Team', Value: 'a' },
        { Key: 'own', Value: '2' },
      ],
    });
    await session.update('tags', body, { Tags: [{ Key: 'Creator', Value: 'b' }] });
    const { StackResources: [queue] = [] } = await session.cfn.send(
      new DescribeStackResourcesCommand({ StackName: created.StackId }),
    );
    expect((await session.sqs.send(new ListQueueTagsCommand({ QueueUrl: queue?.PhysicalResourceId }))).Tags).toEqual({
      own: '1',
      Creator: 'b',
    });
  });

  it('can be helped out of a failed rollback', async () => {
    const trust = {
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    };
    const { Role } = await session.iam.send(
      new CreateRoleCommand({ RoleName: 'stuck', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await session.iam.send(new AttachRolePolicyCommand({ RoleName: 'stuck', PolicyArn: admin }));
    await session.create('stuck', `Resources: { A: ${parameter('/stuck/a', 'one')} }`, { RoleARN: Role?.Arn });
    // The update itself takes the role's right to write parameters away, so nothing can take the update back.
    const lockOut = `{ Type: AWS::IAM::Policy, DependsOn: A, Properties: { PolicyName: lock-out, Roles: [stuck], PolicyDocument: { Statement: [{ Effect: Deny, Action: 'ssm:PutParameter', Resource: '*' }] } } }`;
    const template = `Resources: { A: ${parameter('/stuck/a', 'two')}, LockOut: ${lockOut}, Bad: ${parameter('/stuck/b', 'x', 'DependsOn: LockOut,')} }`;
    const stack = await session.update('stuck', template, { Capabilities: ['CAPABILITY_IAM'] });
    expect(stack).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_FAILED',
      StackStatusReason: expect.stringContaining('[A]') as string,
    });
    await session.iam.send(new DeleteRolePolicyCommand({ RoleName: 'stuck', PolicyName: 'lock-out' }));
    await session.cfn.send(new ContinueUpdateRollbackCommand({ StackName: 'stuck' }));
    expect((await settled(session.cfn, 'stuck')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await session.valueOf('/stuck/a')).toBe('one');
    await expect(session.cfn.send(new ContinueUpdateRollbackCommand({ StackName: 'stuck' }))).rejects.toThrow(
      'can not continue rollback',
    );
  });
});
