// How long to wait before trying again: per work item, and for loops that never give up.

import { type Clock, jitter } from '../clock.ts';

/** Flux's limits: quick enough for a person who watches, slow enough for a thousand broken objects (fluxcd/pkg rate_limiter.go). */
const defaultItemBackoff = { baseMs: 750, maxMs: 15 * 60_000 };

/** Exponential per key: base, 2 base, 4 base ... max, each lengthened by up to a tenth so that failures of one cause spread. */
export class ItemBackoff {
  readonly #clock: Clock;
  readonly #limits: { readonly baseMs: number; readonly maxMs: number };
  readonly #failures = new Map<string, number>();

  constructor(clock: Clock, limits: { readonly baseMs: number; readonly maxMs: number } = defaultItemBackoff) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts a failure; milliseconds to wait. */
  next(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return jitter(this.#clock, Math.min(this.#limits.baseMs * 2 ** failures, this.#limits.maxMs), 0.1);
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}

/** client-go's reflector backoff (tools/cache/reflector.go): 800 ms to 30 s, doubled by chance, anew after two good minutes. */
export class LoopBackoff {
  readonly #clock: Clock;
  #nextMs = initialMs;
  #lastFailure = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a failure; milliseconds to wait. */
  next(): number {
    const now = this.#clock.monotonic();
    if (now - this.#lastFailure > resetAfterMs) this.#nextMs = initialMs;
    const wait = jitter(this.#clock, this.#nextMs, 1);
    this.#nextMs = Math.min(this.#nextMs * 2, maxMs);
    this.#lastFailure = now + wait;
    return wait;
  }
}

const initialMs = 800;
const maxMs = 30_000;
const resetAfterMs = 120_000;
