// The work queue: each key once, never in flight twice, most urgent first, nothing starves, and no group takes all workers.
// Rules of re-adding are controller-runtime's (pkg/controller/priorityqueue); aging is ours.

import { isDeepStrictEqual } from 'node:util';
import { BinaryHeap, type HeapElement } from './binary-heap.ts';
import type { Clock } from '../clock.ts';
import { type Demand, mergeDemands } from './demand.ts';
import { type EnqueueOptions, type ConcurrencyGroups, Priority } from './reconciler.ts';
import { type QueueSnapshot, snapshotOf } from './queue-snapshot.ts';
import { BacklogGate } from './backlog-gate.ts';

/**
 * Waiting this long is worth one step of priority. The backlog (-100) overtakes normal work (0) after 50 min under steady load, which
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

export interface QueueOptions {
  readonly observer?: QueueObserver | undefined;
  readonly concurrencyGroups?: ConcurrencyGroups | undefined;
}

interface Entry extends HeapElement {
  readonly key: string;
  readonly sequence: number;
  /** Of the earliest demand. */
  priority: number;
  readyAt: number;
  /** Its place in the order: when it was ready, or later where many of its group came before. */
  rankedAt: number;
  /** More urgent ones that are not due yet: each later and higher than the one before. */
  later: readonly Demand[];
  /** `groupLimited`: ready, but its group has its share of the workers. */
  place: 'ready' | 'waiting' | 'inFlight' | 'groupLimited';
}

interface Group {
  inFlight: number;
  /** Of the last key that was given its place. */
  rankedAt: number;
  readonly limited: BinaryHeap<Entry>;
}

export class PriorityQueue {
  readonly #clock: Clock;
  readonly #observer: QueueObserver | undefined;
  readonly #concurrencyGroups: ConcurrencyGroups | undefined;
  readonly #backlogGate: BacklogGate;
  readonly #groups = new Map<string, Group>();
  readonly #entries = new Map<string, Entry>();
  /** With the priority they began with. */
  readonly #inFlight = new Map<string, { readonly priority: number; readonly takenAt: number }>();
  readonly #getters: ((item: WorkItem | undefined) => void)[] = [];
  readonly #waiting = new BinaryHeap<Entry>((a, b) => a.readyAt < b.readyAt);
  readonly #ready = new BinaryHeap<Entry>(comesFirst);
  #sequence = 0;
  #closed = false;
  #cancelTimer: (() => void) | undefined;

