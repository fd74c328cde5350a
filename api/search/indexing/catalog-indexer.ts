// Keeps the catalogue current, and its copy in OpenSearch where there is one: whatever waits is written as soon as the read model has been, and
// again and again until it is.

import type { Logger } from 'pino';
import { type Clock, sleep } from '../../../operator/kernel/clock.ts';
import { LoopBackoff } from '../../../operator/kernel/runtime/backoff.ts';
import type { Database } from '../../read-model/database.ts';
import type { CatalogCopy } from './catalog-copy.ts';
import { writeNext } from './catalog-writer.ts';

interface CatalogIndexerOptions {
  /** Migrated. */
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the catalogue is copied to. */
  readonly copy?: CatalogCopy;
}

/** How often it is asked what waits, where nobody says so: what other processes wrote. */
const LOOK_MS = 1_000;

export class CatalogIndexer {
  readonly #options: CatalogIndexerOptions;
  readonly #rows = new Bell();
  readonly #documents = new Bell();

  constructor(options: CatalogIndexerOptions) {
    this.#options = options;
  }

  /** Rows have been written: look now. */
  wake(): void {
    this.#rows.ring();
  }

  /** Until the signal aborts. A copy that does not answer keeps nobody waiting. */
  async run(signal: AbortSignal): Promise<void> {
    const { database, copy } = this.#options;
    const write = async (): Promise<void> => {
      let datasets = 0;
      do {
        ({ datasets } = await writeNext(database));
        if (datasets > 0) this.#documents.ring();
      } while (datasets > 0 && !signal.aborted);
    };
    await Promise.all([
      this.#repeat('the catalogue', this.#rows, signal, write),
      copy && this.#repeat('the copy of the catalogue', this.#documents, signal, async () => copy.catchUp()),
    ]);
  }

  async #repeat(what: string, bell: Bell, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#options;
    const backoff = new LoopBackoff(clock);
    while (!signal.aborted) {
      const rung = bell.next();
      try {
        await work();
        await sleep(clock, LOOK_MS, AbortSignal.any([signal, rung]));
      } catch (error) {
        if (signal.aborted) return;
        const wait = backoff.next();
        // The message alone: errors of OpenSearch's client carry requests, with their headers.
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ reason, wait }, `${what} cannot be written; changes wait`);
        await sleep(clock, wait, signal);
      }
    }
  }
}

/** What is said while one is at work is heard afterwards. */
class Bell {
  #next = new AbortController();

  ring(): void {
    this.#next.abort();
  }

  /** Aborts when it is rung after this. */
  next(): AbortSignal {
    this.#next = new AbortController();
    return this.#next.signal;
  }
}
