// Runs one controller: events become keys, keys become runs, results decide when a key runs again.

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { ItemBackoff } from './backoff.ts';
import type { Clock } from '../clock.ts';
import type { OwnWrites } from './own-writes.ts';
import { KubeError } from '../client/kube-api.ts';
import { kindKey, type Stored } from '../kind.ts';
import type { ControllerMetrics, ReconcileOutcome } from './metrics.ts';
import type { StoreAwareWriter } from './object-writer.ts';
import { PriorityQueue, type WorkItem } from './priority-queue.ts';
import type { QueueSnapshot } from './queue-snapshot.ts';
import {
  type ControllerDefinition,
  defaultMaxConcurrentReconciles,
  type EnqueueOptions,
  type ConcurrencyGroups,
  Priority,
  type ReconcileContext,
  type Request,
  type Result,
  type Watch,
  type CacheEvent,
} from './reconciler.ts';
import type { BacklogGate } from './backlog-gate.ts';
import type { Store, StoreChange } from '../cache/store.ts';
import { giveWay, type Turns } from '../turns.ts';

const defaultTimeoutMs = 5 * 60_000;
/** kopf's consistency_timeout: a write that has not come back by then comes late or never, and a stale run is mended by the next event. */
const ownWriteTimeoutMs = 5_000;
/** What is to come this soon only waits for its like, and interrupts as what comes at once; what is planned for later does not. */
const maxBatchMs = 1_000;

export interface ControllerEnvironment {
  clock: Clock;
  log: Logger;
  metrics: ControllerMetrics;
  isLeader(): boolean;
  /** The store of a watch's kind. */
  store(watch: Watch): Store;
  writer(signal: AbortSignal, priority: number): StoreAwareWriter;
  readonly ownWrites: OwnWrites;
  /** Between all controllers. */
  readonly backlogGate: BacklogGate;
  recordEvent: ReconcileContext['event'];
  /** Resolves when the stores show these writes, at the latest after `timeoutMs`. */
  waitUntilObserved(writes: StoreAwareWriter['writes'], timeoutMs: number): Promise<void>;
}

/** Why a run's signal aborted; `signal.reason` is one of these. */
class RunAborted extends Error {
  override readonly name = 'RunAborted';
  override readonly cause: 'Timeout' | 'Interrupted' | 'Stopped';

  constructor(cause: RunAborted['cause'], message: string) {
    super(message);
    this.cause = cause;
  }
}

interface Run {
  readonly item: WorkItem;
  readonly abort: AbortController;
}

export class Controller {
  readonly name: string;
  readonly #definition: ControllerDefinition;
  readonly #environment: ControllerEnvironment;
  readonly #queue: PriorityQueue;
  readonly #backoff: ItemBackoff;
  readonly #log: Logger;
  readonly #runs = new Map<string, Run>();
  readonly #startCalls = new Map<string, () => void>();
  readonly #unsubscribe: (() => void)[] = [];
  #workers: Promise<void>[] = [];