  /** @param gate shared by the queues that give way to each other's urgent work */
  constructor(clock: Clock, { observer, concurrencyGroups }: QueueOptions = {}, gate = new BacklogGate(clock)) {
    this.#clock = clock;
    this.#observer = observer;
    this.#concurrencyGroups = concurrencyGroups;
    this.#backlogGate = gate;
    gate.onOpen(() => {
      if (!this.#closed) this.#dispatch();
    });
  }

  /** Keys that wait for a worker, their time, or the end of their current run. */
  get size(): number {
    return this.#entries.size;
  }

  snapshot(): QueueSnapshot {
    const contents = { entries: this.#entries.values(), inFlight: this.#inFlight, groups: this.#groups };
    return snapshotOf(contents, { wall: this.#clock.now(), monotonic: this.#clock.monotonic() });
  }

  /**
   * A key that is there already keeps its earliest time, and its highest priority from the time it was asked for with that: what is urgent
   * tomorrow is no more urgent today. One in flight runs again afterwards.
   */
  add(key: string, { priority = Priority.normal, afterMs = 0 }: EnqueueOptions = {}): void {
    if (this.#closed) return;
    this.#observer?.added();
    this.#merge(key, [{ priority, readyAt: this.#clock.monotonic() + Math.max(0, afterMs) }]);
    this.#dispatch();
  }

  #merge(key: string, demands: readonly Demand[]): void {
    const entry = this.#entries.get(key);
    const all = entry ? [{ priority: entry.priority, readyAt: entry.readyAt }, ...entry.later, ...demands] : demands;
    const [first, ...later] = mergeDemands(all, this.#clock.monotonic());
    if (!first) return;
    if (entry) {
      const isSame = first.priority === entry.priority && first.readyAt === entry.readyAt;
      if (isSame && isDeepStrictEqual(later, entry.later) && entry.place !== 'inFlight') return;
      this.#remove(entry);
      this.#insert(Object.assign(entry, first, { later }));
    } else {
      const sequence = this.#sequence++;
      const added: Entry = { key, ...first, later, sequence, rankedAt: Number.NaN, place: 'waiting', position: 0 };
      this.#entries.set(key, added);
      this.#insert(added);
    }
  }

  /** The next item, when there is one; undefined once the queue is closed. Each item must be given back with {@link done}. */
  get(): Promise<WorkItem | undefined> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve(undefined);
        return;
      }
      this.#getters.push(resolve);
      this.#dispatch();
    });
  }

  /** The run of this key is over: what was added meanwhile may run. */
  done(key: string): void {
    const run = this.#inFlight.get(key);
    if (this.#inFlight.delete(key)) this.#releaseGroupSlot(key);
    this.#merge(key, []);
    this.#dispatch();
    if (run !== undefined) this.#backlogGate.onDone(run.priority);
  }

  /** Nothing more is handed out; what is queued is forgotten (the next process lists everything anew). */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    for (const entry of this.#entries.values()) this.#remove(entry);
    this.#entries.clear();
    for (const getter of this.#getters.splice(0)) getter(undefined);
  }

  #insert(entry: Entry): void {
    if (this.#inFlight.has(entry.key)) entry.place = 'inFlight';
    else if (entry.readyAt > this.#clock.monotonic()) {
      entry.place = 'waiting';
      this.#waiting.push(entry);
    } else this.#makeReady(entry);
  }

  #makeReady(entry: Entry): void {
    entry.place = 'ready';
    this.#rank(entry);
    this.#ready.push(entry);
    this.#observer?.depth(entry.priority, 1);
    this.#backlogGate.onReady(entry.priority);
    this.#raiseLater(entry);
  }

  /** Once for each time that it is queued: a key that is added again and again keeps its place. */
  #rank(entry: Entry): void {
    const { spacing = 0 } = this.#concurrencyGroups ?? {};
    const group = spacing === 0 ? undefined : this.#group(entry.key);
    if (group === undefined) entry.rankedAt = entry.readyAt;
    else if (Number.isNaN(entry.rankedAt)) {
      entry.rankedAt = Math.max(entry.readyAt, group.rankedAt + spacing);
      group.rankedAt = entry.rankedAt;
    }
  }

  /** One that waits for a worker becomes more urgent when a later demand is due. */
  #raiseLater({ key, later: [next] }: Entry): void {
    if (!next) return;
    // Rounded up: timers count whole milliseconds, and one that comes too early finds nothing due.
    this.#clock.after(Math.max(0, Math.ceil(next.readyAt - this.#clock.monotonic())) + 1, () => {
      if (this.#closed) return;
      this.#merge(key, []);
      this.#dispatch();
    });
  }

  #remove(entry: Entry): void {
    if (entry.place === 'waiting') this.#waiting.remove(entry);
    if (entry.place === 'ready') this.#ready.remove(entry);
    if (entry.place === 'groupLimited') this.#group(entry.key)?.limited.remove(entry);
    if (entry.place !== 'ready' && entry.place !== 'groupLimited') return;
    this.#observer?.depth(entry.priority, -1);
    this.#backlogGate.onRemoved(entry.priority);
  }

  #group(key: string): Group | undefined {
    if (this.#concurrencyGroups === undefined) return undefined;
    const name = this.#concurrencyGroups.groupOf(key);
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { inFlight: 0, rankedAt: Number.NEGATIVE_INFINITY, limited: new BinaryHeap<Entry>(comesFirst) };
      this.#groups.set(name, group);
    }
    return group;
  }

  /** Sets the entry aside when its group has its share of the workers. */
  #isGroupLimited(entry: Entry, group: Group | undefined): boolean {
    if (group === undefined || group.inFlight < this.#limitOf(entry)) return false;
    this.#ready.remove(entry);
    entry.place = 'groupLimited';
    group.limited.push(entry);
    return true;
  }

  #limitOf({ priority }: Entry): number {
    const most = this.#concurrencyGroups?.maxConcurrent ?? Number.POSITIVE_INFINITY;
    if (priority < Priority.normal) return most;
    return priority < Priority.revocation ? 2 * most : 3 * most;
  }

  /** One place in the group of the key is free: its most urgent key may have it. */
  #releaseGroupSlot(key: string): void {
    const group = this.#group(key);
    if (group === undefined) return;
    group.inFlight -= 1;
    const next = group.limited.peek();
    if (next !== undefined && group.inFlight < this.#limitOf(next)) {
      group.limited.remove(next);
      next.place = 'ready';
      this.#ready.push(next);
    }
    const isAtRest = group.inFlight === 0 && group.limited.size === 0 && group.rankedAt <= this.#clock.monotonic();
    if (isAtRest) this.#groups.delete(this.#concurrencyGroups?.groupOf(key) ?? '');
  }

  #dispatch(): void {
    const now = this.#clock.monotonic();
    for (let due = this.#waiting.peek(); due && due.readyAt <= now; due = this.#waiting.peek()) {
      this.#waiting.pop();
      this.#makeReady(due);
    }
    for (let next = this.#ready.peek(); next && this.#getters.length > 0; next = this.#ready.peek()) {
      // With its age, as it stands in the order: nothing urgent is behind one that has to wait.
      if (!this.#backlogGate.admits(next.priority + (now - next.rankedAt) / agingStepMs)) break;
      this.#handOut(next, now);
    }
    this.#cancelTimer?.();
    const next = this.#waiting.peek();
    this.#cancelTimer = next && this.#clock.after(next.readyAt - now, () => this.#dispatch());
  }

  #handOut(entry: Entry, now: number): void {
    const group = this.#group(entry.key);
    if (this.#isGroupLimited(entry, group)) return;
    const getter = this.#getters.shift();
    if (!getter) return;
    if (group) group.inFlight += 1;
    this.#remove(entry);
    this.#entries.delete(entry.key);
    this.#observer?.taken(now - entry.readyAt);
    const due = entry.later.filter(({ readyAt }) => readyAt <= now);
    const priority = Math.max(entry.priority, ...due.map((demand) => demand.priority));
    this.#inFlight.set(entry.key, { priority, takenAt: now });
    this.#backlogGate.onStart(priority);
    getter({ key: entry.key, priority });
    this.#merge(entry.key, entry.later.slice(due.length));
  }
}

/** Priority plus age, in milliseconds. Everything ages alike, so the order of two entries never changes while they wait. */
function rank(entry: Entry): number {
  return entry.priority * agingStepMs - entry.rankedAt;
}

function comesFirst(a: Entry, b: Entry): boolean {
  const difference = rank(a) - rank(b);
  return difference === 0 ? a.sequence < b.sequence : difference > 0;
}
