// Queues themselves: create, find, describe, change, delete, tags.
import type {
  CreateQueueRequest,
  CreateQueueResult,
  DeleteQueueRequest,
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListQueuesRequest,
  ListQueuesResult,
  ListQueueTagsRequest,
  ListQueueTagsResult,
  PurgeQueueRequest,
  SetQueueAttributesRequest,
  TagQueueRequest,
  UntagQueueRequest,
} from '@aws-sdk/client-sqs';
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { requestTagContext, tagKeysContext, type Tag } from '../../core/tagging.ts';
import { describeAttributes, setAttributes } from './attributes.ts';
import { queueByUrl, queueNeed, queuesOf, queueUrl, type Queue } from './queue.ts';
import { wake } from './waiting.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html: once in 60 seconds. */
const PURGE_INTERVAL_MS = 60_000;

const queueArn = (call: Call, name: string): string => `arn:aws:sqs:${call.region}:${call.account}:${name}`;

const toTags = (tags: Readonly<Record<string, string>> | undefined): Tag[] | undefined =>
  tags === undefined ? undefined : Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const CreateQueue = operation<CreateQueueRequest, CreateQueueResult>({
  access: 'write',
  needs: (input, call) => {
    const resource = queueArn(call, input.QueueName ?? '');
    const context = requestTagContext(toTags(input.tags));
    return [
      { action: 'sqs:CreateQueue', resource, context },
      ...(input.tags === undefined ? [] : [{ action: 'sqs:TagQueue', resource, context }]),
    ];
  },
  handle: (input, call) => {
    const name = input.QueueName ?? '';
    const attributes = input.Attributes ?? {};
    const isFifo = attributes['FifoQueue'] === 'true';
    if (
      !/^[A-Za-z0-9_-]{1,80}$/.test(name.replace(/\.fifo$/, '')) ||
      name.length > 80 ||
      name.endsWith('.fifo') !== isFifo
    ) {
      throw new AwsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length. The name of a FIFO queue can only end with .fifo.',
        { status: 400 },
      );
    }
    const queues = queuesOf(call.world, call.account, call.region);
    const existing = queues.get(name);
    if (existing !== undefined) return { QueueUrl: queueUrl(sameOrRefuse(call, existing, attributes)) };
    const now = call.world.clock.now();
    const queue: Queue = {
      name,
      arn: queueArn(call, name),
      account: call.account,
      region: call.region,
      attributes: new Map(),
      tags: new Map(Object.entries(input.tags ?? {})),
      createdAt: now,
      modifiedAt: now,
      messages: [],
      recent: new Map(),
      sequence: 0,
    };
    setAttributes(call, queue, attributes);
    queues.set(name, queue);
    return { QueueUrl: queueUrl(queue) };
  },
});

