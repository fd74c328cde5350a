import pino from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { FakeClock } from './testing/fake-clock.ts';
import { InterceptedKubeApi } from './testing/intercepted-kube-api.ts';
import type { KubeApi, WatchEvent, WatchOptions } from './client/kube-api.ts';
import { note, type Note, noteKind } from './testing/kube-api-contract.ts';
import { type KubeObject, objectKey, type Stored } from './kind.ts';
import { Manager } from './runtime/manager.ts';
import { MemoryKubeApi } from './testing/memory-kube-api.ts';
import { done } from './runtime/reconciler.ts';
import { TurnCounter } from './testing/turn-counter.ts';
import { giveWay } from './turns.ts';

const many = 1_000;

/** A manager with one controller; what makes its keys is counted. */
const running = (api: KubeApi, clock: FakeClock, turns: TurnCounter, during = (): void => undefined) => {
  const manager = new Manager({
    api,
    clock,
    log: pino({ level: 'silent' }),
    registry: new Registry(),
    name: 'test',
    identity: 'one',
  });
  /** For each run, how many objects were looked at before it. */
  const runs: number[] = [];
  manager.add({
    name: 'notes',
    watches: [
      {
        kind: noteKind,
        mapToRequests: ({ metadata }) => {
          turns.count();
          return [{ key: objectKey(metadata) }];
        },
      },
    ],
    reconcile: async () => {
      runs.push(turns.total);
      during();
      return Promise.resolve(done);
    },
  });
  const end = new AbortController();
  const ended = manager.run(end.signal);
  return {
    manager,
    runs,
    async [Symbol.asyncDispose]() {
      end.abort();
      await clock.advance(60_000);
      await ended;
    },
  };
};

it('what the caches hold is queued in turns at the start and at a resync, and nothing runs before all is queued', async () => {
  const clock = new FakeClock();
  const api = new MemoryKubeApi({ clock });
  for (let index = 0; index < many; index++) await api.create(noteKind, note('a', `n${index}`));
  using turns = new TurnCounter();
  await using started = running(api, clock, turns);
  while (started.runs.length < many) await clock.advance(100);
  expect(started.runs[0]).toBe(many);
  await clock.advance(12 * 3_600_000);
  while (started.runs.length < 2 * many) await clock.advance(100);
  expect(turns.total).toBe(2 * many);
  // Each is two pieces: the object, and its key.
  expect(turns.most).toBeLessThanOrEqual(50);
});

it('events of a watch are applied in turns, however many come at once', async () => {
  const clock = new FakeClock();
  const events = Array.from({ length: many }, (_, index): WatchEvent<Note> => {
    const metadata = { uid: `u${index}`, resourceVersion: `${index + 100}` };
    return { type: 'ADDED', object: note('a', `n${index}`, { metadata }) as Stored<Note> };
  });
  const api = new InterceptedKubeApi(new MemoryKubeApi({ clock }), {
    async *watch<T extends KubeObject>(_: WatchOptions, proceed: () => AsyncIterable<WatchEvent<T>>) {
      for await (const event of proceed()) {
        yield event;
        if (event.type === 'BOOKMARK') yield* events as unknown as readonly WatchEvent<T>[];
      }
    },
  });
  using turns = new TurnCounter();
  await using started = running(api, clock, turns);
  while (started.runs.length < many) await clock.advance(100);
  expect(turns.total).toBe(many);
  expect(turns.most).toBeLessThanOrEqual(20);
});

/** Keeps the processor for a while, whatever else the machine does. */
const work = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

it('runs that wait for nothing give way to everything else, whoever does them', async () => {
  const ms = 4;
  using turns = new TurnCounter();
  const worker = async (): Promise<void> => {
    for (let run = 0; run < 10; run++) {
      work(ms);
      turns.count();
      await giveWay();
    }
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  expect(turns.total).toBe(100);
  // All ten begin in one turn, and those go on that asked in its first 10 ms; from then on each turn goes on with one.
  expect(turns.most).toBeLessThanOrEqual(13);
});

it('a controller gives way between two runs', async () => {
  const clock = new FakeClock();
  const api = new MemoryKubeApi({ clock });
  for (let index = 0; index < 40; index++) await api.create(noteKind, note('a', `n${index}`));
  using turns = new TurnCounter();
  using runs = new TurnCounter();
  const during = (): void => {
    work(5);
    runs.count();
  };
  await using started = running(api, clock, turns, during);
  while (started.runs.length < 40) await clock.advance(100);
  expect(runs.most).toBeLessThanOrEqual(10);
});
