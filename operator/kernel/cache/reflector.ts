// Keeps a store equal to the server: watch-list, else list, then watch for ever. Nothing that goes wrong is fatal.
// The rules are client-go's (tools/cache/reflector.go), the silence rule is kopf's.

import type { Logger } from 'pino';
import { LoopBackoff } from '../runtime/backoff.ts';
import { type Clock, sleep } from '../clock.ts';
import { isKubeError, type KubeApi, KubeError, type Selection, type WatchEvent } from '../client/kube-api.ts';
import { type Kind, kindKey, type KubeObject, objectKey, type Stored } from '../kind.ts';
import { Turns } from '../turns.ts';
import { changesATurn, type Store } from './store.ts';

/** Bookmarks come every 60 s, so a stream silent for longer is dead, however open its socket looks (kopf's configurations.py). */
const silenceMs = 70_000;
/** The server ends a watch after 5 to 10 min, at random so that not all come back at once. */
const watchSeconds = { min: 300, max: 600 };
/** A watch that ends sooner and said nothing is a failure, or a broken proxy would be asked a thousand times a second. */
const shortestWatchMs = 1_000;
const pageSize = 500;

export interface ReflectorOptions<T extends KubeObject> {
  api: KubeApi;
  kind: Kind<T>;
  selection?: Selection;
  store: Store<T>;
  clock: Clock;
  log: Logger;
  observer?: ReflectorObserver;
}

export interface ReflectorObserver {
  listed(): void;
  watched(): void;
  failed(reason: string): void;
}

