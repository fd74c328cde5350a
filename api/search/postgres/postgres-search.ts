// The catalogue in PostgreSQL: always there, always current, and what is searched unless OpenSearch is configured.

import { createHash } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../../read-model/database.ts';
import { toJson } from '../../read-model/rows.ts';
import { type CatalogDocument, type IndexedDocument, sortKey, termFields, valuesOf } from '../catalog-document.ts';
import { type CatalogAnswer, type CatalogPage, type CatalogQuery, type CatalogSearch, type Facet, type FacetAnswer, MOST_HITS, type VersionedDocument } from '../catalog-search.ts'; // prettier-ignore
import { type Condition, rankedBy } from '../condition.ts';
import { discoverableBy, type Seeker } from '../discovery.ts';
import { sqlCondition, termOf } from './sql-condition.ts';
import { queryOf, vectorOf } from './words-query.ts';

interface Answer {
  readonly total: number;
  readonly page: readonly { id: string; score: number; key: number | string; source: CatalogDocument }[];
  readonly facets: readonly FacetAnswer[];
}

export class PostgresSearch implements CatalogSearch {
  readonly #database: Database;

  /** @param database or a transaction */
  constructor(database: Database) {
    this.#database = database;
  }

  async index(documents: readonly VersionedDocument[]): Promise<void> {
    if (documents.length === 0) return;
    await sql`
      insert into catalog_document as stored (id, version, digest, words, terms, sort_label, sort_name, sort_created, sort_updated, source)
      select id, version, digest, words::tsvector, terms, sort_label, sort_name, sort_created, sort_updated, source
      from json_to_recordset(${toJson(documents.map(rowOf))}::json) as given (id text, version bigint, digest text, words text, terms text[],
        sort_label text, sort_name text, sort_created text, sort_updated text, source jsonb)
      order by id
      on conflict (id) do update set version = excluded.version, digest = excluded.digest, words = excluded.words, terms = excluded.terms,
        sort_label = excluded.sort_label, sort_name = excluded.sort_name, sort_created = excluded.sort_created, sort_updated = excluded.sort_updated,
        source = excluded.source, sent = null
      where stored.version < excluded.version`.execute(this.#database);
    await sql`
      insert into catalog_word (word)
      select distinct word from catalog_document, unnest(tsvector_to_array(words)) as word
      where id = any(${documents.map(({ id }) => id)}::text[]) order by word
      on conflict do nothing`.execute(this.#database);
  }

  async remove(ids: readonly { readonly id: string; readonly version: number }[]): Promise<void> {
    if (ids.length === 0) return;
    await sql`
      delete from catalog_document as stored using json_to_recordset(${toJson(ids)}::json) as gone (id text, version bigint)
      where stored.id = gone.id and stored.version <= gone.version`.execute(this.#database);
  }

  async search({ query, facets, page }: CatalogQuery, who: Seeker): Promise<CatalogAnswer> {
    const condition = sqlCondition({ kind: 'every', of: [query, discoverableBy(who)] });
    const score = scoreOf(query);
    const order = orderOf(page, score);
    const { rows } = await sql<Answer>`
      with hits as materialized (
        select id, terms, ${score} as score, ${order.key} as key from catalog_document where ${condition}
        order by ${order.by} limit ${MOST_HITS + 1}
      )
      select
        (select count(*)::int from hits) as total,
        (select coalesce(json_agg(hit), '[]') from (${pageOf(page, condition, score, order)}) as hit) as page,
        ${sql`json_build_array(${sql.join(facets.map(facetOf))})`} as facets`.execute(this.#database);
    const answer = rows[0] ?? { total: 0, page: [], facets: [] };
    return {
      total: Math.min(answer.total, MOST_HITS),
      isMore: answer.total > MOST_HITS,
      hits: answer.page.map(({ key, ...hit }) => ({ ...hit, sort: [key, hit.id] })),
      facets: Object.fromEntries(answer.facets.map((facet, at) => [facets[at]?.name ?? '', facet])),
    };
  }
}

/** Changes with everything that is stored. */
export const digestOf = ({ source, audience }: IndexedDocument): string =>
  createHash('sha256')
    .update(toJson([source, audience]))
    .digest('base64url');

const rowOf = (document: VersionedDocument): object => ({
  id: document.id,
  version: document.version,
  digest: digestOf(document),
  words: vectorOf(document),
  terms: [
    ...termFields.flatMap((field) => valuesOf(document, field).map((value) => termOf(field, value))),
    ...document.audience.map((audience) => termOf('audience', audience)),
  ],
  sort_label: sortKey(document, 'label'),
  sort_name: sortKey(document, 'name'),
  sort_created: sortKey(document, 'created'),
  sort_updated: sortKey(document, 'updated'),
  source: document.source,
});

/** 1 where no words are looked for, as OpenSearch has it. */
function scoreOf(query: Condition): RawBuilder<number> {
  const words = rankedBy(query);
  if (words.length === 0) return sql<number>`1::float8`;
  const any = words.map((one) => `(${queryOf(one)})`).join(' | ');
  return sql<number>`ts_rank(words, ${any}::tsquery)::float8`;
}

interface Order {
  readonly key: RawBuilder<unknown>;
  readonly by: RawBuilder<unknown>;
  readonly descending: boolean;
}

function orderOf({ sort }: CatalogPage, score: RawBuilder<number>): Order {
  const descending = sort?.descending ?? true;
  const key = sort === undefined ? score : sql.ref(`sort_${sort.field}`);
  return { key, by: sql`${key} ${descending ? sql`desc` : sql`asc`}, id`, descending };
}

/** From the hits that are at hand, or after one, however far that is. */
function pageOf(page: CatalogPage, condition: RawBuilder<boolean>, score: RawBuilder<number>, order: Order) {
  const { from, size, after } = page;
  const direction = order.descending ? sql`desc` : sql`asc`;
  if (after === undefined)
    return sql`
      select hits.id, hits.score, hits.key, source from hits join catalog_document using (id)
      order by hits.key ${direction}, hits.id limit ${Math.min(size, MOST_HITS - from)} offset ${from}`;
  const [key, id] = after;
  const beyond = order.descending ? sql`<` : sql`>`;
  const bound = typeof key === 'number' ? sql`${key}::float8` : sql`${key}::text collate "C"`;
  return sql`
    select id, ${score} as score, ${order.key} as key, source from catalog_document
    where ${condition} and (${order.key} ${beyond} ${bound} or (${order.key} = ${bound} and id > ${id}))
    order by ${order.by} limit ${size}`;
}

const orders = {
  mostHitsFirst: sql`count(*) desc, term`,
  fewestHitsFirst: sql`count(*), term`,
  byValue: sql`term`,
  byValueDescending: sql`term desc`,
} as const satisfies Record<Facet['order'], RawBuilder<unknown>>;

const facetOf = ({ field, size, order }: Facet): RawBuilder<unknown> => {
  const prefix = termOf(field, '');
  return sql`(
    select json_build_object(
      'buckets', coalesce(json_agg(json_build_object('value', value, 'hits', hits) order by place) filter (where place <= ${size}::int), '[]'),
      'others', coalesce(sum(hits) filter (where place > ${size}::int), 0))
    from (
      select substr(term, ${prefix.length + 1}::int) as value, count(*) as hits, row_number() over (order by ${orders[order]}) as place
      from hits, unnest(terms collate "C") as held (term) where starts_with(term, ${prefix}) group by term
    ) as counted)`;
};
