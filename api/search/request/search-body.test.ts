// What is taken of OpenSearch's language, and what is refused.

import { describe, expect, it } from 'vitest';
import { recordedBodies } from '../testing/reactivesearch.ts';
import { readSearchBody } from './search-body.ts';
import { SearchRefused } from './search-refused.ts';

const everything = { match_all: {} };
const reads = (body: object) => readSearchBody(JSON.stringify(body));
const refusal = (body: object | string): string => {
  try {
    readSearchBody(typeof body === 'string' ? body : JSON.stringify(body));
  } catch (error) {
    if (error instanceof SearchRefused) return error.message;
    throw error;
  }
  return 'taken';
};

describe('A search body', () => {
  it('of each kind that ReactiveSearch writes is understood', () => {
    expect(recordedBodies.map(({ component }) => component)).toEqual([
      'KindSensor',
      'TagSensor',
      'RegionSensor',
      'TopicSensor',
      'ClassificationSensor',
      'GlossaryPathSensor',
      'SearchResult',
      'SearchSensor',
      'SearchResult',
      'SearchResult',
      'SearchResult',
      'SearchResult',
      'SearchResult',
      'SearchResult',
    ]);
    const read = recordedBodies.map(({ body }) => readSearchBody(body));
    expect(read[0]).toMatchObject({
      query: { kind: 'everything' },
      page: { from: 0, size: 0 },
      facets: [{ name: 'resourceKind', field: 'resourceKind', size: 100, order: 'mostHitsFirst' }],
    });
    const words = (match: string) => ({
      kind: 'words',
      words: ['order', 'items'],
      fields: ['label', 'name', 'description', 'tags'],
      match,
    });
    const every = (...of: object[]) => ({ kind: 'every', of });
    const some = (...of: object[]) => ({ kind: 'some', of });
    const terms = (field: string, ...values: string[]) => ({ kind: 'terms', field, values });
    expect(read.at(-1)?.query).toEqual(
      every(
        every(
          every(some(words('any'), words('phrase'), words('phrasePrefix'))),
          terms('glossary', 'finance/order'),
          every(some(terms('tags', 'sales', 'crm'))),
          every(some(terms('resourceKind', 'dataset'))),
        ),
      ),
    );
    expect(read.at(-1)?.page).toEqual({ from: 0, size: 8 });
  });

  it('may be one JSON text, in which what is left out is as OpenSearch has it', () => {
    expect(reads({})).toMatchObject({ query: { kind: 'everything' }, facets: [], page: { from: 0, size: 10 } });
    expect(reads({ query: { match: { label: 'orders' } }, sort: [{ created: 'desc' }], size: 5 })).toMatchObject({
      query: { kind: 'words', words: ['orders'], fields: ['label'], match: 'any' },
      page: { size: 5, sort: { field: 'created', descending: true } },
    });
    expect(reads({ query: { term: { 'tags.keyword': { value: 'crm' } } } }).query).toEqual({
      kind: 'terms',
      field: 'tags',
      values: ['crm'],
    });
  });

  it('finds nothing by a text without words, as OpenSearch does', () => {
    expect(reads({ query: { match: { label: '*** %%% ---' } } }).query).toEqual({ kind: 'nothing' });
  });

  it('does not require what is only to rank by, unless it says so', () => {
    const should = [{ term: { tags: 'crm' } }];
    const kinds = (query: object) => JSON.stringify(reads({ query }).query);
    expect(kinds({ bool: { should } })).toContain('crm');
    expect(kinds({ bool: { must: everything, should } })).not.toContain('crm');
    expect(kinds({ bool: { must: everything, should, minimum_should_match: '1' } })).toContain('crm');
  });

  it.each([
    ['a script', { query: { script: { script: 'true' } } }, 'query.script is not offered here'],
    [
      'a scored script',
      { query: { script_score: { query: everything, script: { source: '1' } } } },
      'script_score is not offered',
    ],
    ['fields by script', { script_fields: { all: { script: { source: "params['_source']" } } } }, '"script_fields"'],
    ['a filter after the query', { post_filter: everything }, '"post_filter"'],
    ['a boost of another index', { indices_boost: [{ '*': 2 }] }, '"indices_boost"'],
    ['another index', '{"index":"*"}\n{"query":{"match_all":{}}}\n', 'index'],
    ['a routing', '{"preference":"x","routing":"y"}\n{"query":{"match_all":{}}}\n', '"routing"'],
    ['two searches', '{}\n{}\n{}\n{}\n', 'one search at a time'],
    ['stored fields', { stored_fields: ['*'] }, '"stored_fields"'],
    ['fields of the index', { docvalue_fields: ['audience'], fields: ['*'] }, '"docvalue_fields"'],
    ['a query of the audience', { query: { term: { audience: 'group stewards' } } }, 'not of audience'],
    [
      'what must not be in the audience',
      { query: { bool: { must_not: { terms: { audience: ['everybody'] } } } } },
      'not of audience',
    ],
    ['words of the audience', { query: { multi_match: { query: 'x', fields: ['audience'] } } }, 'not in audience'],
    ['words of all fields', { query: { multi_match: { query: 'x', fields: ['*'] } } }, 'not in *'],
    ['a query string', { query: { query_string: { query: 'audience:*' } } }, 'query_string is not offered'],
    ['a simple query string', { query: { simple_query_string: { query: '*' } } }, 'simple_query_string is not offered'],
    [
      'terms looked up elsewhere',
      { query: { terms: { tags: { index: 'other', id: '1', path: 'secret' } } } },
      'query.terms.tags',
    ],
    ['an expression', { query: { regexp: { tags: '.*' } } }, 'regexp is not offered'],
    ['a wildcard', { query: { wildcard: { tags: '*' } } }, 'wildcard is not offered'],
    ['a fuzzy word', { query: { multi_match: { query: 'x', fields: ['label'], fuzziness: 'AUTO' } } }, 'fuzziness'],
    ['values of a hidden field', { aggs: { a: { terms: { field: 'audience' } } } }, 'not of audience'],
    ['values within values', { aggs: { a: { terms: { field: 'tags' }, aggs: {} } } }, '"aggs"'],
    ['values of the whole index', { aggs: { a: { global: {} } } }, '"global"'],
    ['hits of values', { aggs: { a: { top_hits: {} } } }, '"top_hits"'],
    ['values by script', { aggs: { a: { terms: { script: 'x' } } } }, '"script"'],
    ['a million values', { aggs: { a: { terms: { field: 'tags', size: 1_000_000 } } } }, 'size'],
    ['ten million hits', { size: 10_000_000 }, 'size'],
    ['a page from far down', { from: 9_999, size: 2 }, 'search_after'],
    ['a negative page', { from: -1 }, 'from'],
    ['a cursor of another order', { search_after: ['a', 'b'] }, 'search_after'],
    ['an order by script', { sort: { _script: { type: 'number', script: '1' } } }, 'sort'],
    ['an order by a hidden field', { sort: 'audience' }, 'sort'],
    ['two queries in one', { query: { match_all: {}, bool: {} } }, 'one name'],
    ['a list for a query', { query: [everything] }, 'one name'],
    ['no query', { query: null }, 'one name'],
    ['a character that cannot be stored', { query: { term: { tags: 'a\0' } } }, 'query.term.tags'],
    ['half a character', '{"query":{"term":{"tags":"\\ud800"}}}', 'query.term.tags'],
    ['no JSON', 'drop table', 'neither JSON'],
    ['nothing', '', 'neither JSON'],
    ['a list', [], 'expected object'],
  ])('with %s is refused, and it is said what is wrong', (_, body, why) => {
    expect(refusal(body)).toContain(why);
  });

  it('is refused when it is too deep, too wide or too long, before it costs anything', () => {
    const deep = `${'{"bool":{"must":'.repeat(3_500)}{"match_all":{}}${'}}'.repeat(3_500)}`;
    expect(refusal(`{"query":${deep}}`)).toContain('more than 12 deep');
    expect(refusal({ query: { bool: { should: Array.from({ length: 300 }, () => everything) } } })).toContain(
      'more than 200',
    );
    expect(refusal({ query: { match: { label: 'x '.repeat(201) } } })).toContain('more than 200 words');
    expect(refusal({ query: { match: { label: 'x'.repeat(2_000) } } })).toContain('query.match');
    const facets = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`a${n}`, { terms: { field: 'tags' } }]));
    expect(refusal({ aggs: facets })).toContain('more than 20');
  });

  it('chooses fields of documents by their names, and gets no others by any pattern', () => {
    const { fields } = reads({ _source: { includes: ['label', 'aud*', 'audience'], excludes: ['label'] } });
    expect(['label', 'name', 'audience'].filter(fields)).toEqual(['audience']);
    expect(['label', 'name'].filter(reads({ _source: false }).fields)).toEqual([]);
    expect(['label', 'name'].filter(reads({ _source: ['*'] }).fields)).toEqual(['label', 'name']);
  });
});