export class Reflector<T extends KubeObject = KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #log: Logger;
  readonly #backoff: LoopBackoff;
  readonly #synced = Promise.withResolvers<void>();
  #isSynced = false;
  /** Where to watch from; empty: the state must be fetched anew. */
  #resourceVersion = '';
  /** The server refused `sendInitialEvents` (the feature gate WatchList is off). */
  #listOnly = false;
  #fetchedAt = 0;
  /** The server may be at an older state than ours: it was away, or said nothing for as long as a watch lasts. */
  #isDoubtful = false;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#log = options.log.child({ reflector: kindKey(options.kind) });
    this.#backoff = new LoopBackoff(options.clock);
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Resolves when the store holds the whole state for the first time. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === '') await this.#fetchState(signal);
        else await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error, signal);
      }
    }
  }

  /** The whole state, by watch-list if the server can (the stream then goes on as the watch), else by list. */
  async #fetchState(signal: AbortSignal): Promise<void> {
    if (!this.#listOnly) {
      try {
        await this.#consume({ sendInitialEvents: true }, signal);
        return;
      } catch (error) {
        // Once the stream gave the state, its end is an ordinary end of a watch.
        if (this.#resourceVersion !== '' || signal.aborted) throw error;
        this.#listOnly = isKubeError(error, 'Invalid');
        this.#log.debug({ err: error }, 'watch-list failed, listing');
      }
    }
    await this.#list(signal);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { api, kind, selection } = this.#options;
    const items: Stored<T>[] = [];
    let next: string | undefined;
    let resourceVersion: string;
    do {
      const page = await api.list(kind, {
        ...selection,
        signal,
        limit: pageSize,
        ...(next === undefined ? {} : { continue: next }),
      });
      items.push(...page.items);
      resourceVersion = page.resourceVersion;
      next = page.continue;
    } while (next !== undefined);
    await this.#replace(items, resourceVersion);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    if (this.#isDoubtful) await this.#demandHistory(signal);
    await this.#consume({ resourceVersion: this.#resourceVersion }, signal);
  }

  /**
   * After etcd was restored from a backup the server has not come to our resource version. A watch from there is silent until it has, without
   * a bookmark (v1.36); a list says so within three seconds.
   * @throws KubeError Gone
   */
  async #demandHistory(signal: AbortSignal): Promise<void> {
    const { api, kind, selection } = this.#options;
    await api.list(kind, { ...selection, signal, limit: 1, resourceVersion: this.#resourceVersion });
    this.#isDoubtful = false;
  }

  /** Reads one stream to its end. Returns when it ended in order, or went silent after saying something. */
  async #consume(from: { sendInitialEvents: true } | { resourceVersion: string }, signal: AbortSignal): Promise<void> {
    const { api, kind, selection, clock, observer } = this.#options;
    const started = clock.monotonic();
    const stream = new AbortController();
    const stop = () => stream.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const silence = new Silence(clock, () => stream.abort(new Error(`silent for ${silenceMs / 1000} s`)));
    // Until the bookmark that ends it, a watch-list is collected aside: readers never see half a state.
    let initial = 'sendInitialEvents' in from ? new Map<string, Stored<T>>() : undefined;
    let events = 0;
    const turns = new Turns(changesATurn, 'news');
    observer?.watched();
    try {
      const { min, max } = watchSeconds;
      const timeoutSeconds = Math.round(min + clock.random() * (max - min));
      for await (const event of api.watch(kind, { ...selection, ...from, timeoutSeconds, signal: stream.signal })) {
        silence.broken();
        events++;
        if (initial) initial = await this.#collect(initial, event);
        else this.#apply(event);
        await turns.piece();
      }
    } catch (error) {
      if (!stream.signal.aborted) throw error;
    } finally {
      silence.end();
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) return;
    this.#isDoubtful ||= events === 0 || stream.signal.aborted;
    if (initial) throw new KubeError({ reason: 'Unavailable' }, 'the watch-list ended before it was complete');
    if (events === 0 && clock.monotonic() - started < shortestWatchMs)
      throw new KubeError({ reason: 'Unavailable' }, 'the watch ended at once and said nothing');
  }

  async #collect(initial: Map<string, Stored<T>>, event: WatchEvent<T>): Promise<Map<string, Stored<T>> | undefined> {
    if (event.type === 'BOOKMARK') {
      if (!event.initialEventsEnd) return initial;
      await this.#replace([...initial.values()], event.resourceVersion);
      return undefined;
    }
    const key = objectKey(event.object.metadata);
    if (event.type === 'DELETED') initial.delete(key);
    else initial.set(key, event.object);
    return initial;
  }

  #apply(event: WatchEvent<T>): void {
    const { store } = this.#options;
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        store.set(event.object);
        break;
      case 'DELETED':
        store.remove(event.object);
        break;
      case 'BOOKMARK':
        store.bookmark(event.resourceVersion);
        break;
    }
    this.#resourceVersion = store.resourceVersion;
  }

  async #replace(items: readonly Stored<T>[], resourceVersion: string): Promise<void> {
    await this.#options.store.replace(items, resourceVersion);
    this.#resourceVersion = resourceVersion;
    this.#fetchedAt = this.#options.clock.monotonic();
    this.#isDoubtful = false;
    this.#isSynced = true;
    this.#synced.resolve();
    this.#options.observer?.listed();
  }

  /** After a passing trouble watch on from where we were; after anything else fetch the state again. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const passing = isKubeError(error, 'Unavailable', 'Timeout', 'TooManyRequests');
    if (!passing) this.#resourceVersion = '';
    this.#isDoubtful = true;
    this.#options.observer?.failed(error instanceof KubeError ? error.reason : 'Unknown');
    // A resource version that got too old is the ordinary fate of a stream that was cut for long: no reason to wait, the first time.
    const atOnce = isKubeError(error, 'Gone') && this.#options.clock.monotonic() - this.#fetchedAt >= shortestWatchMs;
    const asked = error instanceof KubeError && 'retryAfterMs' in error.failure ? (error.failure.retryAfterMs ?? 0) : 0;
    const wait = atOnce ? 0 : Math.max(this.#backoff.next(), asked);
    this.#log.info({ err: error, wait, relist: !passing }, 'watch failed');
    await sleep(this.#options.clock, wait, signal);
  }
}

/** Calls back when nothing was heard for too long. One timer per period rather than one per event: events come by thousands. */
class Silence {
  readonly #clock: Clock;
  readonly #tooLong: () => void;
  #lastHeard: number;
  #cancel: () => void;

  constructor(clock: Clock, tooLong: () => void) {
    this.#clock = clock;
    this.#tooLong = tooLong;
    this.#lastHeard = clock.monotonic();
    this.#cancel = clock.after(silenceMs, () => this.#check());
  }

  broken(): void {
    this.#lastHeard = this.#clock.monotonic();
  }

  end(): void {
    this.#cancel();
  }

  #check(): void {
    const silent = this.#clock.monotonic() - this.#lastHeard;
    if (silent >= silenceMs) this.#tooLong();
    else this.#cancel = this.#clock.after(silenceMs - silent, () => this.#check());
  }
}
