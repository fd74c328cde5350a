// What the catalogue is asked, as OpenSearch writes questions and answers (POST /search/api).

/** Fields that people narrow down by, in the order in which they are shown. */
export const facets = ['resourceKind', 'tags', 'region', 'topics', 'classification'] as const;
export type Facet = (typeof facets)[number];

export type Chosen = Readonly<Partial<Record<Facet, readonly string[]>>>;

export interface CatalogQuestion {
  readonly text: string;
  readonly chosen: Chosen;
  /** From 1. */
  readonly page: number;
}

export interface CatalogHit {
  readonly id: string;
  readonly resourceKind: 'dataset' | 'table' | 'folder';
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly classification: string;
  readonly region: string | null;
  readonly datasetUri: string;
  readonly datasetLabel: string;
  readonly environmentName: string | null;
  readonly tables: number | null;
  readonly folders: number | null;
}

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export interface CatalogAnswer {
  readonly total: number;
  readonly hits: readonly CatalogHit[];
  readonly suggestions: readonly string[];
}

export type FacetValues = Readonly<Record<Facet, readonly FacetValue[]>>;

export const PAGE_SIZE = 12;
const MOST_VALUES = 30;

/** In those that say most first. */
const FIELDS = ['label', 'name', 'tags', 'description'];

type Query = Readonly<Record<string, unknown>>;

/** Words that it begins with are enough: somebody is still typing. */
const words = (query: string): Query => ({
  bool: {
    should: ['best_fields', 'phrase_prefix'].map((type) => ({ multi_match: { query, fields: FIELDS, type } })),
  },
});

const queryOf = (text: string, chosen: Chosen): Query => {
  const narrowed = facets.flatMap((facet) => {
    const values = chosen[facet] ?? [];
    return values.length === 0 ? [] : [{ terms: { [facet]: values } }];
  });
  const must = [...(text.trim() === '' ? [] : [words(text)]), ...narrowed];
  return must.length === 0 ? { match_all: {} } : { bool: { must } };
};

export const hitsBody = ({ text, chosen, page }: CatalogQuestion): object => ({
  query: queryOf(text, chosen),
  from: (page - 1) * PAGE_SIZE,
  size: PAGE_SIZE,
  ...(text.trim() === '' && { sort: [{ label: 'asc' }] }),
});

/** Of all that the words find, whatever is ticked: who has ticked one value can tick another beside it. */
export const facetsBody = (text: string): object => ({
  query: queryOf(text, {}),
  size: 0,
  aggs: Object.fromEntries(facets.map((facet) => [facet, { terms: { field: facet, size: MOST_VALUES } }])),
});

interface Answer {
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _id: string; readonly _source: Omit<CatalogHit, 'id'> }[];
  };
  readonly suggest?: { readonly didYouMean: readonly { readonly options: readonly { readonly text: string }[] }[] };
  readonly aggregations?: Readonly<
    Record<string, { readonly buckets: readonly { readonly key: string; readonly doc_count: number }[] }>
  >;
}

export const readHits = ({ hits, suggest }: Answer): CatalogAnswer => ({
  total: hits.total.value,
  hits: hits.hits.map(({ _id: id, _source }) => ({ id, ..._source })),
  suggestions: (suggest?.didYouMean ?? []).flatMap(({ options }) => options.map(({ text }) => text)),
});

export const readFacets = ({ aggregations }: Answer): FacetValues => {
  const valuesOf = (facet: Facet): FacetValue[] =>
    (aggregations?.[facet]?.buckets ?? []).map(({ key, doc_count: count }) => ({ value: key, count }));
  return {
    resourceKind: valuesOf('resourceKind'),
    tags: valuesOf('tags'),
    region: valuesOf('region'),
    topics: valuesOf('topics'),
    classification: valuesOf('classification'),
  };
};
