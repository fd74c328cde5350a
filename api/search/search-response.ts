// An answer as OpenSearch writes it: https://docs.opensearch.org/2.19/api-reference/search/

import type { CatalogAnswer } from './catalog-search.ts';
import { INDEX, type SearchRequest } from './request/search-body.ts';

/** @param took milliseconds */
export const searchResponse = (
  { total, isMore, hits, facets, suggestions }: CatalogAnswer,
  { fields, facets: asked }: Pick<SearchRequest, 'fields' | 'facets'>,
  took: number,
): object => ({
  took,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  hits: {
    total: { value: total, relation: isMore ? 'gte' : 'eq' },
    max_score: hits.reduce<number | null>((best, { score }) => Math.max(best ?? score, score), null),
    hits: hits.map(({ id, score, sort, source }) => ({
      _index: INDEX,
      _id: id,
      _score: score,
      _source: Object.fromEntries(Object.entries(source).filter(([field]) => fields(field))),
      sort,
    })),
  },
  // As OpenSearch's term suggester has it.
  ...(suggestions !== undefined && {
    suggest: {
      didYouMean: suggestions.map(({ word, options }) => ({
        text: word,
        offset: 0,
        length: word.length,
        options: options.map(({ word: text, score }) => ({ text, score })),
      })),
    },
  }),
  ...(asked.length > 0 && {
    aggregations: Object.fromEntries(
      asked.map(({ name }) => {
        const { buckets = [], others = 0 } = facets[name] ?? {};
        return [
          name,
          {
            doc_count_error_upper_bound: 0,
            sum_other_doc_count: others,
            buckets: buckets.map(({ value, hits: count }) => ({ key: value, doc_count: count })),
          },
        ];
      }),
    ),
  }),
});
