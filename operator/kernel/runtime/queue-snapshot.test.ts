import { expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { PriorityQueue } from './priority-queue.ts';

it('names the groups that keep their keys waiting first, and no more of them than of keys', async () => {
  const queue = new PriorityQueue(new FakeClock(), {
    concurrencyGroups: { groupOf: (key) => key.split('/', 1)[0] ?? '', maxConcurrent: 1 },
  });
  for (let index = 0; index < 30; index += 1) {
    queue.add(`account${index}/a`, { priority: -1 });
    await queue.get();
  }
  for (const key of ['account7/b', 'account7/c', 'account9/b']) queue.add(key, { priority: -1 });
  const taken = queue.get();
  queue.add('free/a', { priority: -1 });
  expect((await taken)?.key).toBe('free/a');
  const { waiting, groups } = queue.snapshot();
  expect(waiting).toMatchObject({ ready: 3, groupLimited: 3 });
  expect(groups.count).toBe(31);
  expect(groups.first).toHaveLength(20);
  expect(groups.first.slice(0, 2)).toEqual([
    { name: 'account7', inFlight: 1, groupLimited: 2 },
    { name: 'account9', inFlight: 1, groupLimited: 1 },
  ]);
});
