// Documents for tests of the catalogue, and the places where they can be searched.

import { sql } from 'kysely';
import type { CatalogDocument } from '../../api/search/catalog-document.ts';
import type { CatalogPage, CatalogQuery, CatalogSearch, VersionedDocument } from '../../api/search/catalog-search.ts';
import type { Condition, WordsCondition } from '../../api/search/condition.ts';
import { EVERYBODY, type Seeker } from '../../api/search/discovery.ts';
import { PostgresSearch } from '../../api/search/postgres/postgres-search.ts';
import { wordsOf } from '../../api/search/words.ts';
import type { Database } from '../../api/read-model/database.ts';

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

export const somebody: Seeker = { groups: ['marketing'], isAdministrator: false };

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
