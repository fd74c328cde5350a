import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';

let aws: SimulatedAws;
let events: EventBridgeClient;
let sqs: SQSClient;
let ssm: SSMClient;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  const config = aws.clientConfig('producer', 'eu-west-1');
  events = new EventBridgeClient(config);
  sqs = new SQSClient(config);
  ssm = new SSMClient(config);
});
afterAll(() => aws.stop());

const ruleArn = (name: string) => `arn:aws:events:eu-west-1:222222222222:rule/${name}`;
const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:222222222222:${name}`;

const policyFor = (queue: string, sourceArn: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn(queue),
        Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
      },
    ],
  });

/** A rule with the pattern, sending to a fresh queue of the same name that lets it in. */
const connect = async (name: string, pattern: object, target: object = {}): Promise<string> => {
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy: policyFor(name, ruleArn(name)) } }),
  );
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: queueArn(name), ...target }] }));
  return QueueUrl;
};

const received = async (QueueUrl: string, WaitTimeSeconds = 0): Promise<Record<string, unknown>[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }),
  );
  return Messages.map(({ Body = '' }) => JSON.parse(Body) as Record<string, unknown>);
};

describe('CloudTrail management events', () => {
  it('reach the queue of a rule that wants them', async () => {
    const url = await connect('trail', { source: ['aws.ssm'], detail: { eventName: ['PutParameter'] } });
    await ssm.send(new PutParameterCommand({ Name: '/watched', Value: 'x', Type: 'String' }));
    const [event] = await received(url, 5);
    expect(event).toMatchObject({
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.ssm',
      account: '222222222222',
      region: 'eu-west-1',
      detail: {
        eventSource: 'ssm.amazonaws.com',
        eventName: 'PutParameter',
        requestParameters: { name: '/watched' },
        userIdentity: { arn: 'arn:aws:iam::222222222222:user/administrator' },
      },
    });
  });

  it('stay in their account and region', async () => {
    const url = await connect('local', { source: ['aws.ssm'] });
    const put = new PutParameterCommand({ Name: '/elsewhere', Value: 'x', Type: 'String' });
    await new SSMClient(aws.clientConfig('producer', 'us-east-1')).send(put);
    await new SSMClient(aws.clientConfig('consumer', 'eu-west-1')).send(put);
    await ssm.send(new PutParameterCommand({ Name: '/here', Value: 'x', Type: 'String' }));
    const names = (await received(url, 5)).map(
      ({ detail }) => (detail as { requestParameters: { name: string } }).requestParameters.name,
    );
    expect(names).toEqual(['/here']);
  });
});

describe('PutEvents', () => {
  const put = (Source: string, Detail: string) =>
    events.send(new PutEventsCommand({ Entries: [{ Source, DetailType: 'test', Detail }] }));

  it('delivers the event, or the part of it that the target asks for', async () => {
    const whole = await connect('whole', { source: ['app'] });
    const part = await connect('part', { source: ['app'] }, { InputPath: '$.detail.inner' });
    expect((await put('app', '{"inner": {"n": 1}}')).FailedEntryCount).toBe(0);
    expect(await received(whole, 5)).toMatchObject([{ source: 'app', detail: { inner: { n: 1 } } }]);
    expect(await received(part, 5)).toEqual([{ n: 1 }]);
  });

  it('refuses sources of AWS and broken detail, entry by entry', async () => {
    expect((await put('aws.s3', '{}')).Entries).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
    expect((await put('app', '{')).Entries).toMatchObject([{ ErrorCode: 'MalformedDetail' }]);
  });

  it('does not get past a queue policy that names another rule', async () => {
    const closed = await connect('closed', { source: ['closed'] });
    const open = await connect('open', { source: ['closed'] });
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: closed,
        Attributes: { Policy: policyFor('closed', ruleArn('other')) },
      }),
    );
    await put('closed', '{}');
    expect(await received(open, 5)).toHaveLength(1);
    expect(await received(closed)).toEqual([]);
    expect(
      aws.world.log.some(
        ({ operation, outcome, principal }) =>
          operation === 'SendMessage' && outcome === 'denied' && principal === 'events.amazonaws.com',
      ),
    ).toBe(true);
  });

  it('brings nothing to a disabled rule', async () => {
    const off = await connect('off', { source: ['switch'] });
    const on = await connect('on', { source: ['switch'] });
    await events.send(new DisableRuleCommand({ Name: 'off' }));
    await put('switch', '{}');
    expect(await received(on, 5)).toHaveLength(1);
    expect(await received(off)).toEqual([]);
  });

  it('puts what a queue refuses into the dead letter queue', async () => {
    await connect('refusing', { source: ['dlq'] }, { DeadLetterConfig: { Arn: queueArn('letters') } });
    const letters = await connect('letters', { source: ['none'] });
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: letters,
        Attributes: { Policy: policyFor('letters', ruleArn('refusing')) },
      }),
    );
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: letters.replace('letters', 'refusing'), Attributes: { Policy: '' } }),
    );
    await put('dlq', '{}');
    expect(await received(letters, 5)).toMatchObject([{ source: 'dlq' }]);
  });
});

describe('rules', () => {
  it('are described, listed, and deleted once they have no targets', async () => {
    await connect('life', { source: ['x'] });
    expect(await events.send(new DescribeRuleCommand({ Name: 'life' }))).toMatchObject({
      Arn: ruleArn('life'),
      State: 'ENABLED',
    });
    expect((await events.send(new ListRulesCommand({ NamePrefix: 'life' }))).Rules).toHaveLength(1);
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: 'life' }))).Targets).toMatchObject([
      { Id: 'queue', Arn: queueArn('life') },
    ]);
    await expect(events.send(new DeleteRuleCommand({ Name: 'life' }))).rejects.toThrow('has targets');
    await events.send(new RemoveTargetsCommand({ Rule: 'life', Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand({ Name: 'life' }));
    await expect(events.send(new DescribeRuleCommand({ Name: 'life' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it.each([
    ['a bad pattern', { Name: 'bad', EventPattern: '{"source": "x"}' }, 'Event pattern is not valid'],
    ['a schedule, loudly', { Name: 'bad', ScheduleExpression: 'rate(1 minute)' }, 'does not implement'],
    [
      'another bus, loudly',
      { Name: 'bad', EventPattern: '{"source": ["x"]}', EventBusName: 'mine' },
      'does not implement',
    ],
  ])('refuse %s', async (_, input, message) => {
    await expect(events.send(new PutRuleCommand(input))).rejects.toThrow(message);
  });
});
