// What a controller runs, when, and how it ends; each on a manager, which tells it of changes.

import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { InterceptedKubeApi } from '../testing/intercepted-kube-api.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { note, type Note, noteKind } from '../testing/kube-api-contract.ts';
import { parseObjectKey, type Stored } from '../kind.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';
import { controller, makeManager, stopManagers, untilAborted } from '../testing/manager-test-env.ts';
import {
  done,
  Priority,
  type ReconcileContext,
  requeueAfter,
  type Result,
  type Watch,
  stalled,
  transient,
} from './reconciler.ts';

afterEach(stopManagers);

describe('Manager', () => {
  it('makes status match, and then writes nothing more', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one', { spec: { text: 'hello' } }));
    const { manager, start } = makeManager(api, clock);
    let runs = 0;
    const echo = async (key: string, { writer }: ReconcileContext) => {
      runs++;
      const { namespace, name } = parseObjectKey(key);
      const object = manager.stores.get(noteKind).get(namespace, name);
      if (!object) return done;
      const { generation } = object.metadata;
      await writer.status(noteKind, object, {
        observedGeneration: generation,
        phase: object.spec?.text,
        message: undefined,
      });
      return done;
    };
    start(controller(echo));
    await settle();
    const first = await api.get(noteKind, { namespace: 'a', name: 'one' });
    expect(first.status).toEqual({ observedGeneration: 1, phase: 'hello' });
    expect(runs).toBe(2);
    await api.patch(noteKind, first.metadata, { type: 'merge', body: { spec: { text: 'bye' } } });
    await settle();
    const second = await api.get(noteKind, { namespace: 'a', name: 'one' });
    expect(second.status).toEqual({ observedGeneration: 2, phase: 'bye' });
    manager.enqueue('notes', 'a/one');
    await clock.advance(11 * 3_600_000);
    expect((await api.get(noteKind, first.metadata)).metadata.resourceVersion).toBe(second.metadata.resourceVersion);
    // The last two: asked for by hand, and by the resync after some ten hours.
    expect(runs).toBe(6);
  });

  it('retries what is Transient with growing delays, and forgets them after a success', async () => {
    const clock = new FakeClock();
    const { manager, start, counted } = makeManager(new MemoryKubeApi({ clock }), clock);
    const at: number[] = [];
    let fails = true;
    start(
      controller((_, context) => {
        at.push(context.now());
        return fails ? transient('Test', 'not yet') : done;
      }),
    );
    await settle();
    manager.enqueue('notes', 'key');
    await clock.advance(12_000);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps).toEqual([787.5, 1575, 3150, 6300]);
    fails = false;
    await clock.advance(13_000);
    fails = true;
    at.length = 0;
    manager.enqueue('notes', 'key');
    await clock.advance(1_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(787.5);
    expect(await counted('workqueue_retries_total')).toBe(7);
    expect(await counted('controller_runtime_reconcile_total', { result: 'success' })).toBe(1);
  });

  it('minds Retry-After, and runs again at the time that was asked for', async () => {
    const clock = new FakeClock();
    const { manager, start } = makeManager(new MemoryKubeApi({ clock }), clock);
    const at: number[] = [];
    const priorities: number[] = [];
    const results: Result[] = [transient('Throttled', 'slow down', 20_000), requeueAfter(60_000), done];
    start(
      controller((_, context) => {
        at.push(context.now());
        priorities.push(context.priority);
        return results[at.length - 1] ?? done;
      }),
    );
    await settle();
    manager.enqueue('notes', 'key', { priority: Priority.revocation });
    await clock.advance(3_600_000);
    expect(priorities).toEqual([Priority.revocation, Priority.revocation, Priority.normal]);
    expect(at.map((time) => time - (at[0] ?? 0))).toEqual([0, 20_000, 80_000]);
  });

  it('does not retry what is Stalled until something changes', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { start, counted } = makeManager(api, clock);
    let runs = 0;
    start(
      controller(() => {
        runs++;
        return stalled('Nonsense', 'the spec makes no sense');
      }),
    );
    await clock.advance(3_600_000);
    expect(runs).toBe(1);
    await api.patch(noteKind, { namespace: 'a', name: 'one' }, { type: 'merge', body: { spec: { text: 'b' } } });
    await settle();
    expect(runs).toBe(2);
    expect(await counted('controller_runtime_terminal_reconcile_errors_total')).toBe(2);
  });

  it('survives a reconcile and a mapping that throw: counts them, goes on with the rest, tries again', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'bad'));
    await api.create(noteKind, note('a', 'good'));
    await api.create(noteKind, note('a', 'unmappable'));
    const { start, counted } = makeManager(api, clock);
    const seen: string[] = [];
    const picky: Watch<Note> = {
      kind: noteKind,
      mapToRequests: ({ metadata: { name } }) => {
        if (name === 'unmappable') throw new Error('cannot map');
        return [{ key: name }];
      },
    };
    start(
      controller(
        (key) => {
          seen.push(key);
          if (key === 'bad') throw new TypeError('undefined is not a function');
          return done;
        },
        { watches: [picky] },
      ),
    );
    await clock.advance(1_000);
    expect(seen).toEqual(['bad', 'good', 'bad']);
    expect(await counted('controller_runtime_reconcile_panics_total')).toBe(3);
  });

  it('aborts a run that takes too long, and never runs its key beside it', async () => {
    const clock = new FakeClock();
    const { manager, start, counted } = makeManager(new MemoryKubeApi({ clock }), clock);
    let active = 0;
    let most = 0;
    const reasons: unknown[] = [];
    start(
      controller(
        async (_, { signal }) => {
          most = Math.max(most, ++active);
          try {
            return await untilAborted(signal);
          } catch (error) {
            reasons.push(error);
            throw error;
          } finally {
            active--;
          }
        },
        { timeoutMs: 60_000 },
      ),
    );
    await settle();
    manager.enqueue('notes', 'key');
    manager.enqueue('notes', 'key');
    await clock.advance(30_000);
    manager.enqueue('notes', 'key');
    await clock.advance(95_000);
    expect(reasons).toMatchObject([{ cause: 'Timeout' }, { cause: 'Timeout' }]);
    expect(most).toBe(1);
    expect(await counted('controller_runtime_reconcile_timeouts_total')).toBe(2);
    expect(await counted('controller_runtime_reconcile_panics_total')).toBe(0);
  });

  it('interrupts a run for more urgent work on its key, where the controller wants it', async () => {
    const clock = new FakeClock();
    const { manager, start } = makeManager(new MemoryKubeApi({ clock }), clock);
    const priorities: number[] = [];
    const long = async (_: string, { signal, priority }: ReconcileContext) => {
      priorities.push(priority);
      if (priority < Priority.revocation) await untilAborted(signal);
      return done;
    };
    start(controller(long, { name: 'patient' }), controller(long, { name: 'eager', interruptible: true }));
    await settle();
    for (const name of ['patient', 'eager']) manager.enqueue(name, 'key');
    await settle();
    for (const name of ['patient', 'eager']) manager.enqueue(name, 'key', { priority: Priority.normal });
    await settle();
    expect(priorities).toEqual([Priority.normal, Priority.normal]);
    manager.enqueue('eager', 'key', { priority: Priority.revocation, afterMs: 1_000 });
    await settle();
    expect(priorities).toHaveLength(2);
    for (const name of ['patient', 'eager']) manager.enqueue(name, 'key', { priority: Priority.revocation });
    await settle();
    expect(priorities).toEqual([Priority.normal, Priority.normal, Priority.revocation]);
  });

  it('shows a run what the run before it wrote, even when the watch is late', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { manager, start } = makeManager(late(api, clock, 3_000), clock);
    const seen: (string | undefined)[] = [];
    const count = async (_: string, { writer }: ReconcileContext) => {
      const object = manager.stores.get(noteKind).get('a', 'one') as Stored<Note>;
      seen.push(object.status?.phase);
      if (seen.length === 1) await writer.status(noteKind, object, { phase: 'first' });
      return done;
    };
    start(controller(count));
    await clock.advance(1_000);
    manager.enqueue('notes', 'a/one');
    await clock.advance(1_900);
    expect(seen).toEqual([undefined]);
    await clock.advance(200);
    expect(seen.slice(0, 2)).toEqual([undefined, 'first']);
  });

  it('waits no longer than 5 s for its own write', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { manager, start } = makeManager(late(api, clock, 30_000), clock);
    const at: number[] = [];
    start(
      controller(async (_, { writer, now }) => {
        at.push(now());
        const object = manager.stores.get(noteKind).get('a', 'one') as Stored<Note>;
        if (at.length === 1) await writer.status(noteKind, object, { phase: 'first' });
        return done;
      }),
    );
    await clock.advance(1_000);
    manager.enqueue('notes', 'a/one');
    await clock.advance(20_000);
    expect(at.map((time) => time - (at[0] ?? 0))).toEqual([0, 5_000]);
  });

  it('begins with what is being deleted, then with what callers want, last with the backlog', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    for (const name of ['b1', 'b2']) await api.create(noteKind, note('a', name));
    await api.create(noteKind, note('a', 'dying', { metadata: { finalizers: ['kernel.test/x'] } }));
    await api.delete(noteKind, { namespace: 'a', name: 'dying' });
    await api.create(noteKind, note('a', 'urgent', { metadata: { labels: { urgent: 'yes' } } }));
    const { start, manager } = makeManager(api, clock);
    const seen: [string, number][] = [];
    const watch: Watch<Note> = {
      kind: noteKind,
      mapToRequests: ({ metadata: { name, labels } }) => [
        { key: name, ...(labels?.['urgent'] ? { priority: 50 } : {}) },
      ],
    };
    const tally = controller(
      (key, { priority }) => {
        seen.push([key, priority]);
        return done;
      },
      { maxConcurrentReconciles: 1, watches: [watch] },
    );
    start(tally);
    manager.enqueue('notes', 'from outside');
    await settle();
    expect(seen).toEqual([
      ['dying', 100],
      ['urgent', 50],
      ['from outside', 0],
      ['b1', -100],
      ['b2', -100],
    ]);
  });

  it('tells sources of an object deleted and made anew while the watch was away', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const before = await api.create(noteKind, note('a', 'one'));
    const { start } = makeManager(api, clock);
    const seen: string[] = [];
    const watch: Watch<Note> = {
      kind: noteKind,
      mapToRequests: ({ metadata }, old, event) => {
        seen.push(`${event} ${metadata.uid === before.metadata.uid ? 'before' : 'after'} ${old ? 'old' : ''}`.trim());
        return [];
      },
    };
    start(controller(() => done, { watches: [watch] }));
    await clock.advance(10_000);
    api.down();
    api.up();
    await api.delete(noteKind, before.metadata);
    await api.create(noteKind, note('a', 'one'));
    api.compact();
    await clock.advance(10_000);
    expect(seen).toEqual(['initial before', 'deleted before old', 'added after']);
  });

  it('tells who asked for a run when it begins: the first of those that asked for the same one', async () => {
    const clock = new FakeClock();
    const { manager, start } = makeManager(new MemoryKubeApi({ clock }), clock);
    const order: string[] = [];
    const { ended, stop } = start(controller((key) => (order.push(`run ${key}`), done)));
    await settle();
    manager.enqueue('notes', 'key', { afterMs: 1_000, onStart: () => order.push('first') });
    manager.enqueue('notes', 'key', { afterMs: 2_000, onStart: () => order.push('second') });
    await clock.advance(1_000);
    manager.enqueue('notes', 'key', { onStart: () => order.push('third') });
    await settle();
    stop.abort();
    await ended;
    expect(order).toEqual(['first', 'run key', 'third', 'run key']);
  });
});

/** A watch that tells late of changes. */
function late(api: KubeApi, clock: FakeClock, ms: number): KubeApi {
  return new InterceptedKubeApi(api, {
    async *watch(_, proceed) {
      for await (const event of proceed()) {
        await new Promise<void>((resolve) => void clock.after(event.type === 'MODIFIED' ? ms : 0, resolve));
        yield event;
      }
    },
  });
}
