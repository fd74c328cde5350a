import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { PriorityQueue, type WorkItem } from './priority-queue.ts';
import { type ConcurrencyGroups, Priority } from './reconciler.ts';
import { BacklogGate } from './backlog-gate.ts';

const minute = 60_000;

function setUp(concurrencyGroups?: ConcurrencyGroups) {
  const clock = new FakeClock();
  return { clock, queue: new PriorityQueue(clock, { concurrencyGroups }) };
}

/** Takes without waiting: undefined when nothing is ready. */
async function takeNow(queue: PriorityQueue): Promise<string | undefined> {
  const item = await Promise.race([queue.get(), new Promise<undefined>((resolve) => setImmediate(resolve, undefined))]);
  return item?.key;
}

/** As many workers as there is work. Answers with the keys they took since it was asked last. */
function takeAll(queue: PriorityQueue): () => Promise<string[]> {
  const taken: string[] = [];
  const work = async () => {
    for (let item = await queue.get(); item; item = await queue.get()) taken.push(item.key);
  };
  void work();
  return async () => {
    await settle();
    return taken.splice(0);
  };
}

describe('PriorityQueue', () => {
  it('hands out by priority, and first come first served within one', async () => {
    const { queue } = setUp();
    queue.add('backlog', { priority: Priority.backlog });
    queue.add('first');
    queue.add('second');
    queue.add('revocation', { priority: Priority.revocation });
    const order = [];
    for (let i = 0; i < 4; i++) order.push((await queue.get())?.key);
    expect(order).toEqual(['revocation', 'first', 'second', 'backlog']);
  });

  it('keeps the earliest time of a key that is added again, and a higher priority from when it was asked for', async () => {
    const { clock, queue } = setUp();
    const priorities: number[] = [];
    const takeSoon = async () => {
      const item = await queue.get();
      priorities.push(item?.priority ?? Number.NaN);
      queue.done('a');
    };
    queue.add('a', { afterMs: minute, priority: Priority.revocation });
    queue.add('a', { afterMs: 2_000, priority: Priority.backlog });
    queue.add('a', { afterMs: 1_000 });
    expect(queue.size).toBe(1);
    for (const wait of [1_000, minute]) {
      const taken = takeSoon();
      await clock.advance(wait);
      await taken;
    }
    expect(priorities).toEqual([Priority.normal, Priority.revocation]);
    expect(queue.size).toBe(0);
  });

  it('is as urgent as the most urgent demand that is due', async () => {
    const { clock, queue } = setUp();
    queue.add('a', { priority: Priority.backlog });
    queue.add('a', { afterMs: 1_000, priority: Priority.revocation });
    await clock.advance(2_000);
    expect(await queue.get()).toEqual({ key: 'a', priority: Priority.revocation });
    queue.done('a');
    expect(queue.size).toBe(0);
  });

  it('keeps a key that is in flight back until its run is done', async () => {
    const { queue } = setUp();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    queue.add('b');
    expect(await takeNow(queue)).toBe('b');
    queue.done('a');
    expect(await takeNow(queue)).toBe('a');
    queue.done('a');
    expect(queue.size).toBe(0);
  });

  it('serves the backlog after 50 min under a steady load of fresh work', async () => {
    const { clock, queue } = setUp();
    queue.add('backlog', { priority: Priority.backlog });
    let waited = 0;
    for (let taken = ''; taken !== 'backlog'; waited++) {
      queue.add(`fresh-${waited}`);
      taken = (await queue.get())?.key ?? '';
      queue.done(taken);
      await clock.advance(minute);
    }
    expect(waited).toBe(51);
  });

  it('leaves workers to others when many keys of one group wait, and more of them to what is urgent', async () => {
    const { queue } = setUp({ groupOf: (key) => key.charAt(0), maxConcurrent: 2 });
    const newlyTaken = takeAll(queue);
    for (const key of ['a1', 'a2', 'a3', 'a4', 'b1']) queue.add(key, { priority: Priority.backlog });
    expect(await newlyTaken()).toEqual(['a1', 'a2', 'b1']);
    for (const key of ['a5', 'a6', 'a7']) queue.add(key);
    expect(await newlyTaken()).toEqual(['a5', 'a6']);
    queue.add('a8', { priority: Priority.revocation });
    expect(await newlyTaken()).toEqual(['a8']);
    queue.done('a1');
    queue.done('a2');
    expect(await newlyTaken()).toEqual(['a7']);
    for (const key of ['a5', 'a6', 'a7', 'a8']) queue.done(key);
    expect(await newlyTaken()).toEqual(['a3', 'a4']);
    for (const key of ['a3', 'a4', 'b1']) queue.done(key);
    expect(queue.size).toBe(0);
  });

  it('gives every group its turn, however many keys another has waiting', async () => {
    const { clock, queue } = setUp({ groupOf: (key) => key[0] ?? '', maxConcurrent: 8, spacing: 100 });
    for (let index = 0; index < 300; index++) queue.add(`a${index}`);
    await clock.advance(1_000);
    queue.add('b0');
    queue.add('b1');
    queue.add('a-urgent', { priority: Priority.revocation });
    const order: (string | undefined)[] = [];
    for (let taken = 0; taken < 30; taken++) {
      const item = await queue.get();
      order.push(item?.key);
      queue.done(item?.key ?? '');
    }
    expect(order[0]).toBe('a-urgent');
    expect(order.slice(0, 13)).toContain('b0');
    expect(order.slice(0, 15)).toContain('b1');
    // Within a group it stays first come, first served.
    const own = order.filter((key) => /^a\d/.test(key ?? ''));
    expect(own).toEqual(own.map((_key, index) => `a${index}`));
  });

  it('keeps the place of a key that is added again while it waits, as more urgent too', async () => {
    const { queue } = setUp({ groupOf: () => 'a', maxConcurrent: 8, spacing: 100 });
    queue.add('first', { priority: Priority.backlog });
    for (const key of ['second', 'first', 'third', 'first']) queue.add(key);
    const order: (string | undefined)[] = [];
    for (let taken = 0; taken < 3; taken++) order.push((await queue.get())?.key);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('hands out a key that waits behind its group when it becomes urgent', async () => {
    const { queue } = setUp({ groupOf: () => 'all', maxConcurrent: 1 });
    const newlyTaken = takeAll(queue);
    queue.add('first', { priority: Priority.backlog });
    queue.add('second', { priority: Priority.backlog });
    expect(await newlyTaken()).toEqual(['first']);
    queue.add('second');
    expect(await newlyTaken()).toEqual(['second']);
  });

  it('raises a key that waits for a worker when its more urgent time comes', async () => {
    const { clock, queue } = setUp({ groupOf: () => 'all', maxConcurrent: 1 });
    const newlyTaken = takeAll(queue);
    queue.add('first', { priority: Priority.backlog });
    queue.add('second', { priority: Priority.backlog });
    queue.add('second', { afterMs: 25 });
    expect(await newlyTaken()).toEqual(['first']);
    await clock.advance(26);
    expect(await newlyTaken()).toEqual(['second']);
    queue.done('second');
    expect(queue.size).toBe(0);
  });

  it('lets little of the backlog begin beside urgent work, in all queues together, until the way was clear for a moment', async () => {
    const clock = new FakeClock();
    const gate = new BacklogGate(clock);
    const [one, other] = [new PriorityQueue(clock, {}, gate), new PriorityQueue(clock, {}, gate)];
    const ofOne = takeAll(one);
    const ofOther = takeAll(other);
    one.add('urgent');
    expect(await ofOne()).toEqual(['urgent']);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) other.add(key, { priority: Priority.backlog });
    expect(await ofOther()).toEqual(['a', 'b', 'c', 'd']);
    other.done('a');
    expect(await ofOther()).toEqual(['e']);
    one.done('urgent');
    await clock.advance(149);
    one.add('next');
    expect(await ofOne()).toEqual(['next']);
    one.done('next');
    await clock.advance(149);
    expect(await ofOther()).toEqual([]);
    await clock.advance(1);
    expect(await ofOther()).toEqual(['f', 'g']);
  });

  it('ends all takers when it closes', async () => {
    const { queue } = setUp();
    const taker = queue.get();
    queue.add('late', { afterMs: minute });
    queue.close();
    expect(await taker).toBeUndefined();
    expect(await queue.get()).toBeUndefined();
  });

  it('counts the ready items by priority, back to nothing', async () => {
    const clock = new FakeClock();
    const depth = new Map<number, number>();
    const observer = {
      added: () => {},
      taken: () => {},
      depth: (priority: number, change: number) => depth.set(priority, (depth.get(priority) ?? 0) + change),
    };
    const queue = new PriorityQueue(clock, { observer });
    queue.add('a', { priority: Priority.backlog });
    queue.add('a');
    queue.add('b', { afterMs: 10 });
    expect(Object.fromEntries(depth)).toEqual({ [Priority.backlog]: 0, [Priority.normal]: 1 });
    await clock.advance(10);
    expect(depth.get(Priority.normal)).toBe(2);
    await queue.get();
    await queue.get();
    expect(depth.get(Priority.normal)).toBe(0);
  });
});

describe('PriorityQueue, any history', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const command = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('add' as const),
        key,
        priority: fc.constantFrom(Priority.backlog, Priority.normal, Priority.revocation),
        afterMs: fc.constantFrom(0, 0, 100, 5_000),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('done' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(50, 1_000, 40_000) }) },
  );

  it('never runs a key twice at once, and runs every add after it, not before its time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 60 }), async (commands) => {
        const { clock, queue } = setUp();
        const running = new Set<string>();
        /** Adds not yet followed by a run, with the time they may run at. */
        let owed: { key: string; priority: number; at: number }[] = [];
        const start = (item: WorkItem | undefined) => {
          if (!item) return;
          expect(running).not.toContain(item.key);
          const due = owed.filter(({ key, at }) => key === item.key && at <= clock.monotonic());
          expect(item.priority).toBe(Math.max(...due.map(({ priority }) => priority)));
          running.add(item.key);
          // What was to come later and is no more urgent has been served.
          owed = owed.filter(({ key, priority }) => key !== item.key || priority > item.priority);
        };
        for (const step of commands) {
          switch (step.do) {
            case 'add':
              queue.add(step.key, step);
              owed.push({ key: step.key, priority: step.priority, at: clock.monotonic() + step.afterMs });
              break;
            case 'take':
              void queue.get().then(start);
              break;
            case 'done':
              if (running.delete(step.key)) queue.done(step.key);
              break;
            case 'wait':
              await clock.advance(step.ms);
              break;
          }
          await Promise.resolve();
          await Promise.resolve();
        }
        // Enough workers and time: everything that was added runs.
        for (let round = 0; round < 24; round++) {
          for (const running_ of running) queue.done(running_);
          running.clear();
          void queue.get().then(start);
          await clock.advance(1_000);
        }
        expect(owed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('takes the most urgent of all that is ready', async () => {
    const item = fc.record({
      priority: fc.integer({ min: -100, max: 100 }),
      age: fc.integer({ min: 0, max: 3_600_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 40 }), async (items) => {
        const { clock, queue } = setUp();
        const arrivals = items.map((one, index) => ({ ...one, key: String(index) })).sort((a, b) => b.age - a.age);
        let at = 3_600_000;
        for (const { age, key, priority } of arrivals) {
          clock.pause(at - age);
          at = age;
          queue.add(key, { priority });
        }
        clock.pause(at);
        const urgency = (key: string) => {
          const { priority, age } = items[Number(key)] ?? { priority: NaN, age: NaN };
          return priority + age / 30_000;
        };
        const taken: number[] = [];
        for (const _ of items) {
          const key = (await queue.get())?.key ?? '';
          taken.push(urgency(key));
          queue.done(key);
        }
        expect(taken).toEqual(taken.toSorted((a, b) => b - a));
      }),
    );
  });
});
