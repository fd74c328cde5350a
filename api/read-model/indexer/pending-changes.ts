// What has changed and is not in the database yet: each object once, however often it changed, the longest waiting table first.

import type { Clock } from '../../../operator/kernel/clock.ts';
import type { Projection } from '../projection.ts';
import type { Gone } from '../row-writer.ts';

type Table = Projection['table'];

/** Changes of one table that are written together. */
export interface Batch {
  readonly table: Table;
  /** Of objects that are to be looked at, as they are then. */
  readonly keys: readonly string[];
  readonly gone: readonly Gone[];
  /** By the monotonic clock: since when the oldest of them waits. */
  readonly since: number;
}

interface Waiting {
  readonly keys: Set<string>;
  readonly gone: Map<string, Gone>;
  since: number;
}

export class PendingChanges {
  readonly #clock: Clock;
  readonly #waiting = new Map<Table, Waiting>();
  /** Since when the oldest of those waits that are being written. */
  #writing: number | undefined;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many objects wait. */
  get size(): number {
    return [...this.#waiting.values()].reduce((sum, { keys, gone }) => sum + keys.size + gone.size, 0);
  }

  /** How long the oldest change has been waiting, in milliseconds; also one that is being written. */
  get lagMs(): number {
    const oldest = Math.min(this.#writing ?? Infinity, ...[...this.#waiting.values()].map(({ since }) => since));
    return Number.isFinite(oldest) ? this.#clock.monotonic() - oldest : 0;
  }

  mark(table: Table, key: string): void {
    this.#of(table, this.#clock.monotonic()).keys.add(key);
    this.wake();
  }

  remove(table: Table, gone: Gone): void {
    this.#of(table, this.#clock.monotonic()).gone.set(gone.uid, gone);
    this.wake();
  }

  /** What was taken before is written. @param most objects */
  take(most: number): Batch | undefined {
    this.#writing = undefined;
    const [first] = [...this.#waiting].toSorted(([, a], [, b]) => a.since - b.since);
    if (first === undefined) return undefined;
    const [table, waiting] = first;
    const gone = [...waiting.gone.values()].slice(0, most);
    const keys = [...waiting.keys].slice(0, most - gone.length);
    for (const { uid } of gone) waiting.gone.delete(uid);
    for (const key of keys) waiting.keys.delete(key);
    const { since } = waiting;
    // Those that are left came at that time or later: the lag is never told too small.
    if (waiting.keys.size + waiting.gone.size === 0) this.#waiting.delete(table);
    this.#writing = since;
    return { table, keys, gone, since };
  }

  /** All objects of the table are about to be looked at. What is gone is not among them. */
  forgetKeys(table: Table): void {
    const waiting = this.#waiting.get(table);
    waiting?.keys.clear();
    if (waiting?.gone.size === 0) this.#waiting.delete(table);
  }

  /** What could not be written. */
  giveBack({ table, keys, gone, since }: Batch): void {
    this.#writing = undefined;
    const waiting = this.#of(table, since);
    waiting.since = Math.min(waiting.since, since);
    for (const key of keys) waiting.keys.add(key);
    for (const one of gone) if (!waiting.gone.has(one.uid)) waiting.gone.set(one.uid, one);
  }

  /** Ends {@link some}, though nothing may wait here. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves when something waits, after `ms` at the latest, and when the signal aborts. */
  async some(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.size > 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(ms, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    cancel();
  }

  #of(table: Table, since: number): Waiting {
    let waiting = this.#waiting.get(table);
    if (waiting === undefined) this.#waiting.set(table, (waiting = { keys: new Set(), gone: new Map(), since }));
    return waiting;
  }
}
