// Queue attributes: defaults, limits, and the ones that are computed.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { World } from '../../core/world.ts';
import { readPolicy } from '../../core/policy-text.ts';
import { showPrincipals, storePrincipals, unknownPrincipals } from '../../core/principal-ids.ts';
import { queueByArn, type Queue } from './queue.ts';

interface NumberRange {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

const NUMBERS: Readonly<Record<string, NumberRange>> = {
  DelaySeconds: { default: 0, minimum: 0, maximum: 900 },
  MaximumMessageSize: { default: 1_048_576, minimum: 1024, maximum: 1_048_576 },
  MessageRetentionPeriod: { default: 345_600, minimum: 60, maximum: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { default: 0, minimum: 0, maximum: 20 },
  VisibilityTimeout: { default: 30, minimum: 0, maximum: 43_200 },
};
const BOOLEANS = new Set(['FifoQueue', 'ContentBasedDeduplication', 'SqsManagedSseEnabled']);
const FREE = new Set(['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'DeduplicationScope', 'FifoThroughputLimit']);

const invalid = (name: string): AwsError =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);

/** Writes checked attributes over those the queue has; the empty string removes one, as in AWS. */
export function setAttributes(
  call: Call,
  { arn, attributes }: Pick<Queue, 'arn' | 'attributes'>,
  changes: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(changes)) {
    checkAttribute(call, arn, name, value);
    if (value === '') attributes.delete(name);
    else attributes.set(name, name === 'Policy' ? JSON.stringify(readQueuePolicy(call, value)) : value);
  }
}

function checkAttribute(call: Call, queue: string, name: string, value: string): void {
  const range = NUMBERS[name];
  if (range !== undefined) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < range.minimum || number > range.maximum) throw invalid(name);
  } else if (BOOLEANS.has(name)) {
    if (value !== 'true' && value !== 'false') throw invalid(name);
  } else if (name === 'Policy') {
    if (value !== '') readQueuePolicy(call, value);
  } else if (name === 'RedrivePolicy') {
    if (value !== '') checkRedrive(call, queue, value);
  } else if (name === 'RedriveAllowPolicy') {
    if (value !== '' && sourcesAllowedBy(value) === undefined) throw invalid(name);
  } else if (!FREE.has(name)) {
    throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
}

/** The form to keep: users and roles by unique id. The queue itself may stand for the resource. */
function readQueuePolicy(call: Call, text: string): PolicyDocument {
  const reading = readPolicy(text, { principal: 'required', resource: 'optional' });
  if (!reading.ok || unknownPrincipals(call.world, reading.policy).length > 0) throw invalid('Policy');
  return storePrincipals(call.world, reading.policy);
}

export interface Redrive {
  readonly deadLetterTargetArn: string;
  /** Templates and consoles write it either way. */
  readonly maxReceiveCount: number | string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html: same account and region. */
function checkRedrive(call: Call, source: string, text: string): void {
  const redrive = parseRedrive(text);
  const count = Number(redrive?.maxReceiveCount);
  if (redrive === undefined || !(count >= 1 && count <= 1000)) throw invalid('RedrivePolicy');
  const target = queueByArn(call.world, redrive.deadLetterTargetArn);
  if (target === undefined || target.region !== call.region) {
    throw new AwsError(
      'InvalidAttributeValue',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  }
  const allowed = sourcesAllowedBy(target.attributes.get('RedriveAllowPolicy') ?? '{}');
  if (allowed === 'all' || allowed?.includes(source) === true) return;
  throw new AwsError(
    'InvalidAttributeValue',
    `Value ${text} for parameter RedrivePolicy is invalid. Reason: the RedriveAllowPolicy of the dead letter target does not allow ${source}.`,
  );
}

/** Which queues may name this one as their dead letter queue; undefined for what is no such policy. */
function sourcesAllowedBy(text: string): 'all' | readonly string[] | undefined {
  const policy = parseJson<{ redrivePermission?: unknown; sourceQueueArns?: unknown }>(text);
  const { redrivePermission: permission = 'allowAll', sourceQueueArns: arns } = policy ?? {};
  if (policy === undefined) return undefined;
  if (permission === 'byQueue')
    return Array.isArray(arns) && arns.length > 0 && arns.length <= MOST_SOURCES ? arns.map(String) : undefined;
  if (arns !== undefined) return undefined;
  return permission === 'allowAll' ? 'all' : permission === 'denyAll' ? [] : undefined;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const MOST_SOURCES = 10;

export const parseRedrive = (text: string | undefined): Redrive | undefined =>
  text === undefined ? undefined : parseJson<Redrive>(text);

function parseJson<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** A numeric attribute in force. */
export const numberAttribute = (queue: Queue, name: string): number =>
  Number(queue.attributes.get(name) ?? NUMBERS[name]?.default ?? 0);

/** All attributes that GetQueueAttributes can answer. */
export function describeAttributes(world: World, queue: Queue): Map<string, string> {
  const now = world.clock.now();
  const policy = queue.attributes.get('Policy');
  const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= now);
  const hidden = queue.messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0);
  return new Map([
    ['QueueArn', queue.arn],
    ['CreatedTimestamp', String(Math.floor(queue.createdAt / 1000))],
    ['LastModifiedTimestamp', String(Math.floor(queue.modifiedAt / 1000))],
    ['ApproximateNumberOfMessages', String(visible.length)],
    ['ApproximateNumberOfMessagesNotVisible', String(hidden.length - delayed.length)],
    ['ApproximateNumberOfMessagesDelayed', String(delayed.length)],
    ...Object.entries(NUMBERS).map(([name, range]) => [name, String(range.default)] as const),
    ...(queue.attributes.has('KmsMasterKeyId') ? [] : [['SqsManagedSseEnabled', 'true'] as const]),
    ...queue.attributes,
    ...(policy === undefined
      ? []
      : [['Policy', JSON.stringify(showPrincipals(world, JSON.parse(policy) as PolicyDocument))] as const]),
  ]);
}
