import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';

let aws: SimulatedAws;
let sqs: SQSClient;
let others: SQSClient;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  sqs = new SQSClient(aws.clientConfig('producer', 'eu-west-1'));
  others = new SQSClient(aws.clientConfig('consumer', 'eu-west-1'));
});
afterAll(() => aws.stop());

const create = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> => {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
};
const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl: string, more: object = {}) =>
  (
    await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'], ...more }),
    )
  ).Messages ?? [];
const bodies = async (QueueUrl: string) => (await receive(QueueUrl)).map(({ Body }) => Body);

describe('queues', () => {
  it('are created once, found, described, tagged and deleted', async () => {
    const url = await create('plain', { VisibilityTimeout: '60' });
    expect(await create('plain', { VisibilityTimeout: '60' })).toBe(url);
    await expect(create('plain', { VisibilityTimeout: '61' })).rejects.toMatchObject({ name: 'QueueNameExists' });
    await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { Team: 'a' } }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:eu-west-1:222222222222:plain',
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '0',
    });
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ Team: 'a' });
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'plain' }))).QueueUrl).toBe(url);
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'pla' }))).QueueUrls).toEqual([url]);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(send(url, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it.each([
    ['a bad name', 'a b', {}, 'alphanumeric'],
    ['an unknown attribute', 'bad1', { Nope: '1' }, 'Unknown Attribute Nope'],
    ['a number out of range', 'bad2', { DelaySeconds: '901' }, 'DelaySeconds'],
    ['a policy that is no policy', 'bad3', { Policy: '[1' }, 'Policy'],
    [
      'a dead letter queue that is not there',
      'bad4',
      { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:222222222222:none","maxReceiveCount":3}' },
      'Dead letter target does not exist',
    ],
  ])('refuse %s', async (_, name, attributes, message) => {
    await expect(create(name, attributes)).rejects.toThrow(message);
  });
});

describe('messages', () => {
  it('hide while they are handled, come back, and are deleted by their handle', async () => {
    const url = await create('visibility', { VisibilityTimeout: '30' });
    await send(url, 'hello', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } } });
    const [message] = await receive(url, { MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({ Body: 'hello', MessageAttributes: { kind: { StringValue: 'greeting' } } });
    expect(await bodies(url)).toEqual([]);
    aws.world.clock.advance(30_000);
    const [again] = await receive(url);
    expect(again?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      SenderId: expect.stringMatching(/^AIDA/) as string,
    });
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const [third] = await receive(url);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: third?.ReceiptHandle }));
    aws.world.clock.advance(60_000);
    expect(await bodies(url)).toEqual([]);
  });

  it('wake a long poll', async () => {
    const url = await create('long-poll');
    const started = performance.now();
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await new Promise(setImmediate);
    await send(url, 'wake up');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['wake up']);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('go in batches, each entry on its own', async () => {
    const url = await create('batch', { MaximumMessageSize: '1024' });
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'x'.repeat(1025) },
          { Id: 'c', MessageBody: 'two' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue' }]);
    const messages = await receive(url);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    expect((await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }))).Successful).toHaveLength(2);
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))).rejects.toMatchObject({
      name: 'EmptyBatchRequest',
    });
  });

  it('move to the dead letter queue after enough tries', async () => {
    const grave = await create('grave');
    const redrive = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:222222222222:grave',
      maxReceiveCount: 2,
    });
    const url = await create('redriven', { RedrivePolicy: redrive, VisibilityTimeout: '0' });
    await send(url, 'poison');
    expect([await bodies(url), await bodies(url), await bodies(url)]).toEqual([['poison'], ['poison'], []]);
    expect(await bodies(grave)).toEqual(['poison']);
  });

  it('move to a dead letter queue that allows it only', async () => {
    const arnOf = (name: string): string => `arn:aws:sqs:eu-west-1:222222222222:${name}`;
    const byQueue = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('friend')] });
    await create('private-grave', { RedriveAllowPolicy: byQueue });
    await create('closed-grave', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    const into = (grave: string) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(grave), maxReceiveCount: 2 }),
    });
    await expect(create('friend', into('private-grave'))).resolves.toBeDefined();
    await expect(create('stranger', into('private-grave'))).rejects.toThrow('does not allow');
    await expect(create('stranger', into('closed-grave'))).rejects.toThrow('does not allow');
    await expect(create('odd', { RedriveAllowPolicy: '{"redrivePermission":"byQueue"}' })).rejects.toThrow(
      'RedriveAllowPolicy',
    );
  });

  it('keep their order by group in a FIFO queue and are not sent twice', async () => {
    const url = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    for (const body of ['1', '2', '2']) await send(url, body, { MessageGroupId: 'g' });
    const [first, second] = await receive(url);
    expect([first?.Body, second?.Body]).toEqual(['1', '2']);
    await send(url, '3', { MessageGroupId: 'g' });
    expect(await bodies(url)).toEqual([]);
  });

  it('expire and can be purged', async () => {
    const url = await create('short', { MessageRetentionPeriod: '60' });
    await send(url, 'old');
    aws.world.clock.advance(61_000);
    expect(await bodies(url)).toEqual([]);
    await send(url, 'new');
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await bodies(url)).toEqual([]);
  });
});

describe('queue policies', () => {
  it('open a queue to another account and close it again', async () => {
    const url = await create('shared');
    await expect(others.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: '333333333333' },
      Action: 'sqs:SendMessage',
      Resource: 'arn:aws:sqs:eu-west-1:222222222222:shared',
    };
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: url,
        Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) },
      }),
    );
    await others.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'from outside' }));
    await expect(others.send(new ReceiveMessageCommand({ QueueUrl: url }))).rejects.toThrow(
      'not authorized to perform: sqs:ReceiveMessage',
    );
    expect(await bodies(url)).toEqual(['from outside']);
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: '' } }));
    await expect(others.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }))).rejects.toThrow(
      'not authorized',
    );
  });
});

describe('stopping the simulator', () => {
  it('ends long polls', async () => {
    const short = await startAws({ inProcess: true });
    const client = new SQSClient(short.clientConfig('producer', 'eu-west-1'));
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'q' }));
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await new Promise(setImmediate);
    await short.stop();
    expect((await waiting).Messages).toBeUndefined();
  });
});
