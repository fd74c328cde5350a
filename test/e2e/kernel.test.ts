// The kernel against a real API server that is cut off, restarted, contested and shared.

import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../hack/control-plane/control-plane.ts';
import { type Clock, systemClock } from '../../operator/kernel/clock.ts';
import { type Credentials, kubeconfigCredentials } from '../../operator/kernel/credentials.ts';
import { eventKind } from '../../operator/kernel/event-recorder.ts';
import { HttpKubeApi } from '../../operator/kernel/http-kube-api.ts';
import { installContractKind, note, type Note, noteKind } from '../../operator/kernel/kube-api-contract.ts';
import { isKubeError } from '../../operator/kernel/kube-api.ts';
import { objectKey, parseObjectKey } from '../../operator/kernel/kind.ts';
import { LeaseLost, Manager, type ManagerOptions } from '../../operator/kernel/manager.ts';
import { type ControllerDefinition, done, type Source } from '../../operator/kernel/reconciler.ts';
import { Proxy } from './kernel-proxy.ts';

const namespace = 'kernel';
const finalizer = 'kernel.test/echo';
const log = pino({ level: 'silent' });
const patience = { timeout: 60_000, interval: 100 };

let plane: ControlPlane;
let credentials: Credentials;
/** The test's own connection, which nothing disturbs. */
let api: HttpKubeApi;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  plane = await startControlPlane();
  credentials = await kubeconfigCredentials(plane.kubeconfigPath);
  api = new HttpKubeApi({ credentials });
  await installContractKind(api, namespace);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  for (const { metadata } of (await api.list(noteKind, { namespace })).items) {
    await api.patch(noteKind, metadata, { type: 'merge', body: { metadata: { finalizers: null } } });
    await api
      .delete(noteKind, metadata)
      .catch((error: unknown) => isKubeError(error, 'NotFound') || Promise.reject(error as Error));
  }
});

afterAll(async () => {
  await api.close();
  await plane.stop();
});

const notes: Source<Note> = { kind: noteKind, toKeys: ({ metadata }) => [{ key: objectKey(metadata) }] };

/** Copies spec.text to status.phase, and keeps a world of its own that must be cleaned before a note may go. */
function echo(manager: Manager, world: Map<string, string>): ControllerDefinition {
  return {
    name: 'echo',
    sources: [notes],
    backoff: { baseMs: 50, maxMs: 1_000 },
    async reconcile(key, { write, isLeader }) {
      const { namespace, name } = parseObjectKey(key);
      const object = manager.stores.get(noteKind).get(namespace, name);
      if (!object || !isLeader()) return done;
      if (object.metadata.deletionTimestamp !== undefined) {
        world.delete(object.metadata.uid);
        await write.removeFinalizer(noteKind, object, finalizer);
        return done;
      }
      const guarded = await write.addFinalizer(noteKind, object, finalizer);
      world.set(object.metadata.uid, object.spec?.text ?? '');
      const { generation } = guarded.metadata;
      await write.status(noteKind, guarded, { observedGeneration: generation, phase: guarded.spec?.text });
      return done;
    },
  };
}

async function run(options: { clock?: Clock; world?: Map<string, string>; manager?: Partial<ManagerOptions> } = {}) {
  const proxy = await Proxy.before(plane.url);
  const clock = options.clock ?? systemClock;
  const own = new HttpKubeApi({ credentials: proxy.through(credentials), clock });
  const registry = new Registry();
  const manager = new Manager({
    api: own,
    log,
    registry,
    clock,
    name: 'kernel-e2e',
    identity: 'one',
    ...options.manager,
  });
  const world = options.world ?? new Map<string, string>();
  manager.add(echo(manager, world));
  const stop = new AbortController();
  const ended = manager.run(stop.signal).then(
    () => 'stopped',
    (error: unknown) => error,
  );
  cleanUps.push(async () => {
    stop.abort();
    await proxy.close();
    await own.close();
    await ended;
  });
  const failures = async (event: string) => {
    const { values } = (await registry.getSingleMetric('kernel_reflector_total')?.get()) ?? { values: [] };
    return values.find(({ labels }) => labels['event'] === event)?.value ?? 0;
  };
  return { manager, proxy, world, stop, ended, failures };
}

