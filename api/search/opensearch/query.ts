// Conditions, facets and pages in OpenSearch's query language. Whatever people wrote is a value in it.

import type { TextField } from '../catalog-document.ts';
import { type CatalogPage, type Facet, MOST_HITS } from '../catalog-search.ts';
import type { Condition, WordsCondition } from '../condition.ts';

/** As in PostgreSQL: a word of the label counts for more than one of the name, and so on. */
const boosts = { label: 8, name: 4, tags: 2, description: 1 } as const satisfies Record<TextField, number>;
/** Words that a begun one may be. */
const EXPANSIONS = 200;

export function queryOf(condition: Condition): object {
  switch (condition.kind) {
    case 'everything':
      return { match_all: {} };
    case 'nothing':
      return { match_none: {} };
    case 'words':
      return { multi_match: wordsQuery(condition) };
    case 'terms':
      return { terms: { [`terms.${condition.field}`]: condition.values } };
    case 'every':
      return condition.of.length === 0 ? { match_all: {} } : { bool: { must: condition.of.map(queryOf) } };
    case 'some':
      return condition.of.length === 0
        ? { match_none: {} }
        : { bool: { should: condition.of.map(queryOf), minimum_should_match: 1 } };
    case 'not':
      return { bool: { must: { match_all: {} }, must_not: queryOf(condition.of) } };
  }
}

function wordsQuery({ words, fields, match }: WordsCondition): object {
  const query = { query: words.join(' '), fields: fields.map((field) => `words.${field}^${boosts[field]}`) };
  switch (match) {
    case 'any':
      return { ...query, type: 'most_fields', operator: 'or' };
    case 'all':
      return { ...query, type: 'cross_fields', operator: 'and' };
    case 'phrase':
      return { ...query, type: 'phrase' };
    case 'phrasePrefix':
      return { ...query, type: 'phrase_prefix', max_expansions: EXPANSIONS };
  }
}

const orders = {
  mostHitsFirst: { _count: 'desc' },
  fewestHitsFirst: { _count: 'asc' },
  byValue: { _key: 'asc' },
  byValueDescending: { _key: 'desc' },
} as const satisfies Record<Facet['order'], object>;

/** By place: clients' names for facets stay here. */
export const aggregationsOf = (facets: readonly Facet[]): Record<string, object> =>
  Object.fromEntries(
    facets.map(({ field, size, order }, at) => [
      `facet${at}`,
      { terms: { field: `terms.${field}`, size, order: orders[order] } },
    ]),
  );

export const pageOf = ({ from, size, sort, after }: CatalogPage): object => ({
  from,
  size: Math.min(size, MOST_HITS - from),
  track_total_hits: MOST_HITS,
  track_scores: true,
  sort: [
    sort === undefined ? { _score: 'desc' } : { [`sort.${sort.field}`]: sort.descending ? 'desc' : 'asc' },
    { id: 'asc' },
  ],
  ...(after !== undefined && { search_after: after }),
});
