// Composes a process: caches, controllers, leader election, health, metrics, and an orderly stop.
// oxlint-disable max-lines -- in one file, because it is about the order of these

import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { LoopBackoff } from './backoff.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { Caches } from './caches.ts';
import { Controller } from './controller.ts';
import type { Credentials } from '../client/credentials.ts';
import { OwnWrites } from './own-writes.ts';
import { ElectionThread } from './election-thread.ts';
import { type EventInput, EventRecorder } from './event-recorder.ts';
import type { KubeApi, Selection } from '../client/kube-api.ts';
import { type Kind, type KubeObject, parseObjectKey, type Stored } from '../kind.ts';
import { LargeWrites } from './large-writes.ts';
import { type Election, LeaderElection, type LeaderElectionOptions } from './leader-election.ts';
import type { Indexer } from '../cache/indexed-objects.ts';
import { KernelMetrics } from './metrics.ts';
import { StoreAwareWriter } from './object-writer.ts';
import { type ProbeServer, startProbeServer } from './probe-server.ts';
import { type ControllerDefinition, defaultMaxConcurrentReconciles, type EnqueueOptions } from './reconciler.ts';
import { BacklogGate } from './backlog-gate.ts';
import type { ReadStore, Stores } from '../cache/store.ts';
import { Turns } from '../turns.ts';

/** controller-runtime's graceful shutdown. The pod's terminationGracePeriodSeconds must be longer than this and the next together. */
const gracefulStopMs = 30_000;
/** A run whose signal has aborted gets this long to come back before the process ends without it. */
const abortedStopMs = 5_000;
/** controller-runtime's SyncPeriod: replays the caches, lists nothing; insurance against our own missed events. */
const resyncMs = 10 * 60 * 60_000;
const resyncJitter = 0.1;
/** Keys that are queued in one turn of the event loop, of everything that the caches hold. */
const keysATurn = 100;
/** Say so when caches take longer than this (controller-runtime's CacheSyncTimeout, which ends the process; we go on). */
const slowSyncMs = 120_000;

export interface ManagerOptions {
  api: KubeApi;
  log: Logger;
  registry: Registry;
  /** Owns the fields we apply and reports our Events, e.g. `dataall-operator`. */
  name: string;
  /** Unique to this process, e.g. the pod's name and uid. */
  identity: string;
  clock?: Clock;
  /** Without it this process leads from the start. With credentials the lease is renewed in a thread of its own. */
  leaderElection?: { namespace: string; name: string; credentials?: Credentials };
  /** Port of /healthz, /readyz, /metrics and /debug/queues; without it they are not served. 0 picks a free one. */
  probePort?: number;
}

export interface CacheOptions<T extends KubeObject> extends Selection {
  indexers?: Readonly<Record<string, Indexer<T>>>;
}

export interface ControllerHandle {
  readonly name: string;
  enqueue(key: string, options?: EnqueueOptions): void;
}

/** Something that runs beside the controllers: an event source, a server, a sweeper. Started again with backoff when it throws. */
export interface Task {
  readonly name: string;
  /** `leader`: only while this process leads. `always`: from the start, on standbys too. */
  readonly runs: 'leader' | 'always';
  run(signal: AbortSignal): Promise<void>;
}

