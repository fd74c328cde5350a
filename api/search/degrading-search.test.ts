// Searches go on while OpenSearch is away, and nobody waits for it again and again.

import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import type { CatalogAnswer } from './catalog-search.ts';
import { DegradingSearch } from './degrading-search.ts';

const answer = (total: number): CatalogAnswer => ({ total, isMore: false, hits: [], facets: {} });
const query = { query: { kind: 'everything' }, facets: [], page: { from: 0, size: 1 } } as const;
const who = { groups: [], seesEverything: false };

describe('A search', () => {
  it('is answered by the fallback while the first does not, which is let alone for ten seconds and then asked again', async () => {
    const clock = new FakeClock();
    let asked = 0;
    let isAway = true;
    const search = new DegradingSearch({
      first: {
        search: async () => {
          asked++;
          if (isAway) throw new Error('away');
          return answer(2);
        },
      },
      fallback: { search: async () => answer(1) },
      clock,
      log: pino({ level: 'silent' }),
    });
    expect(await search.search(query, who)).toEqual({ ...answer(1), isDegraded: true });
    expect(await search.search(query, who)).toEqual({ ...answer(1), isDegraded: true });
    expect(asked).toBe(1);
    isAway = false;
    await clock.advance(10_000);
    expect(await search.search(query, who)).toEqual(answer(2));
  });
});
