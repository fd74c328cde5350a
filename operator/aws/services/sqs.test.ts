import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFault } from '../fault.ts';
import { startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';
import { withCallContext } from '../call-context.ts';

let world: SimulatedAccounts;
let url: string;
beforeAll(async () => {
  world = await startAccounts();
  await world.administer('producer', 'sqs', 'CreateQueue', { QueueName: 'changes' });
  url = (await world.producer.sqs.queueUrl('changes')) ?? '';
});
afterAll(async () => await world.stop());

const send = async (body: string) =>
  await world.administer('producer', 'sqs', 'SendMessage', { QueueUrl: url, MessageBody: body });

it('finds a queue by name', async () => {
  expect(url).toContain('/changes');
  expect(await world.producer.sqs.queueUrl('other')).toBeUndefined();
});

it('receives what is there and deletes what was handled', async () => {
  const { sqs } = world.producer;
  for (let index = 0; index < 13; index += 1) await send(`change ${index}`);
  const messages = [...(await sqs.receive(url, 0)), ...(await sqs.receive(url, 0))];
  expect(messages.map(({ body }) => body).sort()).toEqual(
    Array.from({ length: 13 }, (_, index) => `change ${index}`).sort(),
  );
  expect(messages.every(({ deliveries }) => deliveries === 1)).toBe(true);
  expect(await sqs.deleteMessages(url, messages)).toEqual([]);
  expect(await sqs.receive(url, 0)).toEqual([]);
});

it('waits for the first message, and stops waiting with its work', async () => {
  const { sqs } = world.producer;
  const polled = sqs.receive(url, 20);
  setImmediate(() => void send('late'));
  const messages = await polled;
  expect(messages.map(({ body }) => body)).toEqual(['late']);
  await sqs.deleteMessages(url, messages);
  const abort = new AbortController();
  const endless = withCallContext({ item: 'poll', reconcileId: '1', signal: abort.signal }, () => sqs.receive(url, 20));
  setImmediate(() => abort.abort());
  await expect(endless).rejects.toSatisfy((error) => isFault(error, 'Cancelled'));
});
