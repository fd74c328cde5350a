import * as fc from 'fast-check';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { note, type Note, noteKind } from '../testing/kube-api-contract.ts';
import { type KubeApi, KubeError, type WatchOptions } from '../client/kube-api.ts';
import { InterceptedKubeApi } from '../testing/intercepted-kube-api.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';
import { Reflector } from './reflector.ts';
import { Store } from './store.ts';

const log = pino({ level: 'silent' });
const running: AbortController[] = [];

afterEach(() => {
  for (const abort of running.splice(0)) abort.abort();
});

function reflect(api: KubeApi, clock: FakeClock) {
  const abort = new AbortController();
  running.push(abort);
  const store = new Store<Note>();
  const events: string[] = [];
  const observer = {
    listed: () => events.push('synced'),
    watched: () => events.push('watch'),
    failed: (reason: string) => events.push(reason),
  };
  const reflector = new Reflector({ api, kind: noteKind, store, clock, log, observer });
  const ended = reflector.run(abort.signal);
  return { store, reflector, events, abort, ended };
}

const contents = (store: Store<Note>) =>
  store
    .list()
    .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
    .sort();

const truth = async (api: KubeApi) =>
  (await api.list(noteKind)).items
    .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
    .sort();

/** An API whose watches are answered by the test where it wants to. */
function withWatch(api: KubeApi, answer: (options: WatchOptions) => 'pass' | 'silence'): KubeApi {
  return new InterceptedKubeApi(api, {
    watch: (options, proceed) => (answer(options) === 'pass' ? proceed() : silence(options.signal)),
  });
}

/** A half-open connection: no events, no end. */
function silence(signal: AbortSignal | undefined): AsyncIterable<never> {
  const next = async (): Promise<never> => {
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    throw new Error('aborted');
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

describe('Reflector', () => {
  it('shows the whole state at once, then follows', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    for (const name of ['one', 'two', 'three']) await api.create(noteKind, note('a', name));
    const { store, reflector } = reflect(api, clock);
    const sizes = new Set<number>();
    store.subscribe(() => sizes.add(store.size));
    await reflector.synced;
    expect([...sizes]).toEqual([3]);
    await api.delete(noteKind, { namespace: 'a', name: 'two' });
    await settle();
    expect(contents(store)).toEqual(await truth(api));
  });

  it('watches on from where it was after a cut: no relist, nothing missed', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const { store, events } = reflect(api, clock);
    await settle();
    api.cutWatches();
    await api.create(noteKind, note('a', 'while-away'));
    await clock.advance(2_000);
    expect(store.get('a', 'while-away')).toBeDefined();
    expect(events).toEqual(['watch', 'synced', 'Unavailable', 'watch']);
  });

  it('fetches the state anew after 410, at once, and finds what was deleted meanwhile', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { store, events } = reflect(api, clock);
    await settle();
    await clock.advance(60_000);
    api.down();
    api.up();
    await api.delete(noteKind, { namespace: 'a', name: 'one' });
    api.compact();
    await clock.advance(2_000);
    expect(store.size).toBe(0);
    expect(events).toEqual(['watch', 'synced', 'Unavailable', 'watch', 'Gone', 'watch', 'synced']);
  });

  it('fetches the state anew where the server has gone back to an older one, once it is there again', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { store, events } = reflect(api, clock);
    await settle();
    const restore = api.backUp();
    for (const name of ['two', 'three']) await api.create(noteKind, note('a', name));
    await api.delete(noteKind, { namespace: 'a', name: 'one' });
    await settle();
    expect(store.size).toBe(2);
    restore();
    await clock.advance(5_000);
    expect(contents(store)).toEqual(await truth(api));
    expect(events).toEqual(['watch', 'synced', 'Unavailable', 'Gone', 'watch', 'synced']);
  });

  it('finds that the server has gone back also where the watch only fell silent', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const halfOpen = withWatch(api, ({ sendInitialEvents }) => (sendInitialEvents ? 'pass' : 'silence'));
    const { store } = reflect(halfOpen, clock);
    await settle();
    const restore = api.backUp();
    await api.create(noteKind, note('a', 'lost'));
    await settle();
    api.cutWatches('end');
    await clock.advance(2_000);
    restore();
    await clock.advance(60_000);
    expect(store.size).toBe(1);
    await clock.advance(15_000);
    expect(store.size).toBe(0);
  });

  it('backs off in a storm of 410s', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const storm = withWatch(api, ({ sendInitialEvents }) => {
      if (sendInitialEvents) return 'pass';
      throw new KubeError({ reason: 'Gone' }, 'too old');
    });
    const { events } = reflect(storm, clock);
    await settle();
    for (let minute = 0; minute < 30; minute++) {
      api.cutWatches('end');
      await clock.advance(60_000);
    }
    // One relist for each cut, and none of them in a tight loop.
    expect(events.filter((event) => event === 'Gone').length).toBeLessThanOrEqual(31);
    expect(events.filter((event) => event === 'synced').length).toBeGreaterThanOrEqual(20);
  });

  it('takes a stream that is silent for 70 s for dead', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    let silent = true;
    const halfOpen = withWatch(api, ({ sendInitialEvents }) => (sendInitialEvents || !silent ? 'pass' : 'silence'));
    const { store, events } = reflect(halfOpen, clock);
    await settle();
    api.cutWatches('end');
    await clock.advance(2_000);
    await api.create(noteKind, note('a', 'unheard'));
    silent = false;
    await clock.advance(60_000);
    expect(store.size).toBe(0);
    await clock.advance(12_000);
    expect(store.size).toBe(1);
    expect(events.filter((event) => event === 'synced')).toHaveLength(1);
  });

  it('does not take a quiet stream with bookmarks for dead', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const { events } = reflect(api, clock);
    await settle();
    for (let minute = 0; minute < 20; minute++) {
      await clock.advance(60_000);
      api.bookmark();
      await settle();
    }
    expect(events).toEqual(['watch', 'synced']);
  });

  it('lists where the server knows no watch-list, and asks once only', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    let asked = 0;
    const old = withWatch(api, ({ sendInitialEvents }) => {
      if (!sendInitialEvents) return 'pass';
      asked++;
      throw new KubeError({ reason: 'Invalid' }, 'sendInitialEvents is forbidden');
    });
    const { store } = reflect(old, clock);
    await settle();
    expect(store.size).toBe(1);
    api.compact();
    await api.create(noteKind, note('a', 'two'));
    api.compact();
    api.cutWatches();
    await clock.advance(10_000);
    expect(store.size).toBe(2);
    expect(asked).toBe(1);
  });

  it('survives a server that is away for an hour, without hammering it', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const { store, events } = reflect(api, clock);
    await settle();
    api.down();
    await clock.advance(3_600_000);
    const failures = events.filter((event) => event === 'Unavailable').length;
    expect(failures).toBeGreaterThan(60);
    expect(failures).toBeLessThan(130);
    api.up();
    await api.create(noteKind, note('a', 'one'));
    await clock.advance(60_000);
    expect(store.size).toBe(1);
  });

  it('does not ask a thousand times a minute where each watch ends at once', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const broken = new InterceptedKubeApi(api, {
      async *watch({ sendInitialEvents }, proceed) {
        if (sendInitialEvents) yield* proceed();
      },
    });
    const { events } = reflect(broken, clock);
    await settle();
    api.cutWatches('end');
    await clock.advance(60_000);
    expect(events.length).toBeLessThan(20);
  });

  it('ends when it is told to', async () => {
    const clock = new FakeClock();
    const { abort, ended } = reflect(new MemoryKubeApi({ clock }), clock);
    await settle();
    abort.abort();
    await expect(ended).resolves.toBeUndefined();
  });
});

