// The catalogue in OpenSearch: a copy of what PostgreSQL has, for installations whose searches are many.

import type { Client } from '@opensearch-project/opensearch';
import type { CatalogDocument } from '../catalog-document.ts';
import { type CatalogAnswer, type CatalogQuery, type CatalogSearch, MOST_HITS, type VersionedDocument } from '../catalog-search.ts'; // prettier-ignore
import { discoverableBy, type Seeker } from '../discovery.ts';
import { indexedBody } from './index-schema.ts';
import { aggregationsOf, pageOf, queryOf } from './query.ts';

/** What is read, whichever index that is. */
export const READ_ALIAS = 'dataall-index';
/** What is written. */
export const WRITE_ALIAS = 'dataall-index-write';

interface Answer {
  readonly hits: {
    readonly total: { readonly value: number; readonly relation: 'eq' | 'gte' };
    readonly hits: readonly {
      readonly _id: string;
      readonly _score: number;
      readonly _source: { readonly source: CatalogDocument };
      readonly sort: readonly [number | string, string];
    }[];
  };
  readonly aggregations?: Readonly<
    Record<
      string,
      {
        readonly buckets: readonly { readonly key: string; readonly doc_count: number }[];
        readonly sum_other_doc_count: number;
      }
    >
  >;
}

interface BulkAnswer {
  readonly items: readonly Readonly<
    Record<string, { readonly status: number; readonly _id: string; readonly error?: { readonly reason?: string } }>
  >[];
}

/** What it answers where a newer version is there, or nothing is. */
const LATE = new Set([404, 409]);

export class OpenSearchSearch implements CatalogSearch {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async index(documents: readonly VersionedDocument[], index = WRITE_ALIAS): Promise<void> {
    await this.#bulk(
      documents.flatMap((document) => [
        { index: { _index: index, _id: document.id, version: document.version, version_type: 'external' } },
        indexedBody(document),
      ]),
    );
  }

  async remove(ids: readonly { readonly id: string; readonly version: number }[], index = WRITE_ALIAS): Promise<void> {
    await this.#bulk(
      ids.map(({ id, version }) => ({ delete: { _index: index, _id: id, version, version_type: 'external' } })),
    );
  }

  async search({ query, facets, page }: CatalogQuery, who: Seeker): Promise<CatalogAnswer> {
    const { body } = await this.#client.search(
      {
        index: READ_ALIAS,
        body: {
          ...pageOf(page),
          query: { bool: { must: [queryOf(query)], filter: [queryOf(discoverableBy(who))] } },
          aggs: aggregationsOf(facets),
          _source: ['source'],
        } as never,
      },
      // PostgreSQL answers instead: asking twice would have people wait twice as long for it.
      { maxRetries: 0 },
    );
    const { hits, aggregations = {} } = body as unknown as Answer;
    return {
      total: Math.min(hits.total.value, MOST_HITS),
      isMore: hits.total.relation === 'gte',
      hits: hits.hits.map(({ _id: id, _score: score, sort, _source: { source } }) => ({ id, score, sort, source })),
      facets: Object.fromEntries(
        facets.map(({ name }, at) => {
          const { buckets = [], sum_other_doc_count: others = 0 } = aggregations[`facet${at}`] ?? {};
          return [name, { buckets: buckets.map(({ key, doc_count }) => ({ value: key, hits: doc_count })), others }];
        }),
      ),
    };
  }

  async #bulk(body: readonly object[]): Promise<void> {
    if (body.length === 0) return;
    const answer = await this.#client.bulk({ body: body as never });
    const { items } = answer.body as unknown as BulkAnswer;
    const failed = items
      .flatMap((item) => Object.values(item))
      .filter(({ status }) => status >= 300 && !LATE.has(status));
    const [first] = failed;
    if (first !== undefined)
      throw new Error(
        `OpenSearch refused ${failed.length} of ${items.length} documents; ${first._id}: ${first.error?.reason ?? first.status}`,
      );
  }
}
