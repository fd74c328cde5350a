// What one subscription follows: its resolver says on what the answer depends, and it is asked again when that changes.

import type { Clock } from '../../operator/kernel/clock.ts';
import type { Change, Changes, ChangingKind } from './changes.ts';

/** What has changed since the look before; undefined: everything may have, as at the first look, or it is too much to be named. */
export type News = readonly Change[] | undefined;

/** Beyond that, asking for everything again costs less than naming it. */
const MOST_NEWS = 100;

/** Yields when the answer may have changed, at first at once; changes that come together are one. */
export class Following implements AsyncIterableIterator<undefined> {
  readonly #changes: Changes;
  readonly #clock: Clock;
  readonly #followed = new Map<string, () => void>();
  #hasChanged = true;
  #waiting: Map<string, Change> | undefined;
  #news: News;
  #looks = 0;
  #changedAt: number | undefined;
  #heardAt: number | undefined;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(changes: Changes, clock: Clock) {
    this.#changes = changes;
    this.#clock = clock;
  }

  /** When the first of the changes was heard of that were yielded last, by the monotonic clock; undefined for the first look. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** What the changes were that were yielded last. */
  get news(): News {
    return this.#news;
  }

  /** How often it was yielded. */
  get looks(): number {
    return this.#looks;
  }

  /** For resolvers: the answer depends on this object, or on what waits for this group or user. */
  follow(kind: ChangingKind, id: string): void {
    const key = `${kind} ${id}`;
    if (this.#isOver || this.#followed.has(key)) return;
    this.#followed.set(key, this.#changes.on(kind, id, this.changed));
  }

  /**
   * As {@link follow}, and nothing else any more: whoever has left a group is not told of what it sees. Where these are others than before, it is
   * not known what was missed.
   */
  followOnly(followed: readonly (readonly [kind: ChangingKind, id: string])[]): void {
    const keys = new Set(followed.map(([kind, id]) => `${kind} ${id}`));
    const before = [...this.#followed.keys()];
    if (keys.size !== before.length || !before.every((key) => keys.has(key))) this.#news = undefined;
    for (const [key, end] of this.#followed)
      if (!keys.has(key)) {
        end();
        this.#followed.delete(key);
      }
    for (const [kind, id] of followed) this.follow(kind, id);
  }

  /** It is to be looked at again. @param change undefined: for whatever reason */
  readonly changed = (change?: Change): void => {
    if (change === undefined) this.#waiting = undefined;
    else this.#waiting?.set(`${change.kind} ${change.uri}`, change);
    this.#hasChanged = true;
    this.#changedAt ??= this.#clock.monotonic();
    this.#wake?.();
  };

  async next(): Promise<IteratorResult<undefined, undefined>> {
    if (!this.#hasChanged && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    this.#hasChanged = false;
    this.#looks += 1;
    this.#news = this.#waiting && this.#waiting.size <= MOST_NEWS ? [...this.#waiting.values()] : undefined;
    this.#waiting = new Map();
    this.#heardAt = this.#changedAt;
    this.#changedAt = undefined;
    return { done: this.#isOver, value: undefined };
  }

  async return(): Promise<IteratorResult<undefined, undefined>> {
    this.#isOver = true;
    for (const end of this.#followed.values()) end();
    this.#followed.clear();
    this.#wake?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
