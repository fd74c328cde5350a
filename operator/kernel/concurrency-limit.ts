// How many may do something at once under one key (an account, a user), and how many more may wait for it: one that is slow, or asks too
// much, leaves room for the others.

export interface ConcurrencyOptions {
  readonly running: number;
  readonly waiting: number;
  /** What who is turned away is told. @param why `busy`: there is no room to wait; `timed-out`: there was no turn before the signal came */
  readonly refuse: (why: 'busy' | 'timed-out', key: string) => Error;
}

interface Entry {
  running: number;
  readonly queue: (() => void)[];
}

export class ConcurrencyLimit {
  readonly #options: ConcurrencyOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ConcurrencyOptions) {
    this.#options = options;
  }

  /** @param signal ends the waiting @throws what `refuse` makes of it */
  async run<T>(key: string, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key) ?? { running: 0, queue: [] };
    this.#entries.set(key, entry);
    if (entry.running >= this.#options.running) await this.#turn(entry, key, signal);
    else entry.running += 1;
    try {
      return await body();
    } finally {
      // Whoever waits takes the place over.
      const next = entry.queue.shift();
      if (next !== undefined) next();
      else {
        entry.running -= 1;
        if (entry.running === 0) this.#entries.delete(key);
      }
    }
  }

  async #turn({ queue }: Entry, key: string, signal: AbortSignal): Promise<void> {
    if (queue.length >= this.#options.waiting) throw this.#options.refuse('busy', key);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      const at = queue.indexOf(resolve);
      if (at >= 0) queue.splice(at, 1);
      reject(this.#options.refuse('timed-out', key));
    };
    signal.throwIfAborted();
    queue.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
