// Keeps what the read model knows of Glue databases equal to what the operator says of them: a few at a time, each where it was left off.
// Nothing that goes wrong with one keeps the others waiting.

import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { type Clock, sleep } from '../../../operator/kernel/clock.ts';
import { ItemBackoff } from '../../../operator/kernel/runtime/backoff.ts';
import type { Database } from '../database.ts';
import type { RowFollower } from '../indexer/indexer.ts';
import { confirmCatalog, type DueCatalog, dueCatalogs, storeCatalog } from './catalogue-rows.ts';
import { readCatalog, type CatalogSource } from './catalogue-source.ts';

export interface CatalogueSyncOptions {
  readonly database: Database;
  readonly source: CatalogSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Catalogues that are read at once: the operator lets few of one account run. */
const AT_ONCE = 4;
/** Those that are picked at a time. */
const BATCH = 100;
/** How often it is asked which are due. */
const LOOK_MS = 10_000;
/** However often rows are written. */
const LEAST_MS = 1_000;
/** As old as one may become; it costs AWS nothing where nothing has changed. */
const MAX_AGE_MS = 15 * 60_000;

export class CatalogueSync implements RowFollower {
  readonly #options: CatalogueSyncOptions;
  readonly #backoff: ItemBackoff;
  /** When those that failed may be tried again, by uid. */
  readonly #waiting = new Map<string, number>();
  readonly #synced: Counter;
  #woken = new AbortController();

  constructor(options: CatalogueSyncOptions) {
    this.#options = options;
    this.#backoff = new ItemBackoff(options.clock, { baseMs: 5_000, maxMs: MAX_AGE_MS });
    this.#synced = new Counter({
      name: 'dataall_indexer_catalogues_total',
      help: 'Catalogues asked for, by what came of it',
      labelNames: ['result'],
      registers: [options.registry],
    });
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    while (!signal.aborted) {
      const found = await this.#round(signal).catch((error: unknown) => {
        log.warn({ err: error }, 'catalogues cannot be looked after while the database does not answer');
        return 0;
      });
      if (found < BATCH) await this.#rest(signal);
    }
  }

  /** Rows have been written: perhaps tables have come or gone. */
  wake(): void {
    this.#woken.abort();
  }

  async #rest(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    await sleep(clock, LEAST_MS, signal);
    await sleep(clock, LOOK_MS, AbortSignal.any([signal, this.#woken.signal]));
    this.#woken = new AbortController();
  }

  /** @returns how many were due */
  async #round(signal: AbortSignal): Promise<number> {
    const { database, clock } = this.#options;
    for (const [uid, until] of this.#waiting) if (until <= clock.monotonic()) this.#waiting.delete(uid);
    const except = [...this.#waiting.keys()];
    const due = await dueCatalogs(database, { limit: BATCH, maxAgeMs: MAX_AGE_MS, except });
    const rest = due.values();
    // Each takes the next one, until there is none.
    const worker = async (): Promise<void> => {
      for (const one of rest) {
        if (signal.aborted) return;
        await this.#sync(one);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return due.length;
  }

  async #sync(due: DueCatalog): Promise<void> {
    const { database, source, log, clock } = this.#options;
    const { uid, namespace, name, etag } = due;
    try {
      const catalog = await readCatalog(source, { namespace, name }, etag ?? undefined);
      if (catalog === undefined) await confirmCatalog(database, due);
      else await storeCatalog(database, due, catalog);
      this.#backoff.forget(uid);
      this.#synced.inc({ result: catalog === undefined ? 'unchanged' : 'stored' });
    } catch (error) {
      this.#waiting.set(uid, clock.monotonic() + this.#backoff.next(uid));
      this.#synced.inc({ result: 'failed' });
      log.info(
        { err: error, dataset: `${namespace}/${name}` },
        'the catalogue is not known; it is asked for again later',
      );
    }
  }
}
