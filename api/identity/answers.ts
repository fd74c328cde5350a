// Answers of others that are asked for once and stand for a while: by key, bounded, and asked anew after a failure.

import type { Clock } from '../../operator/kernel/clock.ts';

const MAX_ENTRIES = 10_000;

interface Entry<T> {
  readonly until: number;
  readonly answer: Promise<T>;
}

export class Answers<T> {
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param until when the answer is worth nothing any more, in milliseconds since 1970. Rejects as `ask` does, for all who wait. */
  async get(key: string, until: number, ask: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#clock.now()) return known.answer;
    const answer = ask();
    this.#entries.delete(key);
    this.#entries.set(key, { until, answer });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    answer.catch(() => {
      if (this.#entries.get(key)?.answer === answer) this.#entries.delete(key);
    });
    return answer;
  }
}
