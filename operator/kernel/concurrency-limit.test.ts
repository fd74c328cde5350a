import { expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit.ts';

const never = new AbortController().signal;
const limit = (running: number, waiting: number) =>
  new ConcurrencyLimit({ running, waiting, refuse: (why, key) => new Error(`${key}: ${why}`) });

/** Something that runs until it is told to end. */
const task = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = false;
  const run = (): Promise<void> => {
    begun = true;
    return promise;
  };
  return { run, end: resolve, hasBegun: () => begun };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('lets an account that answers go on while another hangs', async () => {
  const accounts = limit(1, 1);
  const slow = task();
  const hanging = accounts.run('slow', never, slow.run);
  const waiting = accounts.run('slow', never, () => Promise.resolve('at last'));
  expect(await accounts.run('quick', never, () => Promise.resolve('done'))).toBe('done');
  await expect(accounts.run('slow', never, slow.run)).rejects.toThrow('slow: busy');
  slow.end();
  await hanging;
  expect(await waiting).toBe('at last');
});

it('runs those that wait in their order, each as one before it ends, for better or worse', async () => {
  const accounts = limit(2, 5);
  const tasks = Array.from({ length: 4 }, task);
  const runs = tasks.map(({ run }) => accounts.run('a', never, run));
  const begun = () => tasks.map(({ hasBegun }) => hasBegun());
  expect(begun()).toEqual([true, true, false, false]);
  tasks[1]?.end();
  await turn();
  expect(begun()).toEqual([true, true, true, false]);
  await expect(accounts.run('b', never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  for (const { end } of tasks) end();
  await Promise.all(runs);
  expect(begun()).toEqual([true, true, true, true]);
});

it('takes who gives up out of the queue, and gives the turn to the next', async () => {
  const accounts = limit(1, 2);
  const first = task();
  const running = accounts.run('a', never, first.run);
  const gone = new AbortController();
  const givenUp = accounts.run('a', gone.signal, () => Promise.resolve('never'));
  const next = accounts.run('a', never, () => Promise.resolve('next'));
  gone.abort();
  await expect(givenUp).rejects.toThrow('a: timed-out');
  first.end();
  await running;
  expect(await next).toBe('next');
  await expect(accounts.run('a', AbortSignal.abort(), () => Promise.resolve('free'))).resolves.toBe('free');
});
