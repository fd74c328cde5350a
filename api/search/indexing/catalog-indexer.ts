// Keeps the catalogue current: whatever waits is written as soon as the read model has been, and again and again until it is.

import type { Logger } from 'pino';
import { type Clock, sleep } from '../../../operator/kernel/clock.ts';
import { LoopBackoff } from '../../../operator/kernel/runtime/backoff.ts';
import type { Database } from '../../read-model/database.ts';
import { writeNext } from './catalog-writer.ts';

interface CatalogIndexerOptions {
  /** Migrated. */
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often it is asked what waits, where nobody says so: what other processes wrote. */
const LOOK_MS = 1_000;

export class CatalogIndexer {
  readonly #options: CatalogIndexerOptions;
  #pause = new AbortController();

  constructor(options: CatalogIndexerOptions) {
    this.#options = options;
  }

  /** Rows have been written: look now. What is said while something is being written is heard too. */
  wake(): void {
    this.#pause.abort();
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { database, clock, log } = this.#options;
    const backoff = new LoopBackoff(clock);
    while (!signal.aborted) {
      this.#pause = new AbortController();
      try {
        while (!signal.aborted && (await writeNext(database)).datasets > 0);
        await sleep(clock, LOOK_MS, AbortSignal.any([signal, this.#pause.signal]));
      } catch (error) {
        if (signal.aborted) return;
        const wait = backoff.next();
        log.warn({ err: error, wait }, 'the catalogue cannot be written; changes wait');
        await sleep(clock, wait, signal);
      }
    }
  }
}
