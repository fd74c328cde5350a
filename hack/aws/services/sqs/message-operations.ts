// Messages: send, receive (with long polling), delete, hide, one by one and in batches.
import type {
  BatchResultErrorEntry,
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  DeleteMessageRequest,
  Message,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { numberAttribute } from './attributes.ts';
import { changeVisibility, md5, md5OfAttributes, nextVisibleAt, put, remove, take } from './delivery.ts';
import { queueByUrl, queueNeed, type MessageAttribute, type Queue, type StoredMessage } from './queue.ts';
import { isStopped, sleepUntilChange } from './waiting.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html and API_SendMessageBatch.html */
const MAX_BATCH = 10;
/** The AWS managed key: its policy cannot be changed, so no service can send through it. */
const MANAGED_KEY = 'alias/aws/sqs';

type SendFields = Omit<SendMessageRequest, 'QueueUrl'>;

async function send(call: Call, queue: Queue, input: SendFields): Promise<SendMessageResult> {
  const attributes = (input.MessageAttributes ?? {}) as Readonly<Record<string, MessageAttribute>>;
  const { messageId, sequenceNumber } = put(call.world, queue, {
    body: input.MessageBody ?? '',
    attributes,
    delaySeconds: input.DelaySeconds,
    groupId: input.MessageGroupId,
    deduplicationId: input.MessageDeduplicationId,
    senderId: senderId(call),
    dataKey: await dataKey(call, queue),
  });
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(input.MessageBody ?? ''),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    SequenceNumber: sequenceNumber,
  };
}

function senderId({ principal }: Call): string {
  if (principal.kind === 'role-session') return `${principal.roleId}:${principal.sessionName}`;
  if (principal.kind === 'user') return principal.userId;
  return principal.kind === 'service' ? principal.service : principal.kind === 'root' ? principal.account : '';
}

/** Senders to an encrypted queue need the key: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
async function dataKey(call: Call, queue: Queue): Promise<Uint8Array | undefined> {
  const keyId = queue.attributes.get('KmsMasterKeyId');
  if (keyId === undefined) return undefined;
  if (keyId === MANAGED_KEY) {
    if (call.principal.kind !== 'service') return undefined;
    throw new AwsError('KmsAccessDenied', `the key policy of ${MANAGED_KEY} lets no AWS service send to the queue`);
  }
  const { CiphertextBlob } = await call.invoke<{ CiphertextBlob: Uint8Array }>('kms', 'GenerateDataKey', {
    KeyId: keyId,
    KeySpec: 'AES_256',
  });
  return CiphertextBlob;
}

const SendMessage = operation<SendMessageRequest, SendMessageResult>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => [queueNeed('SendMessage', call, input.QueueUrl)],
  handle: (input, call) => send(call, queueByUrl(call, input.QueueUrl), input),
});

const SendMessageBatch = operation<SendMessageBatchRequest, SendMessageBatchResult>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => [queueNeed('SendMessage', call, input.QueueUrl)],
  handle: async (input, call) => {
    const queue = queueByUrl(call, input.QueueUrl);
    const { successful, failed } = await eachEntry(input.Entries, async (entry) => ({
      Id: entry.Id,
      ...(await send(call, queue, entry)),
    }));
    return { Successful: successful as SendMessageBatchResult['Successful'], Failed: failed };
  },
});

const ReceiveMessage = operation<ReceiveMessageRequest, ReceiveMessageResult>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => [queueNeed('ReceiveMessage', call, input.QueueUrl)],
  handle: async (input, call) => {
    const { clock } = call.world;
    const maximum = input.MaxNumberOfMessages ?? 1;
    if (maximum < 1 || maximum > MAX_BATCH) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${maximum} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and ${MAX_BATCH}, if provided.`,
        { status: 400 },
      );
    }
    const first = queueByUrl(call, input.QueueUrl);
    const wait = input.WaitTimeSeconds ?? numberAttribute(first, 'ReceiveMessageWaitTimeSeconds');
    const deadline = clock.now() + wait * 1000;
    for (;;) {
      const queue = queueByUrl(call, input.QueueUrl);
      const messages = take(
        call.world,
        queue,
        maximum,
        input.VisibilityTimeout ?? numberAttribute(queue, 'VisibilityTimeout'),
      );
      const now = clock.now();
      if (messages.length > 0)
        return { Messages: await Promise.all(messages.map((message) => toMessage(call, message, input))) };
      if (now >= deadline || isStopped(call.world)) return {};
      await sleepUntilChange(call.world, queue.arn, Math.min(deadline, nextVisibleAt(queue, now) ?? deadline) - now);
    }
  },
});

async function toMessage(call: Call, message: StoredMessage, input: ReceiveMessageRequest): Promise<Message> {
  if (message.dataKey !== undefined) await call.invoke('kms', 'Decrypt', { CiphertextBlob: message.dataKey });
  const system = new Map([
    ['SenderId', message.senderId],
    ['SentTimestamp', String(message.sentAt)],
    ['ApproximateReceiveCount', String(message.receiveCount)],
    ['ApproximateFirstReceiveTimestamp', String(message.firstReceivedAt)],
    ...(message.groupId === undefined ? [] : [['MessageGroupId', message.groupId] as const]),
    ...(message.deduplicationId === undefined ? [] : [['MessageDeduplicationId', message.deduplicationId] as const]),
    ...(message.sequenceNumber === undefined ? [] : [['SequenceNumber', message.sequenceNumber] as const]),
  ]);
  const wantedSystem = new Set<string>([...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])]);
  const Attributes = Object.fromEntries(
    [...system].filter(([name]) => wantedSystem.has('All') || wantedSystem.has(name)),
  );
  const MessageAttributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => isWanted(name, input.MessageAttributeNames ?? [])),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(Attributes).length > 0 ? { Attributes } : {}),
    ...(Object.keys(MessageAttributes).length > 0
      ? { MessageAttributes, MD5OfMessageAttributes: md5OfAttributes(MessageAttributes) }
      : {}),
  };
}

/** `All`, `.*`, `prefix.*` or a name. */
const isWanted = (name: string, patterns: readonly string[]): boolean =>
  patterns.some(
    (pattern) =>
      pattern === 'All' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
  );