/** Everything at rest: each note echoed, the world just what the notes are, the store just what the server has. */
async function expectConvergence(manager: Manager, world: Map<string, string>): Promise<void> {
  await vi.waitFor(async () => {
    const { items } = await api.list(noteKind, { namespace });
    for (const { status, spec, metadata } of items)
      expect(status).toEqual({ observedGeneration: metadata.generation, ...(spec?.text ? { phase: spec.text } : {}) });
    expect(world).toEqual(new Map(items.map(({ metadata, spec }) => [metadata.uid, spec?.text])));
    const version = ({ metadata }: Note) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`;
    expect(manager.stores.get(noteKind).list().map(version).sort()).toEqual(items.map(version).sort());
  }, patience);
}

/** Creates, edits, deletes and recreates notes; the same names over and over. */
async function churn(rounds: number, between: (round: number) => Promise<void> | void): Promise<void> {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (let round = 0; round < rounds; round++) {
    for (const [index, name] of names.entries()) {
      // The finalizer is there from the start: a DELETE that read the object before a PATCH adds one takes no notice of it, a race of
      // the API server itself that this test found (its registry deletes without comparing resource versions).
      const object = note(namespace, name, {
        spec: { text: `${name}-${round}` },
        metadata: { finalizers: [finalizer] },
      });
      if ((round + index) % 4 === 3) await api.delete(noteKind, object.metadata).catch(() => {});
      else await api.apply(noteKind, object, { fieldManager: 'person', force: true }).catch(() => {});
    }
    await between(round);
  }
}

describe('the kernel on a real API server', () => {
  it('converges, then writes nothing more', async () => {
    const { manager, world } = await run();
    await churn(5, () => {});
    await expectConvergence(manager, world);
    await vi.waitFor(() => expect(manager.pending).toBe(0), patience);
    const { resourceVersion } = await api.list(noteKind, { namespace });
    for (const { metadata } of manager.stores.get(noteKind).list()) manager.enqueue('echo', objectKey(metadata));
    await vi.waitFor(() => expect(manager.pending).toBe(0), patience);
    expect((await api.list(noteKind, { namespace, resourceVersion })).resourceVersion).toBe(resourceVersion);
  });

  it('converges while its connections are cut all the time', async () => {
    const { manager, proxy, world, failures } = await run();
    await churn(20, () => proxy.cut());
    await expectConvergence(manager, world);
    expect(await failures('Unavailable')).toBeGreaterThan(0);
  });

  it('converges after the API server crashed twice under load, its resource versions expired', async () => {
    const { manager, world } = await run();
    await churn(6, async (round) => {
      if (round === 1 || round === 4) await plane.restartApiServer('crash');
    });
    await expectConvergence(manager, world);
  });

  it('notices a watch that is open and dead', async () => {
    // Twenty times faster, so that 70 s of silence are 3.5 s; live watches then look silent too, and must survive that.
    const fast: Clock = {
      now: () => systemClock.now(),
      monotonic: () => systemClock.monotonic() * 20,
      after: (ms, run) => systemClock.after(ms / 20, run),
      random: () => systemClock.random(),
    };
    const { manager, proxy, world } = await run({ clock: fast });
    await churn(1, () => {});
    await expectConvergence(manager, world);
    proxy.freeze();
    await churn(3, () => {});
    await expectConvergence(manager, world);
  });

  it('gets its writes through against a rival who writes the same objects without pause', async () => {
    const { manager, world } = await run();
    const quarrel = new AbortController();
    const rival = (async () => {
      for (let i = 0; !quarrel.signal.aborted; i++) {
        const name = { namespace, name: ['a', 'b', 'c', 'd'][i % 4] ?? 'a' };
        await api
          .patch(noteKind, name, { type: 'merge', body: { metadata: { labels: { i: String(i) } } } })
          .catch(() => {});
      }
    })();
    await churn(10, () => {});
    quarrel.abort();
    await rival;
    await expectConvergence(manager, world);
  });

  it('records Events as the API server wants them', async () => {
    const { manager } = await run();
    const object = await api.create(noteKind, note(namespace, 'eventful'));
    for (let i = 0; i < 3; i++) manager.event(object, { type: 'Warning', reason: 'Test', note: 'something happened' });
    const fieldSelector = 'regarding.name=eventful';
    await vi.waitFor(async () => {
      const { items } = await api.list(eventKind, { namespace, fieldSelector });
      expect(items).toMatchObject([{ reason: 'Test', series: { count: 3 } }]);
    }, patience);
  });
});

describe('two managers on one lease', () => {
  const leaderElection = { namespace, name: 'kernel-e2e' };

  it('never lead both; the second takes over when the first is cut off, and at once when it stops', async () => {
    const world = new Map<string, string>();
    const first = await run({ world, manager: { identity: 'first', leaderElection } });
    await vi.waitFor(() => expect(first.manager.isLeader()).toBe(true), patience);
    const second = await run({ world, manager: { identity: 'second', leaderElection } });
    await vi.waitFor(() => expect(second.manager.isReady()).toBe(true), patience);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, Number(first.manager.isLeader()) + Number(second.manager.isLeader()));
    }, 5);
    await churn(1, () => {});
    await expectConvergence(first.manager, world);

    first.proxy.isolate();
    await churn(2, () => {});
    expect(await first.ended).toBeInstanceOf(LeaseLost);
    await vi.waitFor(() => expect(second.manager.isLeader()).toBe(true), patience);
    expect(second.manager.epoch).toBe(1);
    await expectConvergence(second.manager, world);

    const third = await run({ world, manager: { identity: 'third', leaderElection } });
    await vi.waitFor(() => expect(third.manager.isReady()).toBe(true), patience);
    second.stop.abort();
    expect(await second.ended).toBe('stopped');
    await vi.waitFor(() => expect(third.manager.isLeader()).toBe(true), { timeout: 5_000, interval: 20 });
    clearInterval(watch);
    expect(most).toBe(1);
  });
});
