// SQS: the queue through which an environment's changes reach us within seconds.
import type * as sdk from '@aws-sdk/client-sqs';
import type { AwsFault } from '../fault.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface QueueMessage {
  readonly id: string;
  /** Names this delivery when deleting. */
  readonly receipt: string;
  readonly body: string;
  readonly deliveries: number;
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html: at most 10 messages, 20 seconds.
const largestBatch = 10;
const longestWait = 20;
/** Milliseconds the answer of a long poll may come later than asked. */
const grace = 10_000;

export class Sqs {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  /** URL of a queue of this account by name. */
  async queueUrl(name: string): Promise<string | undefined> {
    return (await this.#service.find('GetQueueUrl', { QueueName: name }))?.QueueUrl;
  }

  /** Up to ten messages, as soon as there is one; none after `wait` seconds (0..20). */
  async receive(queueUrl: string, wait = longestWait): Promise<readonly QueueMessage[]> {
    const { Messages = [] } = await this.#service.read(
      'ReceiveMessage',
      {
        QueueUrl: queueUrl,
        WaitTimeSeconds: wait,
        MaxNumberOfMessages: largestBatch,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      },
      { timeout: wait * 1000 + grace },
    );
    return Messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      id: MessageId ?? '',
      receipt: ReceiptHandle ?? '',
      body: Body ?? '',
      deliveries: Number(Attributes?.ApproximateReceiveCount ?? 1),
    }));
  }

  /** Deletes what has been handled. @returns faults of those that stay and come again */
  async deleteMessages(queueUrl: string, messages: readonly QueueMessage[]): Promise<readonly AwsFault[]> {
    const faults: AwsFault[] = [];
    for (let start = 0; start < messages.length; start += largestBatch) {
      const { Failed = [] } = await this.#service.write('DeleteMessageBatch', {
        QueueUrl: queueUrl,
        Entries: messages
          .slice(start, start + largestBatch)
          .map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
      });
      faults.push(
        ...Failed.map(({ Code, Message }) =>
          this.#service.entryFault('DeleteMessageBatch', Code ?? 'Unknown', Message ?? ''),
        ),
      );
    }
    return faults;
  }
}
