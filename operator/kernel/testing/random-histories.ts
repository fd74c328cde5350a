// Random histories of two managers over one in-memory API server: edits, crashes, cuts, lost answers. Whatever happened, the world
// ends as the specs say, and only a leader ever touched it. Run by a unit test (few) and by the fault tests (many).

import * as fc from 'fast-check';
import pino from 'pino';
import { Registry } from 'prom-client';
import { expect } from 'vitest';
import { FakeClock, settle } from './fake-clock.ts';
import { InterceptedKubeApi } from './intercepted-kube-api.ts';
import { note, noteKind } from './kube-api-contract.ts';
import { KubeError, type KubeFailure } from '../client/kube-api.ts';
import { parseObjectKey } from '../kind.ts';
import { Manager } from '../runtime/manager.ts';
import { MemoryKubeApi } from './memory-kube-api.ts';
import { notes } from './manager-test-env.ts';
import { done, requeueAfter } from '../runtime/reconciler.ts';

const finalizer = 'kernel.test/world';
const log = pino({ level: 'silent' });

const name = fc.constantFrom('a', 'b', 'c');
const failures: KubeFailure[] = [
  { reason: 'Unavailable' },
  { reason: 'Timeout' },
  { reason: 'Conflict' },
  { reason: 'TooManyRequests', retryAfterMs: 1_000 },
  { reason: 'Forbidden' },
];
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('edit' as const), name, text: fc.constantFrom('x', 'y', 'z') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      failure: fc.constantFrom(...failures),
      when: fc.constantFrom('before' as const, 'after' as const),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'compact' as const, 'down' as const, 'up' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('crash' as const, 'stop' as const, 'drift' as const),
      which: fc.nat(1),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 1_000, 6_000, 20_000) }),
  },
);
type HistoryStep = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** @throws with the seed and the shortest history that breaks a promise */
export async function checkHistories(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const history = new History();
      try {
        for (const one of steps) await history.perform(one);
        await history.expectConvergence();
      } finally {
        await history.end();
      }
    }),
    { numRuns },
  );
}

interface Process {
  manager: Manager;
  stop: AbortController;
  /** A crashed process reaches nothing any more. */
  alive: boolean;
}

class History {
  readonly #clock = new FakeClock();
  readonly #api = new MemoryKubeApi({ clock: this.#clock });
  /** What the controller acts upon outside Kubernetes: by uid, so that a leak of a deleted object shows. */
  readonly #world = new Map<string, string>();
  readonly #busy = new Set<string>();
  readonly #processes: Process[] = [];
  #failing: { failure: KubeFailure; when: 'before' | 'after'; times: number } | undefined;
  #started = 0;
  /** Promises broken inside runs, where throwing would only be one more failure to survive. */
  readonly #broken: string[] = [];

  constructor() {
    for (const index of [0, 1]) this.#processes[index] = this.#start();
  }

