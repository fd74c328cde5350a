// One queue: its attributes, its messages and who may use it.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need, RequestContext } from '../../core/operation.ts';
import type { World } from '../../core/world.ts';
import { resourceTagContext } from '../../core/tagging.ts';

export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sentAt: number;
  readonly senderId: string;
  /** FIFO only. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  /** The data key that KMS gave to the sender; the receiver must be allowed to decrypt it. */
  readonly dataKey?: Uint8Array;
  /** World time from which the message can be received. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  receiptHandle?: string;
}

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly createdAt: number;
  modifiedAt: number;
  purgedAt?: number;
  messages: StoredMessage[];
  /** FIFO deduplication id -> the message it stood for, for five minutes. */
  readonly recent: Map<string, { readonly at: number; readonly messageId: string; readonly sequenceNumber: string }>;
  sequence: number;
}

interface QueueStore {
  readonly queues: Map<string, Queue>;
}

export const queuesOf = (world: World, account: string, region: string): Map<string, Queue> =>
  world.state<QueueStore>('sqs', account, region, () => ({ queues: new Map() })).queues;

export const queueUrl = ({ region, account, name }: Pick<Queue, 'region' | 'account' | 'name'>): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

const missing = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** The queue a URL names: only its path counts, so it works with every endpoint. */
export function queueByUrl(call: Call, url: string | undefined): Queue {
  const [, account = '', name = ''] = /\/(\d{12})\/([^/]+)$/.exec(url ?? '') ?? [];
  const queue = queuesOf(call.world, account, call.region).get(name);
  if (queue === undefined) throw missing();
  return queue;
}

export function queueByArn(world: World, arn: string): Queue | undefined {
  const [, , service, region = '', account = '', name = ''] = arn.split(':');
  return service === 'sqs' ? queuesOf(world, account, region).get(name) : undefined;
}

/** What one action on an existing queue demands: identity side and queue policy. */
export function queueNeed(action: string, call: Call, url: string | undefined, context: RequestContext = {}): Need {
  const queue = queueByUrl(call, url);
  const policy = queue.attributes.get('Policy');
  return {
    action: `sqs:${action}`,
    resource: queue.arn,
    resourceAccount: queue.account,
    resourcePolicies: policy === undefined ? [] : [JSON.parse(policy) as PolicyDocument],
    context: { ...resourceTagContext(queue.tags), ...sourceContext(call), ...context },
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-examples-of-sqs-policies.html: a service names the resource it acts for. */
function sourceContext({ principal }: Call): RequestContext {
  if (principal.kind !== 'service' || principal.sourceArn === undefined) return {};
  return { 'aws:SourceArn': principal.sourceArn, 'aws:SourceAccount': principal.account };
}
