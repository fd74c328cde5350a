// What the page asks is what the gateway takes: read by the gateway's own reader.

import { describe, expect, it } from 'vitest';
import { readSearchBody } from '../../../../api/search/request/search-body.ts';
import { facetsBody, hitsBody, readFacets, readHits } from './search.ts';

const read = (body: object) => readSearchBody(JSON.stringify(body));

describe('the catalogue', () => {
  it('asks for everything, by name, while nothing is typed or ticked', () => {
    expect(read(hitsBody({ text: ' ', chosen: {}, page: 1 }))).toMatchObject({
      query: { kind: 'everything' },
      page: { from: 0, size: 12, sort: { field: 'label', descending: false } },
    });
  });

  it('asks for what has a typed word or begins with it, and one of the ticked values of each field', () => {
    const { query, page } = read(
      hitsBody({ text: 'ord', chosen: { tags: ['sales', 'crm'], region: ['eu-west-1'], topics: [] }, page: 3 }),
    );
    expect(query).toMatchObject({
      kind: 'every',
      of: [
        { of: [{ kind: 'some', of: [{ match: 'any' }, { match: 'phrasePrefix' }] }] },
        { kind: 'terms', field: 'tags', values: ['sales', 'crm'] },
        { kind: 'terms', field: 'region', values: ['eu-west-1'] },
      ],
    });
    expect(page).toMatchObject({ from: 24, size: 12 });
  });

  it('asks for the values of its filters, whatever is ticked', () => {
    const { facets, page } = read(facetsBody('ord'));
    expect(facets.map(({ field }) => field)).toEqual(['resourceKind', 'tags', 'region', 'topics', 'classification']);
    expect(page.size).toBe(0);
  });

  it('reads hits, values and what may have been meant', () => {
    const hit = { _id: 'ab12', _source: { label: 'Orders' } };
    const hits = { total: { value: 41 }, hits: [hit] };
    const suggest = { didYouMean: [{ options: [{ text: 'orders' }] }] };
    expect(readHits({ hits, suggest } as never)).toEqual({
      total: 41,
      hits: [{ id: 'ab12', label: 'Orders' }],
      suggestions: ['orders'],
    });
    const aggregations = { tags: { buckets: [{ key: 'crm', doc_count: 2 }] } };
    expect(readFacets({ hits, aggregations } as never)).toMatchObject({
      tags: [{ value: 'crm', count: 2 }],
      topics: [],
    });
  });
});