  async perform(one: HistoryStep): Promise<void> {
    switch (one.do) {
      case 'edit': {
        const object = note('n', one.name, { spec: { text: one.text } });
        await this.#asPerson(() => this.#api.apply(noteKind, object, { fieldManager: 'person', force: true }));
        break;
      }
      case 'delete':
        await this.#asPerson(() => this.#api.delete(noteKind, { namespace: 'n', name: one.name }));
        break;
      case 'fail':
        this.#failing = { ...one };
        break;
      case 'cut':
        this.#api.cutWatches();
        break;
      case 'compact':
      case 'down':
      case 'up':
        this.#api[one.do]();
        break;
      case 'crash':
      case 'stop':
        this.#replace(one.which, one.do);
        break;
      case 'drift':
        for (const uid of this.#world.keys()) this.#world.set(uid, 'drifted');
        break;
      case 'wait':
        await this.#clock.advance(one.ms);
        break;
    }
    expect(this.#broken).toEqual([]);
    expect(this.#processes.filter(({ manager }) => manager.isLeader()).length).toBeLessThanOrEqual(1);
  }

  /** After ten quiet minutes. */
  async expectConvergence(): Promise<void> {
    this.#failing = undefined;
    this.#api.up();
    for (let minute = 0; minute < 10; minute++) {
      await this.#clock.advance(60_000);
      this.#api.bookmark();
    }
    const { items, resourceVersion } = await this.#api.list(noteKind);
    expect(this.#world).toEqual(new Map(items.map(({ metadata, spec }) => [metadata.uid, spec?.text])));
    for (const { metadata, spec, status } of items) {
      expect(metadata.deletionTimestamp).toBeUndefined();
      expect(status).toEqual({ observedGeneration: metadata.generation, phase: spec?.text });
    }
    for (const { manager } of this.#processes) expect(manager.stores.get(noteKind).size).toBe(items.length);
    // Steady state: the lease is renewed, and nothing else is written.
    await this.#clock.advance(30_000);
    expect(items.map(({ metadata }) => metadata.resourceVersion)).toEqual(
      (await this.#api.list(noteKind, { resourceVersion })).items.map(({ metadata }) => metadata.resourceVersion),
    );
  }

  async end(): Promise<void> {
    this.#api.up();
    for (const { stop } of this.#processes) stop.abort();
    await this.#clock.advance(60_000);
  }

  #start(): Process {
    const process: Process = { stop: new AbortController(), alive: true } as Process;
    const api = new InterceptedKubeApi(this.#api, {
      call: async (_, proceed) => {
        if (!process.alive) return new Promise(() => {});
        const failing = this.#failing;
        if (failing && failing.times-- <= 1) this.#failing = undefined;
        if (failing?.when === 'before') throw new KubeError(failing.failure, 'injected');
        const answer = await proceed();
        if (failing?.when === 'after') throw new KubeError(failing.failure, 'injected after the fact');
        return answer;
      },
    });
    const identity = `process-${(this.#started += 1)}`;
    const leaderElection = { namespace: 'n', name: 'lease' };
    process.manager = new Manager({
      api,
      clock: this.#clock,
      log,
      registry: new Registry(),
      name: 'history',
      identity,
      leaderElection,
    });
    process.manager.add({
      name: 'notes',
      watches: [notes],
      maxConcurrentReconciles: 2,
      backoff: { baseMs: 500, maxMs: 10_000 },
      reconcile: async (key, context) => {
        const busy = `${identity} ${key}`;
        if (this.#busy.has(busy)) this.#broken.push(`two runs at once: ${busy}`);
        this.#busy.add(busy);
        try {
          return await this.#reconcile(process, key, context);
        } finally {
          this.#busy.delete(busy);
        }
      },
    });
    void process.manager.run(process.stop.signal).catch(() => {
      // The lease was lost: the process ends, the kubelet starts another.
      const which = this.#processes.indexOf(process);
      if (which >= 0 && process.alive) this.#replace(which, 'crash');
    });
    return process;
  }

  async #reconcile(
    ...[process, key, { writer, isLeader }]: [
      Process,
      string,
      Parameters<Parameters<Manager['add']>[0]['reconcile']>[1],
    ]
  ) {
    const { namespace, name } = parseObjectKey(key);
    const object = process.manager.stores.get(noteKind).get(namespace, name);
    if (!object) return done;
    if (object.metadata.deletionTimestamp !== undefined) {
      this.#touch(process, isLeader, () => this.#world.delete(object.metadata.uid));
      await writer.removeFinalizer(noteKind, object, finalizer);
      return done;
    }
    const guarded = await writer.addFinalizer(noteKind, object, finalizer);
    // Others may act at every await: work that takes time is work on old specs.
    await new Promise<void>((resolve) => void this.#clock.after(5, resolve));
    this.#touch(process, isLeader, () => this.#world.set(object.metadata.uid, object.spec?.text ?? ''));
    await writer.status(noteKind, guarded, {
      observedGeneration: object.metadata.generation,
      phase: object.spec?.text,
    });
    return requeueAfter(120_000);
  }

  /** A write to the world: only by a living leader. */
  #touch(process: Process, isLeader: () => boolean, change: () => void): void {
    if (!process.alive || !isLeader()) throw new Error('not leading: nothing may be touched');
    change();
  }

  #replace(which: number, how: 'crash' | 'stop'): void {
    const old = this.#processes[which];
    if (!old) return;
    if (how === 'crash') old.alive = false;
    old.stop.abort();
    this.#processes[which] = this.#start();
  }

  async #asPerson(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
    }
    await settle();
  }
}
