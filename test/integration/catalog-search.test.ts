// The catalogue as it is searched, the same on every server that can search it.

import { describe, expect, it } from 'vitest';
import type { CatalogPage } from '../../api/search/catalog-search.ts';
import type { Condition } from '../../api/search/condition.ts';
import type { Seeker } from '../../api/search/discovery.ts';
import {
  asked,
  document,
  noOpenSearch,
  openSearchPlace,
  openSearchServer,
  postgresPlace,
  somebody,
  wordsIn,
} from '../support/catalog-scene.ts';
import { catalogCopyCases } from '../support/catalog-copy-cases.ts';
import { databaseServer } from '../support/database.ts';

const postgres = databaseServer();

const openSearch = openSearchServer();

const places = [
  { server: 'PostgreSQL', open: async () => postgresPlace((await postgres.fresh()).database) },
  ...(noOpenSearch === undefined ? [{ server: 'OpenSearch', open: async () => openSearchPlace(openSearch()) }] : []),
];

describe.each(places)('The catalogue in $server', ({ open }) => {
  const holding = async (...documents: ReturnType<typeof document>[]) => {
    const { search, settled } = await open();
    await search.index(documents);
    await settled();
    const ids = async (query: Condition, page: Partial<CatalogPage> = {}, who: Seeker = somebody) =>
      (await search.search(asked(query, page), who)).hits.map(({ id }) => id);
    return { search, settled, ids, found: async (query: Condition) => (await ids(query)).toSorted() };
  };
  const everything: Condition = { kind: 'everything' };

  it('finds words in labels, names, tags and descriptions, whatever their case and accents, and names of code by their parts', async () => {
    const { found } = await holding(
      document('a', { label: 'Order Items' }),
      document('b', { name: 'order_items_2024' }),
      document('c', { name: 'crmCustomerOrders' }),
      document('d', { description: 'Chiffre d’affaires, Électricité' }),
      document('e', { tags: ['gdpr', 'Data-Quality'] }),
    );
    expect(await found(wordsIn('order'))).toEqual(['a', 'b']);
    expect(await found(wordsIn('ORDER_ITEMS', 'all'))).toEqual(['a', 'b']);
    expect(await found(wordsIn('customer'))).toEqual(['c']);
    expect(await found(wordsIn('crmcustomerorders'))).toEqual(['c']);
    expect(await found(wordsIn('electricite'))).toEqual(['d']);
    expect(await found(wordsIn('quality'))).toEqual(['e']);
    expect(await found(wordsIn('GDPR', 'any', ['label', 'name']))).toEqual([]);
  });

  it('finds any or all of several words, phrases, and phrases whose last word is only begun', async () => {
    const { found } = await holding(
      document('a', { label: 'Open order items', description: 'from shops' }),
      document('b', { label: 'Items', description: 'of each order' }),
      document('c', { label: 'Orders' }),
    );
    expect(await found(wordsIn('order items'))).toEqual(['a', 'b']);
    expect(await found(wordsIn('order shops', 'all'))).toEqual(['a']);
    expect(await found(wordsIn('order items', 'phrase'))).toEqual(['a']);
    expect(await found(wordsIn('items from', 'phrase'))).toEqual([]);
    expect(await found(wordsIn('open ord', 'phrasePrefix'))).toEqual(['a']);
    expect(await found(wordsIn('ord', 'phrasePrefix'))).toEqual(['a', 'b', 'c']);
  });

  it('finds what is written from right to left, without spaces, in combining characters, or beyond the first plane', async () => {
    const { found, search } = await holding(
      document('arabic', { label: 'طلبات العملاء' }),
      document('hebrew', { label: 'הזמנות לקוחות' }),
      document('hindi', { label: 'ग्राहक ऑर्डर' }),
      document('composed', { label: 'Zu\u0308rich' }),
      document('gothic', { label: '𐌰𐌱𐌲 data' }),
      document('marked', { label: '\u202Eevil\u202C orders 🛒' }),
    );
    expect(await found(wordsIn('العملاء'))).toEqual(['arabic']);
    expect(await found(wordsIn('לקוחות'))).toEqual(['hebrew']);
    expect(await found(wordsIn('ऑर्डर'))).toEqual(['hindi']);
    expect(await found(wordsIn('Zürich'))).toEqual(['composed']);
    expect(await found(wordsIn('𐌰𐌱𐌲'))).toEqual(['gothic']);
    expect(await found(wordsIn('evil orders', 'phrase'))).toEqual(['marked']);
    const { hits } = await search.search(asked(wordsIn('evil')), somebody);
    expect(hits[0]?.source.label).toBe('\u202Eevil\u202C orders 🛒');
  });

  it('ranks a word of the label above one of the name, the tags or the description', async () => {
    const { ids } = await holding(
      document('described', { description: 'payments' }),
      document('tagged', { tags: ['payments'] }),
      document('named', { name: 'payments' }),
      document('labelled', { label: 'payments' }),
    );
    expect(await ids(wordsIn('payments'))).toEqual(['labelled', 'named', 'tagged', 'described']);
  });

  it('keeps to whole values of fields, in any combination', async () => {
    const { found } = await holding(
      document('a', { tags: ['crm', 'gdpr'], topics: ['Sales'], region: 'eu-west-1' }),
      document('b', { tags: ['crm'], topics: ['Sites'], region: 'us-east-1' }),
      document('c', { resourceKind: 'table', glossary: ['finance/order'], classification: 'Secret' }),
    );
    const terms = (
      field: 'tags' | 'region' | 'glossary' | 'resourceKind' | 'classification',
      ...values: string[]
    ): Condition => ({
      kind: 'terms',
      field,
      values,
    });
    expect(await found(terms('tags', 'gdpr', 'other'))).toEqual(['a']);
    expect(await found({ kind: 'every', of: [terms('tags', 'crm'), terms('region', 'us-east-1')] })).toEqual(['b']);
    expect(await found({ kind: 'some', of: [terms('tags', 'gdpr'), terms('glossary', 'finance/order')] })).toEqual([
      'a',
      'c',
    ]);
    expect(await found({ kind: 'not', of: terms('tags', 'crm') })).toEqual(['c']);
    expect(await found({ kind: 'every', of: [] })).toEqual(['a', 'b', 'c']);
    expect(await found({ kind: 'some', of: [] })).toEqual([]);
    expect(await found(terms('tags', 'cr'))).toEqual([]);
    expect(await found(terms('classification', 'Secret'))).toEqual(['c']);
  });

  it('takes signs of SQL, LIKE, tsquery and Lucene for text, in words and in values', async () => {
    const nasty = [
      "'; drop table catalog_document; --",
      '%',
      '_',
      "a' | 'b",
      '!secret:*A',
      '<-> & ( )',
      '*:*',
      'label:x OR 1=1',
      '\\',
      "''",
      '"',
    ];
    const { found, search } = await holding(
      document('a', { label: 'secret', tags: nasty }),
      document('b', { label: 'other' }),
    );
    for (const text of nasty) {
      expect(await found({ kind: 'terms', field: 'tags', values: [text] })).toEqual(['a']);
      expect(await found({ kind: 'terms', field: 'topics', values: [text] })).toEqual([]);
      const query = wordsIn(text, 'any', ['description']);
      if (query.words.length > 0) expect(await found(query)).toEqual([]);
    }
    const { facets } = await search.search(
      asked(everything, {}, { facets: [{ name: "x'); --", field: 'tags', size: 100, order: 'byValue' }] }),
      somebody,
    );
    expect(facets["x'); --"]?.buckets.map(({ value }) => value).toSorted()).toEqual(nasty.toSorted());
  });

  it('counts the values of fields among the hits, not among their page, and says how many hits have others', async () => {
    const { search } = await holding(
      document('a', { tags: ['crm', 'gdpr'], label: 'orders' }),
      document('b', { tags: ['crm'], label: 'orders' }),
      document('c', { tags: ['web', 'crm'], label: 'orders' }),
      document('d', { tags: ['other'] }),
    );
    const facet = (name: string, size: number, order: 'mostHitsFirst' | 'byValueDescending') =>
      ({ name, field: 'tags', size, order }) as const;
    const { facets, total, hits } = await search.search(
      asked(wordsIn('orders'), { size: 1 }, { facets: [facet('all', 10, 'mostHitsFirst'), facet('first', 1, 'mostHitsFirst'), facet('names', 2, 'byValueDescending')] }), // prettier-ignore
      somebody,
    );
    expect([total, hits.length]).toEqual([3, 1]);
    expect(facets['all']).toEqual({
      buckets: [
        { value: 'crm', hits: 3 },
        { value: 'gdpr', hits: 1 },
        { value: 'web', hits: 1 },
      ],
      others: 0,
    });
    expect(facets['first']).toEqual({ buckets: [{ value: 'crm', hits: 3 }], others: 2 });
    expect(facets['names']?.buckets.map(({ value }) => value)).toEqual(['web', 'gdpr']);
  });

  it('gives pages that neither overlap nor leave anything out, by number or after a hit, by rank or by label', async () => {
    const documents = Array.from({ length: 25 }, (_, n) =>
      document(`d${String(n).padStart(2, '0')}`, { label: n % 2 === 0 ? 'Orders' : 'orders of shops', name: `n${n}` }),
    );
    const { search, ids } = await holding(...documents);
    for (const page of [
      {},
      { sort: { field: 'label', descending: false } },
      { sort: { field: 'label', descending: true } },
    ] as const) {
      const whole = await ids(wordsIn('orders'), page);
      expect(whole.toSorted()).toEqual(documents.map(({ id }) => id));
      const numbered: string[] = [];
      for (let from = 0; from < 25; from += 10)
        numbered.push(...(await ids(wordsIn('orders'), { ...page, from, size: 10 })));
      expect(numbered).toEqual(whole);
      const followed: string[] = [];
      let after: CatalogPage['after'];
      for (;;) {
        const { hits, total } = await search.search(
          asked(wordsIn('orders'), { ...page, size: 10, ...(after && { after }) }),
          somebody,
        );
        expect(total).toBe(25);
        followed.push(...hits.map(({ id }) => id));
        after = hits.at(-1)?.sort;
        if (hits.length < 10) break;
      }
      expect(followed).toEqual(whole);
    }
  });

  it('never lets what is older replace or remove what is newer', async () => {
    const { search, settled, ids } = await holding(document('a', { label: 'second' }, { version: 2 }));
    await search.index([document('a', { label: 'first' }, { version: 1 })]);
    await search.remove([{ id: 'a', version: 1 }]);
    await settled();
    expect(await ids(wordsIn('second'))).toEqual(['a']);
    expect(await ids(wordsIn('first'))).toEqual([]);
    await search.remove([{ id: 'a', version: 3 }]);
    await settled();
    expect(await ids(everything)).toEqual([]);
  });

  it('shows what is for some to those alone, in hits, totals and facets, however it is asked for', async () => {
    const { search, ids } = await holding(
      document('open', { label: 'orders', tags: ['open'] }),
      document('kept', { label: 'orders', tags: ['hidden'] }, { audience: ['group stewards'] }),
    );
    const hidden: Condition = { kind: 'terms', field: 'tags', values: ['hidden'] };
    const open: Condition = { kind: 'terms', field: 'tags', values: ['open'] };
    for (const query of [
      everything,
      wordsIn('orders'),
      hidden,
      { kind: 'some', of: [everything, hidden] },
      { kind: 'not', of: open },
      { kind: 'not', of: { kind: 'nothing' } },
      { kind: 'not', of: { kind: 'not', of: hidden } },
    ] satisfies Condition[]) {
      const facets = [{ name: 'tags', field: 'tags', size: 10, order: 'byValue' }] as const;
      const answer = await search.search(asked(query, {}, { facets }), somebody);
      expect(answer.hits.map(({ id }) => id)).not.toContain('kept');
      expect(answer.total).toBe(answer.hits.length);
      expect(answer.facets['tags']?.buckets.map(({ value }) => value)).not.toContain('hidden');
      expect(
        await ids(query, {}, { groups: ['group stewards', 'STEWARDS', 'stewards '], seesEverything: false }),
      ).not.toContain('kept');
    }
    expect(await ids(hidden, {}, { groups: ['stewards'], seesEverything: false })).toEqual(['kept']);
    expect(await ids(hidden, {}, { groups: [], seesEverything: true })).toEqual(['kept']);
  });

  it('stops counting at ten thousand hits, says that there are more, and goes on from page to page', async () => {
    const { search, settled } = await holding();
    const documents = Array.from({ length: 10_050 }, (_, n) =>
      document(`d${String(n).padStart(5, '0')}`, { label: 'orders' }),
    );
    for (let at = 0; at < documents.length; at += 2_500) await search.index(documents.slice(at, at + 2_500));
    await settled();
    const { total, isMore } = await search.search(asked(everything), somebody);
    expect({ total, isMore }).toEqual({ total: 10_000, isMore: true });
    const last = await search.search(asked(everything, { from: 9_990, size: 10 }), somebody);
    const beyond = await search.search(
      asked(everything, { size: 100, after: last.hits.at(-1)?.sort ?? [1, ''] }),
      somebody,
    );
    expect(beyond.hits.map(({ id }) => id)).toEqual(documents.slice(10_000).map(({ id }) => id));
  });
});

if (noOpenSearch === undefined) catalogCopyCases(openSearch, postgres);
