// What the author of a controller writes: where its keys come from, and what one run does.

import type { Logger } from 'pino';
import type { EventInput } from './event-recorder.ts';
import type { Kind, KubeObject, Stored } from '../kind.ts';
import type { ObjectWriter } from './object-writer.ts';

/** A level-triggered controller: `reconcile(key)` makes the world match whatever the stores show now. */
export interface ControllerDefinition {
  /** Unique; label of its metrics and log lines. */
  readonly name: string;
  readonly watches: readonly Watch[];
  /** How many keys run at once (never one key twice); default {@link defaultMaxConcurrentReconciles}. */
  readonly maxConcurrentReconciles?: number;
  /** Keeps keys that wait for one slow thing, such as an AWS account, from taking all workers; default: half of them for the backlog. */
  readonly concurrencyGroups?: ConcurrencyGroups;
  /** Milliseconds until a run is aborted (`context.signal`) and counts as Transient; default 5 min. */
  readonly timeoutMs?: number;
  /** Abort a run when an event of higher priority than the run's own arrives for its key; default false. */
  readonly interruptible?: boolean;
  /** Delay after the n-th Transient in a row; default 750 ms doubling to 15 min. */
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
  reconcile(key: string, context: ReconcileContext): Promise<Result>;
}

export const defaultMaxConcurrentReconciles = 4;

export interface ConcurrencyGroups {
  groupOf(this: void, key: string): string;
  /**
   * Milliseconds that each key counts as later than the one before it in its group, at most what a run takes: the thousandth key of one
   * group comes after the first of another that was added later. Default: strictly first come, first served.
   */
  readonly spacing?: number;
  /** Keys of one group that run at once below {@link Priority.normal}; as many again for normal work, and again for revocations. */
  readonly maxConcurrent: number;
}

/** Maps what happens to objects of one kind to work items. Build with a kind's own type: `Watch<ShareRequest>` fits. */
export interface Watch<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  /**
   * @param old the object as it was before: absent for `initial` and `added`, the same object for `resync`; on `deleted` the
   *   object is its last known state.
   */
  mapToRequests(object: Stored<T>, old: Stored<T> | undefined, event: CacheEvent): readonly Request[];
}

/** `initial`: seen at the start or at the takeover of leadership; `resync`: nothing changed. Both are low priority. */
export type CacheEvent = 'initial' | 'added' | 'updated' | 'deleted' | 'resync';

/** One work item. Keys are any strings: `namespace/name`, or the ARN of an AWS document. */
export interface Request extends EnqueueOptions {
  readonly key: string;
}

export interface EnqueueOptions {
  /** Default by event, see {@link Priority}; a key that is queued already keeps the highest. */
  readonly priority?: number;
  /** Milliseconds to wait; a key that is queued already keeps the earliest. */
  readonly afterMs?: number;
  /** Called when the next run of the key begins. Of a key that is added again before that, the first one is. */
  readonly onStart?: () => void;
}

/** Higher runs first; waiting raises a key by 1 per 30 s. Any number will do, these are the marks. */
export const Priority = {
  /** Initial-list events, resyncs, and what follows from them: there may be thousands and none is news (controller-runtime: LowPriority). */
  backlog: -100,
  normal: 0,
  /** An object that is being deleted, and what the caller says takes access away. */
  revocation: 100,
} as const;

export interface ReconcileContext {
  /** Aborted on timeout, on shutdown after the grace period, when the lease is lost, and on interruption. */
  readonly signal: AbortSignal;
  readonly reconcileId: string;
  /** Carries controller, key and reconcileId. */
  readonly log: Logger;
  /** The priority this key was queued with. */
  readonly priority: number;
  /** Writes to the API server; the next run of this key waits until the stores show them. */
  readonly writer: ObjectWriter;
  /** Records a Kubernetes Event about an object, in the background; repetitions become a series. */
  event(this: void, regarding: Stored, event: EventInput): void;
  /** Milliseconds since the epoch, by the injected clock. */
  now(this: void): number;
  /** Whether the lease is still ours *now*; ask directly before each write outside Kubernetes. */
  isLeader(this: void): boolean;
}

/** How a run ended. Thrown errors are Transient with reason `Panic` (or the KubeError's reason). */
export type Result =
  /** The world matches; forget the backoff. */
  | { readonly type: 'Done' }
  /** Nothing wrong, look again later; forget the backoff. Priority: the given one, else the run's own but at most normal. */
  | { readonly type: 'RequeueAfter'; readonly ms: number; readonly priority?: number }
  /** Wrong until someone changes something we watch; not retried. */
  | { readonly type: 'Stalled'; readonly reason: string; readonly message: string }
  /** Wrong for now: retried with backoff (or after `retryAfterMs`) at the same priority. */
  | { readonly type: 'Transient'; readonly reason: string; readonly message: string; readonly retryAfterMs?: number };

export const done: Result = Object.freeze({ type: 'Done' });

export function requeueAfter(ms: number, priority?: number): Result {
  return { type: 'RequeueAfter', ms, ...(priority === undefined ? {} : { priority }) };
}

export function stalled(reason: string, message: string): Result {
  return { type: 'Stalled', reason, message };
}

export function transient(reason: string, message: string, retryAfterMs?: number): Result {
  return { type: 'Transient', reason, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
