import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListExportsCommand,
  ListImportsCommand,
} from '@aws-sdk/client-cloudformation';
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

describe('exports', () => {
  it('join stacks and hold each other', async () => {
    const producer = (value: string) =>
      `Resources: { A: ${parameter('/exports/a', value)} }\nOutputs: { V: { Value: !GetAtt A.Value, Export: { Name: shared-value } } }`;
    await session.create('producer', producer('one'));
    await session.create(
      'importer',
      'Resources: { B: { Type: AWS::SSM::Parameter, Properties: { Name: /exports/b, Type: String, Value: !ImportValue shared-value } } }',
    );
    expect(await session.valueOf('/exports/b')).toBe('one');
    expect((await session.cfn.send(new ListExportsCommand({}))).Exports).toMatchObject([
      { Name: 'shared-value', Value: 'one' },
    ]);
    expect((await session.cfn.send(new ListImportsCommand({ ExportName: 'shared-value' }))).Imports).toEqual([
      'importer',
    ]);
    expect(await session.remove('producer')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: expect.stringContaining(
        'Cannot delete export shared-value as it is in use by importer.',
      ) as string,
    });
    expect((await session.remove('importer')).StackStatus).toBe('DELETE_COMPLETE');
    expect((await session.remove('producer')).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('may not change while they are used, nor be made twice', async () => {
    const producer = (value: string) =>
      `Resources: { A: ${parameter('/exports2/a', value)} }\nOutputs: { V: { Value: !GetAtt A.Value, Export: { Name: used-value } } }`;
    await session.create('producer2', producer('one'));
    await session.create(
      'importer2',
      'Resources: { B: { Type: AWS::SSM::Parameter, Properties: { Name: /exports2/b, Type: String, Value: !ImportValue used-value } } }',
    );
    const after = await session.update('producer2', producer('two'));
    expect(after.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await session.valueOf('/exports2/a')).toBe('one');
    const twice = await session.create(
      'producer3',
      `Resources: { A: ${parameter('/exports3/a', 'x')} }\nOutputs: { V: { Value: x, Export: { Name: used-value } } }`,
    );
    expect(twice.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(
      await session.create(
        'importer3',
        'Resources: { B: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !ImportValue nowhere } } }',
      ),
    ).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  });
});

describe('change sets', () => {
  const ready = async (StackName: string, ChangeSetName: string) => {
    for (;;) {
      const description = await session.cfn.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }));
      if (description.Status !== 'CREATE_IN_PROGRESS') return description;
      await new Promise(setImmediate);
    }
  };
  const propose = async (
    StackName: string,
    ChangeSetName: string,
    TemplateBody: string,
    ChangeSetType: 'CREATE' | 'UPDATE',
  ) => {
    await session.cfn.send(new CreateChangeSetCommand({ StackName, ChangeSetName, TemplateBody, ChangeSetType }));
    return ready(StackName, ChangeSetName);
  };

  it('create a stack, then update it, telling the changes beforehand', async () => {
    const first = await propose('sets', 'one', `Resources: { A: ${parameter('/sets/a', 'one')} }`, 'CREATE');
    expect(first).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'A' } }],
    });
    expect((await session.cfn.send(new DescribeStacksCommand({ StackName: 'sets' }))).Stacks?.[0]?.StackStatus).toBe(
      'REVIEW_IN_PROGRESS',
    );
    await session.cfn.send(new ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'one' }));
    expect((await settled(session.cfn, 'sets')).StackStatus).toBe('CREATE_COMPLETE');

    const second = await propose(
      'sets',
      'two',
      `Resources: { A: ${parameter('/sets/b', 'two')}, Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Select [2, !Split ['/', !Ref A]] } } }`,
      'UPDATE',
    );
    expect(
      second.Changes?.map(({ ResourceChange }) => [
        ResourceChange?.LogicalResourceId,
        ResourceChange?.Action,
        ResourceChange?.Replacement,
      ]),
    ).toEqual([
      ['A', 'Modify', 'True'],
      ['Q', 'Add', undefined],
    ]);
    await session.cfn.send(new ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'two' }));
    expect((await settled(session.cfn, 'sets')).StackStatus).toBe('UPDATE_COMPLETE');
    expect([await session.valueOf('/sets/a'), await session.valueOf('/sets/b')]).toEqual([undefined, 'two']);
    await expect(
      session.cfn.send(new ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'two' })),
    ).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('fail when they hold no change', async () => {
    const body = `Resources: { A: ${parameter('/empty/a', 'one')} }`;
    await session.create('empty', body);
    const empty = await propose('empty', 'same', body, 'UPDATE');
    expect(empty).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(
      session.cfn.send(new ExecuteChangeSetCommand({ StackName: 'empty', ChangeSetName: 'same' })),
    ).rejects.toThrow('cannot be executed');
    await session.cfn.send(new DeleteChangeSetCommand({ StackName: 'empty', ChangeSetName: 'same' }));
    await expect(
      session.cfn.send(new DescribeChangeSetCommand({ StackName: 'empty', ChangeSetName: 'same' })),
    ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });

  it('mark a replacement that depends on an unknown value as conditional', async () => {
    const body = (name: string) =>
      `Resources: { A: ${parameter(name, 'x')}, B: { Type: AWS::SSM::Parameter, Properties: { Name: !Sub '\${A}/child', Type: String, Value: y } } }`;
    await session.create('conditional', body('/conditional/a'));
    const { Changes } = await propose('conditional', 'c', body('/conditional/b'), 'UPDATE');
    expect(Changes?.map(({ ResourceChange }) => ResourceChange?.Replacement)).toEqual(['True', 'Conditional']);
  });
});
