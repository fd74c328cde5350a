// Documents for tests of the catalogue, and the places where they can be searched.

import { Client } from '@opensearch-project/opensearch';
import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import type { CatalogDocument } from '../../api/search/catalog-document.ts';
import type { CatalogPage, CatalogQuery, CatalogSearch, VersionedDocument } from '../../api/search/catalog-search.ts';
import type { Condition, WordsCondition } from '../../api/search/condition.ts';
import { EVERYBODY, type Seeker } from '../../api/search/discovery.ts';
import { CatalogIndex, type CatalogSource } from '../../api/search/opensearch/catalog-index.ts';
import { OpenSearchSearch, READ_ALIAS } from '../../api/search/opensearch/opensearch-search.ts';
import { PostgresSearch } from '../../api/search/postgres/postgres-search.ts';
import { wordsOf } from '../../api/search/words.ts';
import type { Database } from '../../api/read-model/database.ts';
import { SetupError } from '../../hack/control-plane/setup-error.ts';
import { type OpenSearchServer, startOpenSearch } from '../../hack/opensearch/opensearch-server.ts';
import { openSearchPrograms } from '../../hack/opensearch/programs.ts';

/** A place where documents are found. */
export interface SearchPlace {
  readonly search: CatalogSearch;
  /** Resolves when what was stored before can be found. */
  readonly settled: () => Promise<void>;
}

export const postgresPlace = (database: Database): SearchPlace => ({
  search: new PostgresSearch(database),
  settled: async () => {
    // As autovacuum would, so that plans are those of use.
    await sql`analyze catalog_document`.execute(database);
  },
});

const nothing: CatalogSource = {
  version: async () => 0,
  count: async () => 0,
  async *all() {
    // There is none.
  },
  since: async () => ({ documents: [], removed: [] }),
};

export const openSearchPlace = async (client: Client): Promise<SearchPlace> => {
  const search = new OpenSearchSearch(client);
  await client.indices.delete({ index: 'dataall-catalog-*' });
  await new CatalogIndex(client, search).rebuild(nothing);
  return {
    search,
    settled: async () => {
      await client.indices.refresh({ index: READ_ALIAS });
    },
  };
};

/** OPENSEARCH_URL: one that runs, whose catalogue is overwritten. */
const running = process.env['OPENSEARCH_URL'];
const prepared = running === undefined ? await openSearchPrograms().catch(withoutOpenSearch) : undefined;
/** Why there is no OpenSearch for tests here; said once. */
export const noOpenSearch = typeof prepared === 'string' ? prepared : undefined;
if (noOpenSearch !== undefined) process.stderr.write(`NOT TRIED on OpenSearch: ${noOpenSearch}\n`);

/** What a machine lacks is no failure of the tests. */
function withoutOpenSearch(error: unknown): string {
  if (error instanceof SetupError && error.problem === 'opensearch-missing') return error.message;
  throw error;
}

/** Call at the top of a describe: the server starts before its tests and ends after them. */
export function openSearchServer(): () => Client {
  let client: Client | undefined;
  let server: OpenSearchServer | undefined;
  beforeAll(async () => {
    if (typeof prepared === 'string') return;
    if (prepared !== undefined) server = await startOpenSearch(prepared);
    client = new Client({ node: running ?? server?.url ?? '' });
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });
  return () => {
    if (client === undefined) throw new Error('OpenSearch runs within tests only');
    return client;
  };
}

export const document = (
  id: string,
  source: Partial<CatalogDocument> = {},
  rest: Partial<Omit<VersionedDocument, 'source'>> = {},
): VersionedDocument => ({
  id,
  version: 1,
  audience: [EVERYBODY],
  ...rest,
  source: {
    resourceKind: 'dataset',
    name: id,
    label: id,
    description: null,
    owner: 'sales',
    admins: 'sales',
    tags: [],
    topics: [],
    glossary: [],
    classification: 'Official',
    region: 'eu-west-1',
    datasetUri: id,
    datasetLabel: 'Orders',
    environmentUri: 'sales-prod',
    environmentName: 'Sales',
    organizationUri: 'acme',
    organizationName: 'ACME',
    created: '2026-11-30T12:00:00.000Z',
    updated: '2026-11-30T12:00:00.000Z',
    deleted: null,
    tables: 0,
    folders: 0,
    upvotes: 0,
    ...source,
  },
});

export const somebody: Seeker = { groups: ['marketing'], seesEverything: false };

export const wordsIn = (
  text: string,
  match: WordsCondition['match'] = 'any',
  fields: WordsCondition['fields'] = ['label', 'name', 'tags', 'description'],
): WordsCondition => ({ kind: 'words', words: wordsOf(text), fields, match });

export const asked = (
  query: Condition,
  page: Partial<CatalogPage> = {},
  rest: Partial<CatalogQuery> = {},
): CatalogQuery => ({
  query,
  facets: [],
  page: { from: 0, size: 100, ...page },
  ...rest,
});
