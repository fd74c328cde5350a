// Few refreshes at a time: each holds a connection of the pool while it waits for the provider, and queries of others need them.

import type { Clock } from '../../../operator/kernel/clock.ts';
import type { AuthenticationFailure } from '../authentication-failure.ts';

const MAX_AT_ONCE = 2;
/** A provider that has just failed is not asked for everybody else's session, too. */
const COOLDOWN_MS = 5_000;

export class RefreshQueue {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #failed: { readonly at: number; readonly failure: AuthenticationFailure } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the work when its turn comes; throws what a provider that is down was last found to be. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      const failed = this.#failed;
      if (failed !== undefined && this.#clock.monotonic() - failed.at < COOLDOWN_MS) throw failed.failure;
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** The provider does not answer. */
  failed(failure: AuthenticationFailure): void {
    this.#failed = { at: this.#clock.monotonic(), failure };
  }
}
