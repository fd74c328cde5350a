// What is fresh does not wait for the backlog.

import { once } from 'node:events';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { note, noteKind } from '../testing/kube-api-contract.ts';
import { objectKey } from '../kind.ts';
import { Manager } from './manager.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';
import { type ControllerDefinition, done, Priority } from './reconciler.ts';

const running: { stop: AbortController; clock: FakeClock }[] = [];

afterEach(async () => {
  for (const { stop, clock } of running.splice(0)) {
    stop.abort();
    await clock.advance(60_000);
  }
});

function setUp(api: KubeApi, clock: FakeClock) {
  const log = pino({ level: 'silent' });
  const manager = new Manager({ api, clock, log, registry: new Registry(), name: 'kernel-test', identity: 'one' });
  const start = (definition: Pick<ControllerDefinition, 'reconcile' | 'maxConcurrentReconciles' | 'interruptible'>) => {
    const mapToRequests = ({ metadata }: { metadata: { namespace?: string; name: string } }) => [
      { key: objectKey(metadata) },
    ];
    manager.add({ name: 'notes', watches: [{ kind: noteKind, mapToRequests }], ...definition });
    const stop = new AbortController();
    running.push({ stop, clock });
    void manager.run(stop.signal);
  };
  return { manager, start };
}

describe('fresh work', () => {
  it('takes what the backlog writes for backlog too, and what people write meanwhile for fresh', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const { metadata } = await api.create(noteKind, note('a', 'one', { spec: { text: 'hello' } }));
    const { manager, start } = setUp(api, clock);
    const priorities: number[] = [];
    start({
      async reconcile(_, { writer, priority }) {
        priorities.push(priority);
        const object = manager.stores.get(noteKind).get('a', 'one');
        if (object) await writer.status(noteKind, object, { phase: object.spec?.text });
        return done;
      },
    });
    await settle();
    expect(priorities).toEqual([Priority.backlog, Priority.backlog]);
    await api.patch(noteKind, metadata, { type: 'merge', body: { spec: { text: 'bye' } } });
    await settle();
    expect(priorities.slice(2)).toEqual([Priority.normal, Priority.normal]);
    await api.patch(noteKind, metadata, { type: 'merge', body: { metadata: { annotations: { asked: 'now' } } } });
    await settle();
    expect(priorities.slice(4)).toEqual([Priority.normal]);
  });

  it('runs what is fresh while slow runs of the backlog go on', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    for (const name of ['one', 'two', 'three', 'four']) await api.create(noteKind, note('a', name));
    const { start } = setUp(api, clock);
    const begun: string[] = [];
    start({
      maxConcurrentReconciles: 4,
      async reconcile(key, { signal }) {
        begun.push(key);
        await once(signal, 'abort');
        return done;
      },
    });
    await settle();
    expect(begun).toHaveLength(2);
    await api.create(noteKind, note('a', 'new'));
    await settle();
    expect(begun.slice(2)).toEqual(['a/new']);
  });

  it('interrupts a run of the backlog when it comes, also after the moment in which it gathers, but not for what is planned', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { manager, start } = setUp(api, clock);
    const begun: number[] = [];
    start({
      interruptible: true,
      async reconcile(_, { signal, priority }) {
        begun.push(priority);
        await once(signal, 'abort');
        return done;
      },
    });
    await settle();
    manager.enqueue('notes', 'a/one', { priority: Priority.revocation, afterMs: 60_000 });
    await clock.advance(60_000);
    expect(begun).toEqual([Priority.backlog]);
    manager.enqueue('notes', 'a/one', { afterMs: 25 });
    await clock.advance(24);
    expect(begun).toEqual([Priority.backlog]);
    await clock.advance(1);
    await settle();
    expect(begun).toEqual([Priority.backlog, Priority.revocation]);
  });
});
