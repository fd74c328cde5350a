// What clients post to /search/api: an OpenSearch search body, or two lines of which the second is one, as ReactiveSearch writes them.

import { z } from 'zod';
import { sortFields } from '../catalog-document.ts';
import { type CatalogPage, type CatalogQuery, type Facet, MOST_HITS } from '../catalog-search.ts';
import { readQuery, termField } from './search-query.ts';
import { SearchRefused } from './search-refused.ts';

/** The name that data.all's clients know the catalogue by. */
export const INDEX = 'dataall-index';

export interface SearchRequest extends CatalogQuery {
  /** Which fields of a document are wanted; undefined: all. */
  readonly fields: (field: string) => boolean;
}

const header = z.strictObject({ preference: z.string().max(256).optional(), index: z.literal(INDEX).optional() });

const direction = z.enum(['asc', 'desc']);
const order = z.union([
  z
    .strictObject({ _count: direction })
    .transform(({ _count }) => (_count === 'desc' ? 'mostHitsFirst' : 'fewestHitsFirst')),
  z.strictObject({ _key: direction }).transform(({ _key }) => (_key === 'asc' ? 'byValue' : 'byValueDescending')),
]);
const aggregation = z.strictObject({
  terms: z.strictObject({
    field: z.string(),
    size: z.int().min(1).max(1_000).default(10),
    order: order.default('mostHitsFirst'),
  }),
});
const aggregations = z
  .record(z.string().max(100), aggregation)
  .refine((facets) => Object.keys(facets).length <= 20, 'are more than 20');

const names = z.union([z.string().transform((one) => [one]), z.array(z.string().max(100)).max(50)]);
const sourceFilter = z.union([
  z.boolean().transform((all) => ({ includes: all ? ['*'] : [], excludes: [] as string[] })),
  names.transform((includes) => ({ includes, excludes: [] as string[] })),
  z.strictObject({ includes: names.default(['*']), excludes: names.default([]) }),
]);
const sortable = z.enum([...sortFields, '_score']);
const sortEntry = z.union([
  sortable.transform((field) => ({ field, direction: field === '_score' ? ('desc' as const) : ('asc' as const) })),
  z
    .partialRecord(
      sortable,
      z.union([direction, z.strictObject({ order: direction }).transform((given) => given.order)]),
    )
    .transform((entry, context) => {
      const [found, ...more] = Object.entries(entry);
      if (found !== undefined && more.length === 0)
        return { field: found[0] as z.infer<typeof sortable>, direction: found[1] };
      context.addIssue({ code: 'custom', message: 'names one field' });
      return z.NEVER;
    }),
]);

const searchBody = z.strictObject({
  query: z.unknown().optional(),
  from: z.int().min(0).default(0),
  size: z.int().min(0).max(500, 'may be 500 at most: ask for the next page with search_after').default(10),
  sort: z
    .union([
      sortEntry,
      z
        .array(sortEntry)
        .length(1, 'names one field')
        .transform(([entry]) => entry),
    ])
    .optional(),
  search_after: z.tuple([z.union([z.number(), z.string().max(1_024)]), z.string().max(256)]).optional(),
  aggs: aggregations.optional(),
  aggregations: aggregations.optional(),
  _source: sourceFilter.optional(),
  /** Hits are counted up to {@link MOST_HITS}, whatever is asked. */
  track_total_hits: z.union([z.boolean(), z.int()]).optional(),
});

/** @throws SearchRefused that says what is not allowed, and what is */
export function readSearchBody(text: string): SearchRequest {
  const { data, error } = searchBody.safeParse(searchIn(text));
  if (error !== undefined) throw new SearchRefused(z.prettifyError(error));
  const { query = { match_all: {} }, from, size, sort, search_after: after, aggs, aggregations, _source } = data;
  if (from + size > MOST_HITS)
    throw new SearchRefused(`from + size may be ${MOST_HITS} at most: go on after the last hit with search_after`);
  if (after !== undefined && from > 0) throw new SearchRefused('search_after goes with from 0');
  return {
    query: readQuery(query),
    facets: facetsOf({ ...aggs, ...aggregations }),
    page: pageOf(from, size, sort, after),
    fields: wanted(_source),
  };
}

/** The second of two lines; the first says which browser asks. */
function searchIn(text: string): unknown {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return JSON.parse(text);
  } catch {
    if (lines.length < 2) throw new SearchRefused('the body is neither JSON nor two lines of JSON');
  }
  if (lines.length > 2) throw new SearchRefused('one search at a time: two lines, of which the second is the search');
  const [first, second] = lines.map((line) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new SearchRefused('the body is neither JSON nor two lines of JSON');
    }
  });
  const { error } = header.safeParse(first);
  if (error !== undefined) throw new SearchRefused(`the first line: ${z.prettifyError(error)}`);
  return second;
}

const facetsOf = (given: z.infer<typeof aggregations>): Facet[] =>
  Object.entries(given).map(
    ([
      name,
      {
        terms: { field, size, order },
      },
    ]) => ({
      name,
      field: termField(field, `aggs.${name}`),
      size,
      order,
    }),
  );

function pageOf(
  from: number,
  size: number,
  sort: z.infer<typeof sortEntry> | undefined,
  after: CatalogPage['after'],
): CatalogPage {
  const page = { from, size, ...(after !== undefined && { after }) };
  if (sort !== undefined && sort.field !== '_score')
    return checked({ ...page, sort: { field: sort.field, descending: sort.direction === 'desc' } });
  if (sort?.direction === 'asc') throw new SearchRefused('sort: the best come first (_score desc)');
  return checked(page);
}

function checked(page: CatalogPage): CatalogPage {
  if (page.after !== undefined && typeof page.after[0] !== (page.sort === undefined ? 'number' : 'string'))
    throw new SearchRefused('search_after: give `sort` of the last hit of the page before, and the same sort');
  return page;
}

/** By whole names, or `*` for all. */
function wanted(filter: z.infer<typeof sourceFilter> | undefined): (field: string) => boolean {
  if (filter === undefined) return () => true;
  const { includes, excludes } = filter;
  const named = (list: readonly string[], field: string): boolean => list.includes('*') || list.includes(field);
  return (field) => named(includes, field) && !named(excludes, field);
}
