import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { InterceptedKubeApi } from '../testing/intercepted-kube-api.ts';
import { type KubeApi, KubeError } from '../client/kube-api.ts';
import { note, noteKind } from '../testing/kube-api-contract.ts';
import { LeaseLost } from './manager.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';
import { controller, makeManager, stopManagers, untilAborted } from '../testing/manager-test-env.ts';
import { done } from './reconciler.ts';

afterEach(stopManagers);

describe('Manager', () => {
  it('lets runs finish when it stops, and aborts them after 30 s', async () => {
    const clock = new FakeClock();
    const { manager, start } = makeManager(new MemoryKubeApi({ clock }), clock);
    const outcomes: string[] = [];
    const { stop, ended } = start(
      controller(async (key, { signal }) => {
        if (key === 'short') await new Promise<void>((resolve) => void clock.after(10_000, resolve));
        else await untilAborted(signal).catch(() => outcomes.push('aborted'));
        if (!signal.aborted) outcomes.push('finished');
        return done;
      }),
    );
    await settle();
    for (const key of ['short', 'endless']) manager.enqueue('notes', key);
    await settle();
    stop.abort();
    await settle();
    manager.enqueue('notes', 'too late');
    await clock.advance(29_000);
    expect(outcomes).toEqual(['finished']);
    await clock.advance(2_000);
    expect(outcomes).toEqual(['finished', 'aborted']);
    expect(await ended).toBe('stopped');
  });

  it('keeps running tasks that fail, and ends them at the end', async () => {
    const clock = new FakeClock();
    const { manager, start } = makeManager(new MemoryKubeApi({ clock }), clock);
    let starts = 0;
    let over = false;
    manager.addTask({
      name: 'poller',
      runs: 'leader',
      run: async (signal) => {
        starts += 1;
        if (starts < 3) throw new Error('no connection');
        await untilAborted(signal).catch(() => (over = true));
      },
    });
    const { stop, ended } = start();
    await clock.advance(10_000);
    expect([starts, over]).toEqual([3, false]);
    stop.abort();
    expect(await ended).toBe('stopped');
    expect(over).toBe(true);
  });

  it('serves health, readiness and metrics', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const { manager, start } = makeManager(api, clock, { probePort: 0 });
    api.down();
    start(controller(() => done));
    await expect.poll(() => manager.probePort).toBeDefined();
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${manager.probePort}${path}`);
      return [response.status, await response.text()] as const;
    };
    expect(await get('/readyz')).toEqual([503, 'caches not synced']);
    expect((await get('/healthz'))[0]).toBe(200);
    api.up();
    await clock.advance(5_000);
    manager.enqueue('notes', 'key');
    await settle();
    expect((await get('/readyz'))[0]).toBe(200);
    const [, metrics] = await get('/metrics');
    expect(metrics).toContain('controller_runtime_reconcile_total{controller="notes",result="success"} 1');
    expect(metrics).toContain('workqueue_longest_running_processor_seconds{name="notes",controller="notes"} 0');
    expect((await get('/other'))[0]).toBe(404);
  });
});

describe('Managers that share a lease', () => {
  const leaderElection = { namespace: 'system', name: 'lease' };

  /** Two managers, of which the first leads. */
  async function pair(apis: [KubeApi, KubeApi], clock: FakeClock) {
    const seen: string[] = [];
    const launch = (identity: string, api: KubeApi) => {
      const { manager, start } = makeManager(api, clock, { identity, leaderElection });
      const tally = controller((key) => {
        seen.push(`${identity} ${key}`);
        return done;
      });
      return { manager, ...start(tally) };
    };
    const first = launch('one', apis[0]);
    await settle();
    const second = launch('two', apis[1]);
    await clock.advance(3_000);
    return { seen, first, second };
  }

  it('let one work while the other keeps its caches warm, and take over at once after a stop', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    await api.create(noteKind, note('a', 'one'));
    const { seen, first, second } = await pair([api, api], clock);
    expect([first.manager.isLeader(), second.manager.isLeader()]).toEqual([true, false]);
    expect(second.manager.isReady()).toBe(true);
    expect(seen).toEqual(['one a/one']);
    first.stop.abort();
    expect(await first.ended).toBe('stopped');
    expect(first.manager.isLeader()).toBe(false);
    await clock.advance(5_000);
    expect(second.manager.isLeader()).toBe(true);
    expect(second.manager.epoch).toBe(1);
    expect(seen).toEqual(['one a/one', 'two a/one']);
  });

  it('take over 15 s after the leader was cut off, which by then has given up', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    let cut = false;
    const cuttable = new InterceptedKubeApi(api, {
      call: async (_, proceed) => {
        if (cut) throw new KubeError({ reason: 'Unavailable' }, 'cut off');
        return proceed();
      },
    });
    const { first, second } = await pair([cuttable, api], clock);
    cut = true;
    await clock.advance(10_500);
    expect(await first.ended).toBeInstanceOf(LeaseLost);
    expect(second.manager.isLeader()).toBe(false);
    await clock.advance(9_000);
    expect(second.manager.isLeader()).toBe(true);
  });
});