describe('Reflector, any history', () => {
  const name = fc.constantFrom('one', 'two', 'three');
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), name, text: fc.string({ maxLength: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'reset' as const,
          'end' as const,
          'compact' as const,
          'down' as const,
          'up' as const,
          'bookmark' as const,
        ),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 500, 5_000, 90_000) }),
    },
  );

  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  it('the store ends equal to the server, its index to the store, and its changes add up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, watchList) => {
        const clock = new FakeClock();
        const api = new MemoryKubeApi({ clock });
        const server = withWatch(api, ({ sendInitialEvents }) => {
          if (sendInitialEvents && !watchList) throw new KubeError({ reason: 'Invalid' }, 'forbidden');
          return 'pass';
        });
        const { store, abort } = reflect(server, clock);
        store.addIndexer('text', ({ spec }) => [spec?.text ?? '']);
        const replayed = new Map<string, string>();
        store.subscribe(({ type, object: { metadata } }) => {
          const had = replayed.get(metadata.name);
          if (type === 'deleted') replayed.delete(metadata.name);
          else replayed.set(metadata.name, metadata.uid);
          expect(type === 'added').toBe(had === undefined);
          if (had !== undefined) expect(had).toBe(metadata.uid);
        });
        for (const one of steps) {
          try {
            await perform(api, clock, one);
          } catch (error) {
            if (!(error instanceof KubeError)) throw error;
          }
        }
        api.up();
        await clock.advance(150_000);
        expect(contents(store)).toEqual(await truth(api));
        for (const object of store.list()) expect(store.byIndex('text', object.spec?.text ?? '')).toContain(object);
        expect(new Set(replayed.keys())).toEqual(new Set(store.list().map(({ metadata }) => metadata.name)));
        abort.abort();
        await settle();
      }),
      { numRuns: 200 },
    );
  });

  async function perform(api: MemoryKubeApi, clock: FakeClock, one: Step): Promise<void> {
    switch (one.do) {
      case 'write':
        await api.apply(noteKind, note('a', one.name, { spec: { text: one.text } }), {
          fieldManager: 'test',
          force: true,
        });
        break;
      case 'delete':
        await api.delete(noteKind, { namespace: 'a', name: one.name });
        break;
      case 'reset':
      case 'end':
        api.cutWatches(one.do);
        break;
      case 'compact':
      case 'down':
      case 'up':
      case 'bookmark':
        api[one.do]();
        break;
      case 'wait':
        await clock.advance(one.ms);
        break;
    }
  }
});
