// What happens to messages inside a queue: put, take, hide, delete, give up on.
import { createHash } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import { numberAttribute, parseRedrive } from './attributes.ts';
import { queueByArn, type MessageAttribute, type Queue, type StoredMessage } from './queue.ts';
import { wake } from './waiting.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html */
const DEDUPLICATION_MS = 300_000;

export interface Draft {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly delaySeconds?: number | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly senderId: string;
  readonly dataKey?: Uint8Array | undefined;
}

export interface Sent {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}

export const md5 = (data: string | Uint8Array): string => createHash('md5').update(data).digest('hex');

const isFifo = (queue: Queue): boolean => queue.attributes.get('FifoQueue') === 'true';

/** @throws InvalidMessageContents, InvalidParameterValue as SendMessage does. */
export function put(world: World, queue: Queue, draft: Draft): Sent {
  const now = world.clock.now();
  checkDraft(queue, draft);
  const deduplicationId =
    draft.deduplicationId ?? (isFifo(queue) ? createHash('sha256').update(draft.body).digest('hex') : undefined);
  if (isFifo(queue) && deduplicationId !== undefined) {
    const recent = queue.recent.get(deduplicationId);
    if (recent !== undefined && now - recent.at < DEDUPLICATION_MS) return recent;
  }
  const id = uuid(world);
  queue.sequence += 1;
  const sequenceNumber = String(queue.sequence).padStart(20, '0');
  queue.messages.push({
    id,
    body: draft.body,
    attributes: draft.attributes,
    sentAt: now,
    senderId: draft.senderId,
    visibleAt: now + (draft.delaySeconds ?? numberAttribute(queue, 'DelaySeconds')) * 1000,
    receiveCount: 0,
    ...(draft.groupId === undefined ? {} : { groupId: draft.groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    ...(isFifo(queue) ? { sequenceNumber } : {}),
    ...(draft.dataKey === undefined ? {} : { dataKey: draft.dataKey }),
  });
  if (isFifo(queue) && deduplicationId !== undefined)
    queue.recent.set(deduplicationId, { at: now, messageId: id, sequenceNumber });
  wake(world, queue.arn);
  return isFifo(queue) ? { messageId: id, sequenceNumber } : { messageId: id };
}

function checkDraft(queue: Queue, { body, attributes, groupId, deduplicationId }: Draft): void {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidParameterValue', message, { status: 400 });
  };
  if (body === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.', { status: 400 });
  const attributeBytes = Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0),
    0,
  );
  const maximum = numberAttribute(queue, 'MaximumMessageSize');
  if (Buffer.byteLength(body) + attributeBytes > maximum) {
    refuse(`One or more parameters are invalid. Reason: Message must be shorter than ${maximum} bytes.`);
  }
  // oxlint-disable-next-line no-control-regex -- https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html lists the characters
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body)) {
    throw new AwsError('InvalidMessageContents', 'Invalid binary character was found in the message body.');
  }
  if (!isFifo(queue)) return;
  if (groupId === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.', { status: 400 });
  if (deduplicationId === undefined && queue.attributes.get('ContentBasedDeduplication') !== 'true') {
    refuse(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
}

/** Takes up to `maximum` visible messages and hides them; expired ones go, hopeless ones move to the dead letter queue. */
export function take(world: World, queue: Queue, maximum: number, visibilitySeconds: number): StoredMessage[] {
  const now = world.clock.now();
  const retention = numberAttribute(queue, 'MessageRetentionPeriod') * 1000;
  queue.messages = queue.messages.filter(({ sentAt }) => now - sentAt < retention);
  buryHopeless(world, queue, now);

  const busyGroups = new Set(
    queue.messages
      .filter(({ visibleAt, groupId }) => groupId !== undefined && visibleAt > now)
      .map(({ groupId }) => groupId),
  );
  const taken: StoredMessage[] = [];
  for (const message of queue.messages) {
    if (taken.length >= maximum) break;
    if (message.visibleAt > now || (isFifo(queue) && busyGroups.has(message.groupId))) continue;
    message.visibleAt = now + visibilitySeconds * 1000;
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.receiptHandle = Buffer.from(`${message.id}/${world.id(24)}`).toString('base64');
    taken.push(message);
  }
  return taken;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
function buryHopeless(world: World, queue: Queue, now: number): void {
  const redrive = parseRedrive(queue.attributes.get('RedrivePolicy'));
  const grave = redrive === undefined ? undefined : queueByArn(world, redrive.deadLetterTargetArn);
  if (redrive === undefined || grave === undefined) return;
  const hopeless = queue.messages.filter(
    ({ receiveCount, visibleAt }) => visibleAt <= now && receiveCount >= Number(redrive.maxReceiveCount),
  );
  if (hopeless.length === 0) return;
  queue.messages = queue.messages.filter((message) => !hopeless.includes(message));
  grave.messages.push(...hopeless);
  wake(world, grave.arn);
}

/** World time at which the next hidden message shows again; undefined when none is hidden. */
export function nextVisibleAt(queue: Queue, now: number): number | undefined {
  const times = queue.messages.map(({ visibleAt }) => visibleAt).filter((at) => at > now);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Deletes by receipt handle. A handle of a deleted message is accepted, as AWS does; a malformed one is not. */
export function remove(queue: Queue, receiptHandle: string | undefined): void {
  const id = messageIdOf(receiptHandle);
  queue.messages = queue.messages.filter((message) => message.id !== id);
}

/** @throws MessageNotInflight, ReceiptHandleIsInvalid */
export function changeVisibility(world: World, queue: Queue, receiptHandle: string | undefined, seconds: number): void {
  const id = messageIdOf(receiptHandle);
  const message = queue.messages.find((candidate) => candidate.id === id);
  const now = world.clock.now();
  if (message === undefined || message.visibleAt <= now) {
    throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
  }
  message.visibleAt = now + seconds * 1000;
  if (seconds === 0) wake(world, queue.arn);
}

function messageIdOf(receiptHandle: string | undefined): string {
  const [id = '', secret] = Buffer.from(receiptHandle ?? '', 'base64')
    .toString()
    .split('/');
  if (secret === undefined) throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  return id;
}

const HEX = '0123456789abcdef';

function uuid(world: World): string {
  const digits = Array.from({ length: 32 }, () => HEX.charAt(Math.floor(world.random() * 16))).join('');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const prefixed = (data: Uint8Array): Uint8Array[] => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.byteLength);
    return [length, data];
  };
  const parts = names.flatMap((name) => {
    const { DataType = '', StringValue = '', BinaryValue } = attributes[name] ?? {};
    const value = BinaryValue ?? Buffer.from(StringValue);
    const transport = Buffer.from([BinaryValue === undefined ? 1 : 2]);
    return [...prefixed(Buffer.from(name)), ...prefixed(Buffer.from(DataType)), transport, ...prefixed(value)];
  });
  return md5(Buffer.concat(parts));
}
