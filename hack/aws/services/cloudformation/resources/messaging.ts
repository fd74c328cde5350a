// AWS::SQS::Queue, AWS::SQS::QueuePolicy and AWS::Events::Rule.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_SQS.html, AWS_Events.html
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject, type JsonObject } from '../template.ts';
import { document, objects, removedTagKeys, tags, text, texts, without } from './values.ts';

const QUEUE_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

function queueAttributes(properties: JsonObject): Record<string, string> {
  const given = [...QUEUE_ATTRIBUTES, 'FifoQueue'].filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [
      name,
      isObject(properties[name]) ? JSON.stringify(properties[name]) : String(properties[name]),
    ]),
  );
}

const tagMap = (properties: JsonObject): Record<string, string> =>
  Object.fromEntries(tags(properties).map(({ Key, Value }) => [Key, Value]));

export const queue: ResourceType = {
  properties: {
    QueueName: 'replace',
    FifoQueue: 'replace',
    Tags: 'update',
    ...Object.fromEntries(QUEUE_ATTRIBUTES.map((name) => [name, 'update' as const])),
  },
  tags: 'list',
  async create(properties, context) {
    const suffix = String(properties['FifoQueue']) === 'true' ? '.fifo' : '';
    const QueueName = text(properties, 'QueueName') ?? context.generatedName(80 - suffix.length) + suffix;
    const { QueueUrl } = await context.invoke<{ QueueUrl: string }>('sqs', 'CreateQueue', {
      QueueName,
      Attributes: queueAttributes(properties),
      ...(tags(properties).length === 0 ? {} : { tags: tagMap(properties) }),
    });
    return madeQueue(QueueUrl, context);
  },
  async update(QueueUrl, properties, previous, context) {
    const { FifoQueue: _, ...now } = queueAttributes(properties);
    // An attribute that left the template goes back to its default; the empty string says so.
    const dropped = without(Object.keys(queueAttributes(previous)), [...Object.keys(now), 'FifoQueue']).map((name) => [
      name,
      DEFAULTS[name] ?? '',
    ]);
    const Attributes = { ...now, ...Object.fromEntries(dropped) } as Record<string, string>;
    if (Object.keys(Attributes).length > 0) await context.invoke('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    const gone = removedTagKeys(previous, properties);
    if (gone.length > 0) await context.invoke('sqs', 'UntagQueue', { QueueUrl, TagKeys: gone });
    if (tags(properties).length > 0) await context.invoke('sqs', 'TagQueue', { QueueUrl, Tags: tagMap(properties) });
    return madeQueue(QueueUrl, context);
  },
  async remove(QueueUrl, _, context) {
    await context.invoke('sqs', 'DeleteQueue', { QueueUrl });
  },
};

/** Attributes that cannot be emptied. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  ContentBasedDeduplication: 'false',
  SqsManagedSseEnabled: 'true',
};

function madeQueue(QueueUrl: string, { region, account }: ResourceContext) {
  const QueueName = QueueUrl.split('/').at(-1) ?? '';
  return {
    physicalId: QueueUrl,
    attributes: { Arn: `arn:aws:sqs:${region}:${account}:${QueueName}`, QueueName, QueueUrl },
  };
}

export const queuePolicy: ResourceType = {
  properties: { PolicyDocument: 'update', Queues: 'update' },
  required: ['PolicyDocument', 'Queues'],
  async create(properties, context) {
    await setPolicies(properties, {}, context);
    return { physicalId: context.generatedName(128) };
  },
  async update(physicalId, properties, previous, context) {
    await setPolicies(properties, previous, context);
    return { physicalId };
  },
  remove: (_, properties, context) => setPolicies({}, properties, context),
};

async function setPolicies(properties: JsonObject, previous: JsonObject, context: ResourceContext): Promise<void> {
  const queues = texts(properties, 'Queues');
  for (const QueueUrl of without(texts(previous, 'Queues'), queues))
    await context.invoke('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } });
  for (const QueueUrl of queues) {
    await context.invoke('sqs', 'SetQueueAttributes', {
      QueueUrl,
      Attributes: { Policy: document(properties, 'PolicyDocument') ?? '' },
    });
  }
}

export const eventRule: ResourceType = {
  properties: {
    Name: 'replace',
    EventBusName: 'replace',
    Description: 'update',
    EventPattern: 'update',
    ScheduleExpression: 'update',
    RoleArn: 'update',
    State: 'update',
    Targets: 'update',
    Tags: 'update',
  },
  tags: 'list',
  async create(properties, context) {
    const Name = text(properties, 'Name') ?? context.generatedName(64);
    const arn = await putRule(Name, properties, {}, context);
    return { physicalId: Name, attributes: { Arn: arn } };
  },
  async update(Name, properties, previous, context) {
    const arn = await putRule(Name, properties, previous, context);
    const gone = removedTagKeys(previous, properties);
    if (gone.length > 0) await context.invoke('events', 'UntagResource', { ResourceARN: arn, TagKeys: gone });
    if (tags(properties).length > 0)
      await context.invoke('events', 'TagResource', { ResourceARN: arn, Tags: tags(properties) });
    return { physicalId: Name, attributes: { Arn: arn } };
  },
  async remove(Name, properties, context) {
    const Ids = targetIds(properties);
    if (Ids.length > 0) await context.invoke('events', 'RemoveTargets', { Rule: Name, Ids });
    await context.invoke('events', 'DeleteRule', { Name });
  },
};

const targetIds = (properties: JsonObject): string[] => objects(properties, 'Targets').map(({ Id }) => String(Id));

async function putRule(
  Name: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<string> {
  const { RuleArn } = await context.invoke<{ RuleArn: string }>('events', 'PutRule', {
    Name,
    EventBusName: text(properties, 'EventBusName'),
    Description: text(properties, 'Description'),
    EventPattern: document(properties, 'EventPattern'),
    ScheduleExpression: text(properties, 'ScheduleExpression'),
    RoleArn: text(properties, 'RoleArn'),
    State: text(properties, 'State'),
    ...(previous['Tags'] === undefined && tags(properties).length > 0 ? { Tags: tags(properties) } : {}),
  });
  const gone = without(targetIds(previous), targetIds(properties));
  if (gone.length > 0) await context.invoke('events', 'RemoveTargets', { Rule: Name, Ids: gone });
  if (targetIds(properties).length > 0)
    await context.invoke('events', 'PutTargets', { Rule: Name, Targets: properties['Targets'] });
  return RuleArn;
}
