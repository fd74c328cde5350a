// The work queue: each key once, never in flight twice, most urgent first, nothing starves.
// Rules of re-adding are controller-runtime's (pkg/controller/priorityqueue); aging is ours.

import { BinaryHeap, type HeapElement } from './binary-heap.ts';
import type { Clock } from './clock.ts';
import { type EnqueueOptions, Priority } from './reconciler.ts';

/**
 * Waiting this long is worth one step of priority. The backlog (-100) overtakes fresh work (0) after 50 min under steady load, which
 * controller-runtime's queue never does (its issue 3496).
 */
const agingStepMs = 30_000;

export interface WorkItem {
  readonly key: string;
  readonly priority: number;
}

export interface QueueObserver {
  added(): void;
  /** An item became ready (+1) or left (-1). */
  depth(priority: number, change: 1 | -1): void;
  /** Milliseconds an item was ready before a worker took it. */
  taken(waitedMs: number): void;
}

interface Entry extends HeapElement {
  readonly key: string;
  readonly sequence: number;
  priority: number;
  readyAt: number;
  place: 'ready' | 'waiting' | 'inFlight';
}

export class PriorityQueue {
  readonly #clock: Clock;
  readonly #observer: QueueObserver | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #inFlight = new Set<string>();
  readonly #takers: ((item: WorkItem | undefined) => void)[] = [];
  readonly #waiting = new BinaryHeap<Entry>((a, b) => a.readyAt < b.readyAt);
  readonly #ready = new BinaryHeap<Entry>((a, b) => {
    const difference = rank(a) - rank(b);
    return difference === 0 ? a.sequence < b.sequence : difference > 0;
  });
  #sequence = 0;
  #closed = false;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, observer?: QueueObserver) {
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Keys that wait for a worker, their time, or the end of their current run. */
  get size(): number {
    return this.#entries.size;
  }

  /** A key that is there already keeps its earliest time and its highest priority; one in flight runs again afterwards. */
  add(key: string, { priority = Priority.fresh, after = 0 }: EnqueueOptions = {}): void {
    if (this.#closed) return;
    this.#observer?.added();
    const readyAt = this.#clock.monotonic() + Math.max(0, after);
    const entry = this.#entries.get(key);
    if (entry) {
      if (priority <= entry.priority && readyAt >= entry.readyAt) return;
      this.#lift(entry);
      entry.priority = Math.max(entry.priority, priority);
      entry.readyAt = Math.min(entry.readyAt, readyAt);
      this.#put(entry);
    } else {
      const fresh: Entry = { key, priority, readyAt, sequence: this.#sequence++, place: 'waiting', position: 0 };
      this.#entries.set(key, fresh);
      this.#put(fresh);
    }
    this.#dispatch();
  }

  /** The next item, when there is one; undefined once the queue is closed. Each item must be given back with {@link done}. */
  take(): Promise<WorkItem | undefined> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve(undefined);
        return;
      }
      this.#takers.push(resolve);
      this.#dispatch();
    });
  }

  /** The run of this key is over: what was added meanwhile may run. */
  done(key: string): void {
    this.#inFlight.delete(key);
    const entry = this.#entries.get(key);
    if (entry) this.#put(entry);
    this.#dispatch();
  }

  /** Nothing more is handed out; what is queued is forgotten (the next process lists everything anew). */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    for (const entry of this.#entries.values()) this.#lift(entry);
    this.#entries.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #put(entry: Entry): void {
    if (this.#inFlight.has(entry.key)) entry.place = 'inFlight';
    else if (entry.readyAt > this.#clock.monotonic()) {
      entry.place = 'waiting';
      this.#waiting.push(entry);
    } else this.#makeReady(entry);
  }

  #makeReady(entry: Entry): void {
    entry.place = 'ready';
    this.#ready.push(entry);
    this.#observer?.depth(entry.priority, 1);
  }

  #lift(entry: Entry): void {
    if (entry.place === 'waiting') this.#waiting.remove(entry);
    if (entry.place === 'ready') {
      this.#ready.remove(entry);
      this.#observer?.depth(entry.priority, -1);
    }
  }

  #dispatch(): void {
    const now = this.#clock.monotonic();
    for (let due = this.#waiting.peek(); due && due.readyAt <= now; due = this.#waiting.peek()) {
      this.#waiting.pop();
      this.#makeReady(due);
    }
    while (this.#ready.size > 0 && this.#takers.length > 0) this.#handOut(now);
    this.#cancelTimer?.();
    const next = this.#waiting.peek();
    this.#cancelTimer = next && this.#clock.after(next.readyAt - now, () => this.#dispatch());
  }

  #handOut(now: number): void {
    const entry = this.#ready.peek();
    const taker = this.#takers.shift();
    if (!entry || !taker) return;
    this.#lift(entry);
    this.#entries.delete(entry.key);
    this.#inFlight.add(entry.key);
    this.#observer?.taken(now - entry.readyAt);
    taker({ key: entry.key, priority: entry.priority });
  }
}

/** Priority plus age, in milliseconds. Everything ages alike, so the order of two entries never changes while they wait. */
function rank(entry: Entry): number {
  return entry.priority * agingStepMs - entry.readyAt;
}