/** Creating again is fine with the same attributes. */
function sameOrRefuse(call: Call, queue: Queue, attributes: Readonly<Record<string, string>>): Queue {
  const described = describeAttributes(call.world, queue);
  const different = Object.entries(attributes).find(([name, value]) => !isSame(described.get(name), value));
  if (different === undefined) return queue;
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${different[0]}`,
  );
}

/** Policies are written in many ways. */
function isSame(actual: string | undefined, wanted: string): boolean {
  if (actual === wanted || actual === undefined || !wanted.startsWith('{')) return actual === wanted;
  return isDeepStrictEqual(JSON.parse(actual), JSON.parse(wanted));
}

const DeleteQueue = operation<DeleteQueueRequest, object>({
  access: 'write',
  needs: (input, call) => [queueNeed('DeleteQueue', call, input.QueueUrl)],
  handle: (input, call) => {
    const queue = queueByUrl(call, input.QueueUrl);
    queuesOf(call.world, queue.account, queue.region).delete(queue.name);
    wake(call.world, queue.arn);
    return {};
  },
});

const GetQueueUrl = operation<GetQueueUrlRequest, GetQueueUrlResult>({
  access: 'read',
  needs: (input, call) => [queueNeed('GetQueueUrl', call, urlOf(input, call))],
  handle: (input, call) => ({ QueueUrl: queueUrl(queueByUrl(call, urlOf(input, call))) }),
});

const urlOf = (input: GetQueueUrlRequest, call: Call): string =>
  `/${input.QueueOwnerAWSAccountId ?? call.account}/${input.QueueName ?? ''}`;

const ListQueues = operation<ListQueuesRequest, ListQueuesResult>({
  access: 'read',
  needs: () => [{ action: 'sqs:ListQueues', resource: '*' }],
  handle: (input, call) => {
    const queues = [...queuesOf(call.world, call.account, call.region).values()].filter(({ name }) =>
      name.startsWith(input.QueueNamePrefix ?? ''),
    );
    const { items, next } = page(queues, input.NextToken, input.MaxResults ?? 1000, 'InvalidParameterValue');
    return items.length === 0 ? {} : { QueueUrls: items.map(queueUrl), NextToken: next };
  },
});

const GetQueueAttributes = operation<GetQueueAttributesRequest, GetQueueAttributesResult>({
  access: 'read',
  needs: (input, call) => [queueNeed('GetQueueAttributes', call, input.QueueUrl)],
  handle: (input, call) => {
    const described = describeAttributes(call.world, queueByUrl(call, input.QueueUrl));
    const wanted = new Set<string>(input.AttributeNames ?? []);
    const chosen = [...described].filter(([name]) => wanted.has('All') || wanted.has(name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  },
});

const SetQueueAttributes = operation<SetQueueAttributesRequest, object>({
  access: 'write',
  needs: (input, call) => [queueNeed('SetQueueAttributes', call, input.QueueUrl)],
  handle: (input, call) => {
    const queue = queueByUrl(call, input.QueueUrl);
    setAttributes(call, queue, input.Attributes ?? {});
    queue.modifiedAt = call.world.clock.now();
    return {};
  },
});

const PurgeQueue = operation<PurgeQueueRequest, object>({
  access: 'write',
  needs: (input, call) => [queueNeed('PurgeQueue', call, input.QueueUrl)],
  handle: (input, call) => {
    const queue = queueByUrl(call, input.QueueUrl);
    const now = call.world.clock.now();
    if (queue.purgedAt !== undefined && now - queue.purgedAt < PURGE_INTERVAL_MS) {
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      );
    }
    queue.purgedAt = now;
    queue.messages = [];
    return {};
  },
});

const TagQueue = operation<TagQueueRequest, object>({
  access: 'write',
  needs: (input, call) => [queueNeed('TagQueue', call, input.QueueUrl, requestTagContext(toTags(input.Tags)))],
  handle: (input, call) => {
    const { tags } = queueByUrl(call, input.QueueUrl);
    for (const [key, value] of Object.entries(input.Tags ?? {})) tags.set(key, value);
    return {};
  },
});

const UntagQueue = operation<UntagQueueRequest, object>({
  access: 'write',
  needs: (input, call) => [queueNeed('UntagQueue', call, input.QueueUrl, tagKeysContext(input.TagKeys))],
  handle: (input, call) => {
    const { tags } = queueByUrl(call, input.QueueUrl);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const ListQueueTags = operation<ListQueueTagsRequest, ListQueueTagsResult>({
  access: 'read',
  needs: (input, call) => [queueNeed('ListQueueTags', call, input.QueueUrl)],
  handle: (input, call) => {
    const { tags } = queueByUrl(call, input.QueueUrl);
    return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
  },
});

export const queueOperations: Readonly<Record<string, AnyOperation>> = {
  CreateQueue,
  DeleteQueue,
  GetQueueUrl,
  ListQueues,
  GetQueueAttributes,
  SetQueueAttributes,
  PurgeQueue,
  TagQueue,
  UntagQueue,
  ListQueueTags,
};