  constructor(definition: ControllerDefinition, environment: ControllerEnvironment) {
    this.name = definition.name;
    this.#definition = definition;
    this.#environment = environment;
    this.#log = environment.log.child({ controller: definition.name });
    const {
      maxConcurrentReconciles = defaultMaxConcurrentReconciles,
      concurrencyGroups = halfForBacklog(maxConcurrentReconciles),
    } = definition;
    this.#queue = new PriorityQueue(
      environment.clock,
      { observer: environment.metrics.queue, concurrencyGroups },
      environment.backlogGate,
    );
    this.#backoff = new ItemBackoff(environment.clock, definition.backoff);
  }

  enqueue(key: string, options: EnqueueOptions = {}): void {
    const { priority = Priority.normal, afterMs = 0, onStart } = options;
    if (onStart !== undefined && !this.#startCalls.has(key)) this.#startCalls.set(key, onStart);
    this.#queue.add(key, options);
    const run = this.#runs.get(key);
    if (!this.#definition.interruptible || !run || priority <= run.item.priority) return;
    const interrupt = (): void => {
      run.abort.abort(new RunAborted('Interrupted', `work of priority ${priority} arrived`));
    };
    if (afterMs <= 0) interrupt();
    else if (afterMs <= maxBatchMs) this.#environment.clock.after(afterMs, interrupt);
  }

  /** Follows what changes and queues everything the stores hold. The stores must be synced. */
  async startWatches(turns: Turns): Promise<void> {
    for (const watch of this.#definition.watches) {
      const store = this.#environment.store(watch);
      this.#unsubscribe.push(store.subscribe((change) => this.#onChange(watch, change)));
      for (const object of store.list()) await turns.piece(this.#enqueueRequests(watch, object, undefined, 'initial'));
    }
  }

  /** Starts the workers. */
  start(): void {
    const workers = this.#definition.maxConcurrentReconciles ?? defaultMaxConcurrentReconciles;
    this.#workers = Array.from({ length: workers }, () => this.#work());
  }

  /** Starts nothing more; resolves when the last run is over. */
  async stop(): Promise<void> {
    for (const end of this.#unsubscribe.splice(0)) end();
    this.#queue.close();
    await Promise.all(this.#workers);
  }

  /** Starts nothing more and aborts what still runs: the grace period is over, or the lease is lost. */
  abort(why: string): void {
    this.#queue.close();
    for (const { abort } of this.#runs.values()) abort.abort(new RunAborted('Stopped', why));
  }

  /** Keys that wait or run. */
  get pending(): number {
    return this.#queue.size + this.#runs.size;
  }

  get queue(): QueueSnapshot & { readonly workers: number } {
    return {
      workers: this.#definition.maxConcurrentReconciles ?? defaultMaxConcurrentReconciles,
      ...this.#queue.snapshot(),
    };
  }

  /** Queues all objects of the watched kinds again at low priority. */
  async resync(turns: Turns): Promise<void> {
    for (const watch of this.#definition.watches)
      for (const object of this.#environment.store(watch).list())
        await turns.piece(this.#enqueueRequests(watch, object, object, 'resync'));
  }

  #onChange(watch: Watch, change: StoreChange): void {
    const old = change.type === 'updated' ? change.old : change.type === 'deleted' ? change.object : undefined;
    this.#enqueueRequests(watch, change.object, old, change.type);
  }

  /** @returns how many pieces of work it was: one, and one for each key */
  #enqueueRequests(watch: Watch, object: Stored, old: Stored | undefined, event: CacheEvent): number {
    let requests: readonly Request[];
    try {
      requests = watch.mapToRequests(object, old, event);
    } catch (error) {
      // One object that cannot be mapped must not end the stream of all others.
      this.#environment.metrics.panicked();
      this.#log.error({ err: error, kind: kindKey(watch.kind), object: object.metadata.name }, 'mapToRequests threw');
      return 1;
    }
    const usual = usualPriority(object, old, event, this.#environment.ownWrites);
    for (const { key, priority = usual, ...options } of requests) this.enqueue(key, { ...options, priority });
    return 1 + requests.length;
  }

  async #work(): Promise<void> {
    for (let item = await this.#queue.get(); item; item = await this.#queue.get()) {
      await this.#process(item);
      // A run that waits for nothing leaves the event loop no turn: nor would the next, and all of a flood would be one.
      await giveWay();
    }
  }

  async #process(item: WorkItem): Promise<void> {
    const { clock, metrics } = this.#environment;
    const abort = new AbortController();
    const writer = this.#environment.writer(abort.signal, item.priority);
    const timeoutMs = this.#definition.timeoutMs ?? defaultTimeoutMs;
    const cancelTimeout = clock.after(timeoutMs, () => {
      metrics.timedOut();
      abort.abort(new RunAborted('Timeout', `the run took longer than ${timeoutMs} ms`));
    });
    this.#runs.set(item.key, { item, abort });
    metrics.started(item.key);
    this.#startCalls.get(item.key)?.();
    this.#startCalls.delete(item.key);
    const context = this.#context(item, abort.signal, writer);
    const result = await this.#reconcile(item, context);
    cancelTimeout();
    this.#runs.delete(item.key);
    metrics.finished(item.key, this.#handleResult(item, result, context));
    void this.#finishAfterCacheSync(item.key, writer);
  }

  async #reconcile(item: WorkItem, context: ReconcileContext): Promise<Result | 'Aborted'> {
    try {
      return await this.#definition.reconcile(item.key, context);
    } catch (error) {
      const { reason } = context.signal;
      if (reason instanceof RunAborted && reason.cause !== 'Timeout') return 'Aborted';
      if (reason instanceof RunAborted) return { type: 'Transient', reason: 'Timeout', message: reason.message };
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof KubeError) return { type: 'Transient', reason: error.reason, message, ...retryAfter(error) };
      this.#environment.metrics.panicked();
      context.log.error({ err: error }, 'reconcile threw');
      return { type: 'Transient', reason: 'Panic', message };
    }
  }

  /** Decides about the next run of the key. */
  #handleResult({ key, priority }: WorkItem, result: Result | 'Aborted', { log }: ReconcileContext): ReconcileOutcome {
    if (result === 'Aborted') return 'interrupted';
    switch (result.type) {
      case 'Done':
        this.#backoff.forget(key);
        log.debug('done');
        return 'success';
      case 'RequeueAfter':
        this.#backoff.forget(key);
        // A check that is due later is not as urgent as the event that led to it; a backlog stays a backlog.
        this.#queue.add(key, { afterMs: result.ms, priority: result.priority ?? Math.min(priority, Priority.normal) });
        log.debug({ ms: result.ms }, 'done for now');
        return 'requeue_after';
      case 'Stalled':
        this.#backoff.forget(key);
        log.warn({ reason: result.reason }, result.message);
        return 'stalled';
      case 'Transient': {
        const afterMs = Math.max(this.#backoff.next(key), result.retryAfterMs ?? 0);
        this.#environment.metrics.retried();
        this.#queue.add(key, { afterMs, priority });
        log.info({ reason: result.reason, after: afterMs }, result.message);
        return 'error';
      }
    }
    return result satisfies never;
  }

  /** Lets the key run again once the stores show what the run wrote. The worker does not wait for that. */
  async #finishAfterCacheSync(key: string, writer: StoreAwareWriter): Promise<void> {
    if (writer.writes.length > 0) await this.#environment.waitUntilObserved(writer.writes, ownWriteTimeoutMs);
    writer.release();
    this.#queue.done(key);
  }

  #context({ key, priority }: WorkItem, signal: AbortSignal, writer: StoreAwareWriter): ReconcileContext {
    const { clock, recordEvent } = this.#environment;
    const reconcileId = randomUUID();
    return {
      signal,
      reconcileId,
      priority,
      writer,
      log: this.#log.child({ key, reconcileId }),
      now: () => clock.now(),
      isLeader: () => this.#environment.isLeader() && !signal.aborted,
      event: recordEvent,
    };
  }
}

/** The backlog takes half of the workers, so that normal work need not wait for the end of a run. */
function halfForBacklog(workers: number): ConcurrencyGroups {
  return { groupOf: () => 'all', maxConcurrent: Math.ceil(workers / 2) };
}

/** What is being deleted comes first, even when first seen at the start: access must end. */
function usualPriority(object: Stored, old: Stored | undefined, event: CacheEvent, ownWrites: OwnWrites): number {
  if (event === 'resync') return Priority.backlog;
  if (object.metadata.deletionTimestamp !== undefined || event === 'deleted') return Priority.revocation;
  if (event === 'initial') return Priority.backlog;
  return event === 'updated' ? Math.min(Priority.normal, ownWrites.maxPriority(object, old)) : Priority.normal;
}

function retryAfter({ failure }: KubeError): { retryAfterMs?: number } {
  return 'retryAfterMs' in failure && failure.retryAfterMs !== undefined ? { retryAfterMs: failure.retryAfterMs } : {};
}
