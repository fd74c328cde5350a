// What one subscription follows: its resolver says on what the answer depends, and it is asked again when that changes.

import type { Clock } from '../../operator/kernel/clock.ts';
import type { Changes, ChangingKind } from './changes.ts';

/** Yields when the answer may have changed, at first at once; changes that come together are one. */
export class Following implements AsyncIterableIterator<undefined> {
  readonly #changes: Changes;
  readonly #clock: Clock;
  readonly #followed = new Map<string, () => void>();
  #hasChanged = true;
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

  /** For resolvers: the answer depends on this object, or on what waits for this group or user. */
  follow(kind: ChangingKind, id: string): void {
    const key = `${kind} ${id}`;
    if (this.#isOver || this.#followed.has(key)) return;
    this.#followed.set(key, this.#changes.on(kind, id, this.changed));
  }

  /** It is to be looked at again, for whatever reason. */
  readonly changed = (): void => {
    this.#hasChanged = true;
    this.#changedAt ??= this.#clock.monotonic();
    this.#wake?.();
  };

  async next(): Promise<IteratorResult<undefined, undefined>> {
    if (!this.#hasChanged && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    this.#hasChanged = false;
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
