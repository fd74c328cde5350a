// Composes a process: shared reflectors, controllers, leader election, health, metrics, and an orderly stop.

import type { Kind, KubeObject } from './kind.ts';
import type { Selection } from './kube-api.ts';
import type { ControllerDefinition, EnqueueOptions } from './reconciler.ts';
import type { Indexer, Stores } from './store.ts';

export interface Manager {
  readonly stores: Stores;
  /** Caches a kind with these indexes; kinds of sources are cached anyway. Before start(). */
  cache<T extends KubeObject>(kind: Kind<T>, options?: CacheOptions<T>): void;
  /** Before start(). */
  add(controller: ControllerDefinition): ControllerHandle;
  /** Enqueues for a controller by name: how controllers, AWS event sources and timers wake each other. */
  enqueue(controller: string, key: string, options?: EnqueueOptions): void;
  /** Runs until `signal` aborts (resolves after an orderly stop, 30 s at most) or the lease is lost (rejects with LeaseLost). */
  run(signal: AbortSignal): Promise<void>;
  /** Whether the lease is ours now; always true without leader election. */
  isLeader(): boolean;
  /** Caches are synced. */
  isReady(): boolean;
}

export interface CacheOptions<T extends KubeObject> extends Selection {
  indexers?: Readonly<Record<string, Indexer<T>>>;
}

export interface ControllerHandle {
  readonly name: string;
  enqueue(key: string, options?: EnqueueOptions): void;
}
