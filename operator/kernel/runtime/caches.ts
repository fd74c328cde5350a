// The kinds that a process caches: for each the store that is read, and the reflector that keeps it.

import type { Logger } from 'pino';
import { Reflector } from '../cache/reflector.ts';
import { Store } from '../cache/store.ts';
import type { KubeApi, Selection } from '../client/kube-api.ts';
import type { Clock } from '../clock.ts';
import { type Kind, kindKey } from '../kind.ts';
import type { KernelMetrics } from './metrics.ts';
import type { StoreAwareWriter } from './object-writer.ts';

interface Cache {
  readonly selection: Selection;
  readonly store: Store;
  readonly reflector: Reflector;
}

interface CachesOptions {
  readonly api: KubeApi;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: KernelMetrics;
}

export class Caches {
  readonly #options: CachesOptions;
  readonly #caches = new Map<string, Cache>();

  constructor(options: CachesOptions) {
    this.#options = options;
  }

  /** Once; again it is the same. @throws Error where it is cached with another selection */
  add(kind: Kind, selection?: Selection): Store {
    const key = kindKey(kind);
    const cached = this.#caches.get(key);
    if (cached) {
      if (selection && JSON.stringify(selection) !== JSON.stringify(cached.selection))
        throw new Error(`${key} is cached already with another selection`);
      return cached.store;
    }
    const { api, log, clock, metrics } = this.#options;
    const store = new Store();
    const observer = metrics.forReflector(key);
    const reflector = new Reflector({ api, kind, store, observer, clock, log, selection: selection ?? {} });
    this.#caches.set(key, { selection: selection ?? {}, store, reflector });
    return store;
  }

  /** @throws Error where it is not cached */
  store(kind: Kind): Store {
    const store = this.find(kind);
    if (!store) throw new Error(`${kindKey(kind)} is not cached: call manager.cache() before run()`);
    return store;
  }

  find(kind: Kind): Store | undefined {
    return this.#caches.get(kindKey(kind))?.store;
  }

  /** Kinds whose caches are not complete yet. */
  missing(): readonly string[] {
    return [...this.#caches].filter(([, { reflector }]) => !reflector.isSynced).map(([kind]) => kind);
  }

  async synced(): Promise<void> {
    await Promise.all([...this.#caches.values()].map(({ reflector }) => reflector.synced));
  }

  run(signal: AbortSignal): Promise<void>[] {
    return [...this.#caches.values()].map(({ reflector }) => reflector.run(signal));
  }

  /** Resolves when the stores show these writes, at the latest after `timeoutMs`. */
  async waitUntilObserved(writes: StoreAwareWriter['writes'], timeoutMs: number): Promise<void> {
    const { clock, log } = this.#options;
    const waits = writes.map(async ({ kind, write }) => {
      const shown = await this.find(kind)?.waitUntilObserved(write, clock, timeoutMs);
      if (shown === false) log.debug({ kind: kindKey(kind), ...write }, 'own write not seen in time');
    });
    await Promise.all(waits);
  }
}
