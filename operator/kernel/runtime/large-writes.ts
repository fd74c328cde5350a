// Writes of large objects, one at a time: each takes the API server a tenth of a second of a processor, and those of one team's flood, all
// sent at once, would be in front of every small one of another's.

import { ConcurrencyLimit } from '../concurrency-limit.ts';

/** Characters of an object without its managedFields: a share of a hundred items. A write of such takes 20 ms, of the largest 200. */
const LARGE = 16_384;

/** One for each process. */
export class LargeWrites {
  readonly #limit = new ConcurrencyLimit({
    running: 1,
    // Each is a run, and of these there are as many as workers.
    waiting: Number.POSITIVE_INFINITY,
    refuse: () => new Error('the run ended before its turn to write'),
  });

  /** Writes at once, or, where it is large, when no other large one is being written. @param size characters */
  async run<T>(size: number, signal: AbortSignal, write: () => Promise<T>): Promise<T> {
    return size < LARGE ? write() : this.#limit.run('large', signal, write);
  }
}