const DeleteMessage = operation<DeleteMessageRequest, object>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => [queueNeed('DeleteMessage', call, input.QueueUrl)],
  handle: (input, call) => {
    remove(queueByUrl(call, input.QueueUrl), input.ReceiptHandle);
    return {};
  },
});

const DeleteMessageBatch = operation<DeleteMessageBatchRequest, DeleteMessageBatchResult>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => [queueNeed('DeleteMessage', call, input.QueueUrl)],
  handle: async (input, call) => {
    const queue = queueByUrl(call, input.QueueUrl);
    const { successful, failed } = await eachEntry(input.Entries, (entry) => {
      remove(queue, entry.ReceiptHandle);
      return { Id: entry.Id };
    });
    return { Successful: successful, Failed: failed };
  },
});

const ChangeMessageVisibility = operation<ChangeMessageVisibilityRequest, object>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => [queueNeed('ChangeMessageVisibility', call, input.QueueUrl)],
  handle: (input, call) => {
    changeVisibility(call.world, queueByUrl(call, input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout ?? 0);
    return {};
  },
});

const ChangeMessageVisibilityBatch = operation<ChangeMessageVisibilityBatchRequest, ChangeMessageVisibilityBatchResult>(
  {
    access: 'write',
    dataPlane: true,
    needs: (input, call) => [queueNeed('ChangeMessageVisibility', call, input.QueueUrl)],
    handle: async (input, call) => {
      const queue = queueByUrl(call, input.QueueUrl);
      const { successful, failed } = await eachEntry(input.Entries, (entry) => {
        changeVisibility(call.world, queue, entry.ReceiptHandle, entry.VisibilityTimeout ?? 0);
        return { Id: entry.Id };
      });
      return { Successful: successful, Failed: failed };
    },
  },
);

/** Batches succeed or fail entry by entry, after the batch as a whole was found well-formed. */
async function eachEntry<E extends { Id: string | undefined }, R>(
  entries: readonly E[] | undefined,
  act: (entry: E) => R | Promise<R>,
): Promise<{ successful: R[]; failed: BatchResultErrorEntry[] }> {
  const all = entries ?? [];
  if (all.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (all.length > MAX_BATCH) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_BATCH}. You have sent ${all.length}.`,
    );
  }
  if (new Set(all.map(({ Id }) => Id)).size < all.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const successful: R[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of all) {
    try {
      successful.push(await act(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { successful, failed };
}

export const messageOperations: Readonly<Record<string, AnyOperation>> = {
  SendMessage,
  SendMessageBatch,
  ReceiveMessage,
  DeleteMessage,
  DeleteMessageBatch,
  ChangeMessageVisibility,
  ChangeMessageVisibilityBatch,
};
