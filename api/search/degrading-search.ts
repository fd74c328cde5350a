// Searches where many can, and in PostgreSQL while that does not answer.

import type { Logger } from 'pino';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { CatalogAnswer, CatalogQuery, CatalogSearch } from './catalog-search.ts';
import type { Seeker } from './discovery.ts';

interface DegradingSearchParts {
  readonly first: Pick<CatalogSearch, 'search'>;
  readonly fallback: Pick<CatalogSearch, 'search'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** For so long it is not asked again: nobody waits for what is down. */
const REST_MS = 10_000;

export class DegradingSearch implements Pick<CatalogSearch, 'search'> {
  readonly #parts: DegradingSearchParts;
  #resting = Number.NEGATIVE_INFINITY;

  constructor(parts: DegradingSearchParts) {
    this.#parts = parts;
  }

  async search(query: CatalogQuery, who: Seeker): Promise<CatalogAnswer> {
    const { first, fallback, clock, log } = this.#parts;
    if (clock.monotonic() >= this.#resting) {
      try {
        return await first.search(query, who);
      } catch (error) {
        this.#resting = clock.monotonic() + REST_MS;
        // Of the client's errors the message alone: they carry requests, with their headers.
        log.warn(
          { reason: error instanceof Error ? error.message : String(error) },
          'OpenSearch does not answer; PostgreSQL does',
        );
      }
    }
    return { ...(await fallback.search(query, who)), isDegraded: true };
  }
}
