// Says what somebody may have meant whose words are found nowhere: words of documents that they may discover, and that are written much alike.

import { sql } from 'kysely';
import type { Database } from '../read-model/database.ts';
import type { CatalogAnswer, CatalogQuery, CatalogSearch, Suggestion } from './catalog-search.ts';
import { rankedBy } from './condition.ts';
import { discoverableBy, type Seeker } from './discovery.ts';
import { sqlCondition } from './postgres/sql-condition.ts';

/** Words that are asked about, and words that are said of each. */
const MOST_WORDS = 5;
const MOST_OPTIONS = 3;
/** Words that are looked at of each: some are of documents that are gone, or for others. */
const CANDIDATES = 20;

/** Two letters that changed places leave `ordres` and `orders` this much of what they are written of. */
const ALIKE = '0.2';

export class SuggestingSearch implements Pick<CatalogSearch, 'search'> {
  readonly #search: Pick<CatalogSearch, 'search'>;
  readonly #database: Database;

  constructor(search: Pick<CatalogSearch, 'search'>, database: Database) {
    this.#search = search;
    this.#database = database;
  }

  async search(query: CatalogQuery, who: Seeker): Promise<CatalogAnswer> {
    const answer = await this.#search.search(query, who);
    const words = [...new Set(rankedBy(query.query).flatMap((condition) => condition.words))].slice(0, MOST_WORDS);
    if (answer.total > 0 || words.length === 0) return answer;
    return {
      ...answer,
      suggestions: await this.#database.transaction().execute(async (reading) => suggestionsFor(reading, words, who)),
    };
  }
}

async function suggestionsFor(
  reading: Database,
  words: readonly string[],
  who: Seeker,
): Promise<readonly Suggestion[]> {
  await sql`select set_config('pg_trgm.similarity_threshold', ${ALIKE}, true)`.execute(reading);
  const { rows } = await sql<Suggestion>`
    select asked.word, coalesce(json_agg(json_build_object('word', near.word, 'score', near.score) order by near.score desc, near.word)
      filter (where near.word is not null), '[]') as options
    from unnest(${words}::text[]) with ordinality as asked (word, place)
    left join lateral (
      select word, score from (
        select word, similarity(word, asked.word)::float8 as score from catalog_word
        where word % asked.word and word <> asked.word order by score desc, word limit ${CANDIDATES}
      ) as candidate
      where exists (
        select from catalog_document
        where words @@ (quote_literal(candidate.word))::tsquery and ${sqlCondition(discoverableBy(who))}
      )
      order by score desc, word limit ${MOST_OPTIONS}
    ) as near on true
    group by asked.word, asked.place order by asked.place`.execute(reading);
  return rows;
}
