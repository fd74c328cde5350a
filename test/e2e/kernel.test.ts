// The kernel against a real API server that is cut off, restarted, contested and shared.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../operator/kernel/clock.ts';
import { eventKind } from '../../operator/kernel/runtime/event-recorder.ts';
import { note, noteKind } from '../../operator/kernel/testing/kube-api-contract.ts';
import { objectKey } from '../../operator/kernel/kind.ts';
import { leaseKind } from '../../operator/kernel/lease.ts';
import { LeaseLost } from '../../operator/kernel/runtime/manager.ts';
import { KernelScene, namespace, patience } from '../support/kernel-scene.ts';

let scene: KernelScene;

beforeAll(async () => {
  scene = await KernelScene.start();
});

afterEach(() => scene.clear());

afterAll(() => scene.stop());

describe('the kernel on a real API server', () => {
  it('converges, then writes nothing more', async () => {
    const { manager, world } = await scene.run();
    await scene.churn(5, () => {});
    await scene.expectConvergence(manager, world);
    await vi.waitFor(() => expect(manager.pending).toBe(0), patience);
    const { resourceVersion } = await scene.api.list(noteKind, { namespace });
    for (const { metadata } of manager.stores.get(noteKind).list()) manager.enqueue('echo', objectKey(metadata));
    await vi.waitFor(() => expect(manager.pending).toBe(0), patience);
    expect((await scene.api.list(noteKind, { namespace, resourceVersion })).resourceVersion).toBe(resourceVersion);
  });

  it('converges while its connections are cut all the time', async () => {
    const { manager, proxy, world, failures } = await scene.run();
    await scene.churn(20, () => proxy.cut());
    await scene.expectConvergence(manager, world);
    expect(await failures('Unavailable')).toBeGreaterThan(0);
  });

  it('converges after the API server crashed twice under load, its resource versions expired', async () => {
    const { manager, world } = await scene.run();
    await scene.churn(6, async (round) => {
      if (round === 1 || round === 4) await scene.plane.restartApiServer('crash');
    });
    await scene.expectConvergence(manager, world);
  });

  it('notices a watch that is open and dead', async () => {
    // Twenty times faster, so that 70 s of silence are 3.5 s; live watches then look silent too, and must survive that.
    const fast: Clock = {
      now: () => systemClock.now(),
      monotonic: () => systemClock.monotonic() * 20,
      after: (ms, run) => systemClock.after(ms / 20, run),
      random: () => systemClock.random(),
    };
    const { manager, proxy, world } = await scene.run({ clock: fast });
    await scene.churn(1, () => {});
    await scene.expectConvergence(manager, world);
    proxy.freeze();
    await scene.churn(3, () => {});
    await scene.expectConvergence(manager, world);
  });

  it('gets its writes through against a rival who writes the same objects without pause', async () => {
    const { manager, world } = await scene.run();
    const quarrel = new AbortController();
    const rival = (async () => {
      for (let i = 0; !quarrel.signal.aborted; i++) {
        const name = { namespace, name: ['a', 'b', 'c', 'd'][i % 4] ?? 'a' };
        await scene.api
          .patch(noteKind, name, { type: 'merge', body: { metadata: { labels: { i: String(i) } } } })
          .catch(() => {});
      }
    })();
    await scene.churn(10, () => {});
    quarrel.abort();
    await rival;
    await scene.expectConvergence(manager, world);
  });

  it('records Events as the API server wants them', async () => {
    const { manager } = await scene.run();
    const object = await scene.api.create(noteKind, note(namespace, 'eventful'));
    for (let i = 0; i < 3; i++) manager.event(object, { type: 'Warning', reason: 'Test', note: 'something happened' });
    const fieldSelector = 'regarding.name=eventful';
    await vi.waitFor(async () => {
      const { items } = await scene.api.list(eventKind, { namespace, fieldSelector });
      expect(items).toMatchObject([{ reason: 'Test', series: { count: 3 } }]);
    }, patience);
  });
});

describe('a manager whose lease is held by a thread of its own', () => {
  const lease = { namespace, name: 'kernel-e2e-thread' };
  const leading = async (identity: string) => {
    const leaderElection = { ...lease, credentials: scene.credentials };
    const run = await scene.run({ manager: { identity, leaderElection } });
    await vi.waitFor(() => expect(run.manager.isLeader()).toBe(true), patience);
    return run;
  };

  it('leads on after its event loop was blocked for longer than a lease lasts', async () => {
    const { manager, stop, ended } = await leading('busy');
    const blockedMs = 16_000;
    const since = Date.now();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMs);
    // Before any turn of the loop: nothing here has renewed it.
    expect(manager.isLeader()).toBe(true);
    expect(Date.now() - since).toBeGreaterThanOrEqual(blockedMs);
    const { spec } = await scene.api.get(leaseKind, lease);
    expect(spec).toMatchObject({ holderIdentity: 'busy', leaseTransitions: 0 });
    expect(Date.parse(spec?.renewTime ?? '')).toBeGreaterThan(since + blockedMs - 10_000);
    stop.abort();
    expect(await ended).toBe('stopped');
    expect((await scene.api.get(leaseKind, lease)).spec?.holderIdentity).toBe('');
  });

  it('ends when another took the lease', async () => {
    const { manager, ended } = await leading('robbed');
    const spec = { holderIdentity: 'robber', leaseDurationSeconds: 15, leaseTransitions: 7 };
    await scene.api.patch(leaseKind, lease, { type: 'merge', body: { spec } });
    expect(await ended).toBeInstanceOf(LeaseLost);
    expect(manager.isLeader()).toBe(false);
  });
});

describe('two managers on one lease', () => {
  const leaderElection = { namespace, name: 'kernel-e2e' };

  it('never lead both; the second takes over when the first is cut off, and at once when it stops', async () => {
    const world = new Map<string, string>();
    const first = await scene.run({ world, manager: { identity: 'first', leaderElection } });
    await vi.waitFor(() => expect(first.manager.isLeader()).toBe(true), patience);
    const second = await scene.run({ world, manager: { identity: 'second', leaderElection } });
    await vi.waitFor(() => expect(second.manager.isReady()).toBe(true), patience);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, Number(first.manager.isLeader()) + Number(second.manager.isLeader()));
    }, 5);
    await scene.churn(1, () => {});
    await scene.expectConvergence(first.manager, world);

    first.proxy.isolate();
    await scene.churn(2, () => {});
    expect(await first.ended).toBeInstanceOf(LeaseLost);
    await vi.waitFor(() => expect(second.manager.isLeader()).toBe(true), patience);
    expect(second.manager.epoch).toBe(1);
    await scene.expectConvergence(second.manager, world);

    const third = await scene.run({ world, manager: { identity: 'third', leaderElection } });
    await vi.waitFor(() => expect(third.manager.isReady()).toBe(true), patience);
    second.stop.abort();
    expect(await second.ended).toBe('stopped');
    // It looks every 2 to 4.4 s; a lease that was not given back would keep it out for 15 s from the last renewal.
    await vi.waitFor(() => expect(third.manager.isLeader()).toBe(true), { timeout: 10_000, interval: 20 });
    clearInterval(watch);
    expect(most).toBe(1);
  });
});