/** The lease went to someone else, or may have: end the process at once and let it start anew. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export class Manager {
  readonly #options: ManagerOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #metrics: KernelMetrics;
  readonly #events: EventRecorder;
  readonly #election: Election | undefined;
  readonly #caches: Caches;
  readonly #controllers = new Map<string, Controller>();
  readonly #tasks: Task[] = [];
  readonly #ownWrites = new OwnWrites();
  readonly #largeWrites = new LargeWrites();
  readonly #backlogGate: BacklogGate;
  readonly #lastApplied = new Map<string, { body: string; uid: string }>();
  #server: ProbeServer | undefined;
  #leads = false;

  constructor(options: ManagerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backlogGate = new BacklogGate(this.#clock);
    this.#log = options.log;
    this.#metrics = new KernelMetrics(options.registry, this.#clock);
    const { api, log, name, identity, leaderElection } = options;
    this.#caches = new Caches({ api, log, clock: this.#clock, metrics: this.#metrics });
    this.#events = new EventRecorder({
      api,
      log,
      clock: this.#clock,
      controller: name,
      instance: identity.slice(0, 128),
    });
    this.#election = leaderElection && electionOf(leaderElection, { api, identity, clock: this.#clock, log });
  }

  /** Readable at once, complete when {@link isReady}. */
  readonly stores: Stores = {
    get: <T extends KubeObject>(kind: Kind<T>) => this.#caches.store(kind) as unknown as ReadStore<T>,
  };

  /** Caches a kind with these indexes and within this selection; kinds of watches are cached anyway. Before run(). */
  cache<T extends KubeObject>(kind: Kind<T>, { indexers = {}, ...selection }: CacheOptions<T> = {}): ReadStore<T> {
    const store = this.#caches.add(kind, selection);
    for (const [name, indexer] of Object.entries(indexers)) store.addIndexer(name, indexer as Indexer);
    return store as ReadStore as ReadStore<T>;
  }

  /** Before run(). */
  add(definition: ControllerDefinition): ControllerHandle {
    if (this.#controllers.has(definition.name)) throw new Error(`there is a controller ${definition.name} already`);
    for (const { kind } of definition.watches) this.#caches.add(kind);
    const controller = new Controller(definition, {
      clock: this.#clock,
      log: this.#log,
      metrics: this.#metrics.forController(
        definition.name,
        definition.maxConcurrentReconciles ?? defaultMaxConcurrentReconciles,
      ),
      isLeader: () => this.isLeader(),
      store: ({ kind }) => this.#caches.store(kind),
      writer: (signal, priority) => this.#writer(signal, priority),
      ownWrites: this.#ownWrites,
      backlogGate: this.#backlogGate,
      recordEvent: (regarding, event) => this.event(regarding, event),
      waitUntilObserved: async (writes, timeoutMs) => this.#caches.waitUntilObserved(writes, timeoutMs),
    });
    this.#controllers.set(definition.name, controller);
    return controller;
  }

  /** Before run(). */
  addTask(task: Task): void {
    this.#tasks.push(task);
  }

  /** Enqueues for a controller by name: how controllers, AWS event sources and timers wake each other. */
  enqueue(controller: string, key: string, options?: EnqueueOptions): void {
    const target = this.#controllers.get(controller);
    if (!target) throw new Error(`no controller ${controller}; there are ${[...this.#controllers.keys()].join(', ')}`);
    target.enqueue(key, options);
  }

  /** Records a Kubernetes Event, in the background. */
  event(regarding: Stored, event: EventInput): void {
    this.#events.record(regarding, event);
  }

  /** Whether this process may act on the world outside Kubernetes at this moment. */
  isLeader(): boolean {
    return this.#leads && (this.#election?.isValid() ?? true);
  }

  /** Grows with every change of leadership; part of what names us to AWS. */
  get epoch(): number {
    return this.#election?.epoch ?? 0;
  }

  /** Caches are synced: reads are complete. Standbys are ready too. */
  isReady(): boolean {
    return this.#caches.missing().length === 0;
  }

  /** Keys of all controllers that wait or run; 0 when there is nothing left to do but to wait for events and timers. */
  get pending(): number {
    return [...this.#controllers.values()].reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Of the probe server, when it is served. */
  get probePort(): number | undefined {
    return this.#server?.port;
  }

  /**
   * Runs until `signal` aborts; resolves after an orderly stop, 35 s at most.
   * @throws LeaseLost when leadership is lost: everything has been aborted, the process should end
   */
  async run(signal: AbortSignal): Promise<void> {
    const end = new AbortController();
    try {
      await this.#serve();
      const background = this.#caches.run(end.signal);
      background.push(...this.#runTasks('always', end.signal));
      await this.#synced(signal);
      if (!signal.aborted) await this.#lead(signal);
      end.abort();
      await Promise.race([Promise.all(background), sleep(this.#clock, abortedStopMs)]);
    } finally {
      end.abort();
      await this.#server?.close();
    }
  }

  async #lead(signal: AbortSignal): Promise<void> {
    const { name } = this.#options;
    this.#metrics.leads(name, false);
    if (this.#election && !(await this.#election.acquire(signal))) return;
    this.#leads = true;
    this.#metrics.leads(name, true);
    const held = new AbortController();
    const tasks = new AbortController();
    const holding = this.#election?.hold(held.signal);
    const lost = holding ?? new Promise<never>(() => {});
    try {
      if ((await Promise.race([lost, this.#act(signal, tasks)])) === 'lost') {
        for (const controller of this.#controllers.values()) controller.abort('the lease is lost');
        throw new LeaseLost(`${this.#options.identity} lost the lease`);
      }
    } finally {
      this.#leads = false;
      this.#metrics.leads(name, false);
      tasks.abort();
      held.abort();
    }
    await holding;
    await this.#election?.release();
  }

  /** Runs the controllers until the signal aborts, and then until their last runs are over or out of time. */
  async #act(signal: AbortSignal, tasks: AbortController): Promise<'stopped'> {
    const controllers = [...this.#controllers.values()];
    // Everything is queued before anything runs, so that deletions come first.
    const turns = new Turns(keysATurn);
    for (const controller of controllers) await controller.startWatches(turns);
    const background = [...this.#runTasks('leader', tasks.signal), this.#resyncForever(tasks.signal)];
    for (const controller of controllers) controller.start();
    await aborted(signal);
    const finished = Promise.all(controllers.map((controller) => controller.stop()));
    await this.#atMost(finished, gracefulStopMs);
    for (const controller of controllers) controller.abort('the process ends');
    tasks.abort();
    await this.#atMost(Promise.all([finished, this.#events.flushed(), ...background]), abortedStopMs);
    return 'stopped';
  }

  async #synced(signal: AbortSignal): Promise<void> {
    const all = this.#caches.synced();
    while (!signal.aborted && !this.isReady()) {
      await this.#atMost(Promise.race([all, aborted(signal)]), slowSyncMs);
      const missing = this.#caches.missing();
      if (missing.length > 0 && !signal.aborted) this.#log.warn({ missing }, 'caches are not synced yet');
    }
  }

  #runTasks(runs: Task['runs'], signal: AbortSignal): Promise<void>[] {
    return this.#tasks.filter((task) => task.runs === runs).map((task) => this.#runTask(task, signal));
  }

  async #runTask(task: Task, signal: AbortSignal): Promise<void> {
    const backoff = new LoopBackoff(this.#clock);
    while (!signal.aborted) {
      try {
        await task.run(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#log.error({ err: error, task: task.name }, 'task failed, starting it again');
        await sleep(this.#clock, backoff.next(), signal);
      }
    }
  }

  async #resyncForever(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const deviation = (2 * this.#clock.random() - 1) * resyncJitter;
      await sleep(this.#clock, resyncMs * (1 + deviation), signal);
      const turns = new Turns(keysATurn);
      for (const controller of this.#controllers.values()) if (!signal.aborted) await controller.resync(turns);
    }
  }

  async #serve(): Promise<void> {
    const { probePort, registry } = this.#options;
    if (probePort === undefined) return;
    this.#server = await startProbeServer({
      port: probePort,
      registry,
      // A leader whose lease ran out should have ended by itself; if it did not, the kubelet shall end it.
      isHealthy: () => !this.#leads || this.isLeader(),
      isReady: () => this.isReady(),
      notReady: 'caches not synced',
      queues: () => Object.fromEntries([...this.#controllers].map(([name, { queue }]) => [name, queue])),
    });
  }

  #writer(signal: AbortSignal, priority: number): StoreAwareWriter {
    const { api, name } = this.#options;
    const lookUp = <T extends KubeObject>(kind: Kind<T>, key: string): Stored<T> | undefined => {
      const { namespace, name } = parseObjectKey(key);
      return this.#caches.find(kind)?.get(namespace, name) as Stored<T> | undefined;
    };
    return new StoreAwareWriter({
      api,
      fieldManager: name,
      lookUp,
      lastApplied: this.#lastApplied,
      ownWrites: this.#ownWrites,
      largeWrites: this.#largeWrites,
      priority,
      signal,
    });
  }

  async #atMost(promise: Promise<unknown>, ms: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([promise, sleep(this.#clock, ms, over.signal)]);
    over.abort();
  }
}

function electionOf(
  { credentials, ...lease }: NonNullable<ManagerOptions['leaderElection']>,
  process: Pick<LeaderElectionOptions, 'api' | 'identity' | 'clock' | 'log'>,
): Election {
  if (credentials === undefined) return new LeaderElection({ ...lease, ...process });
  return new ElectionThread({ ...lease, credentials, identity: process.identity, log: process.log });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
