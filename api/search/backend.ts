// The catalogue as it is configured: where it is searched, and who keeps it current.

import type { Logger } from 'pino';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { Database } from '../read-model/database.ts';
import type { CatalogSearch } from './catalog-search.ts';
import { DegradingSearch } from './degrading-search.ts';
import { CatalogCopy } from './indexing/catalog-copy.ts';
import { CatalogIndexer } from './indexing/catalog-indexer.ts';
import { CatalogIndex } from './opensearch/catalog-index.ts';
import { openSearchClient } from './opensearch/client.ts';
import { OpenSearchSearch } from './opensearch/opensearch-search.ts';
import type { SearchSettings } from './opensearch/settings.ts';
import { SuggestingSearch } from './suggesting-search.ts';
import { PostgresSearch } from './postgres/postgres-search.ts';

export interface CatalogParts {
  readonly settings: SearchSettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** @throws Error that names the environment variable that is missing */
export function catalogSearchOf({ settings, database, clock, log }: CatalogParts): Pick<CatalogSearch, 'search'> {
  const fallback = new PostgresSearch(database);
  if (settings.backend === 'postgres') return new SuggestingSearch(fallback, database);
  const degrading = new DegradingSearch({
    first: new OpenSearchSearch(openSearchClient(settings.opensearch)),
    fallback,
    clock,
    log,
  });
  return new SuggestingSearch(degrading, database);
}

export function catalogIndexerOf({ settings, ...parts }: CatalogParts): CatalogIndexer {
  if (settings.backend === 'postgres') return new CatalogIndexer(parts);
  const client = openSearchClient(settings.opensearch);
  const search = new OpenSearchSearch(client);
  return new CatalogIndexer({
    ...parts,
    copy: new CatalogCopy({ ...parts, search, index: new CatalogIndex(client, search) }),
  });
}
