import { describe, expect, it } from 'vitest';
import { DeferredGrants } from './deferred-grants.ts';

const numbered = (count: number): ReadonlySet<string> => new Set(Array.from({ length: count }, (_, at) => `g${at}`));

describe('grants that come after those that hurry', () => {
  it('are due two seconds after the first of the runs that left them out', () => {
    const deferred = new DeferredGrants();
    for (const now of [0, 500, 1_000, 1_500]) {
      deferred.record('d', new Set(['theirs']), now);
      expect(deferred.due('d', now)).toEqual([]);
    }
    expect(deferred.due('d', 1_999)).toEqual([]);
    expect(deferred.due('d', 2_000)).toEqual(['theirs']);
    expect(deferred.due('another', 2_000)).toEqual([]);
  });

  it('are due no more after a run that served all', () => {
    const deferred = new DeferredGrants();
    deferred.record('d', new Set(['theirs']), 0);
    deferred.record('d', undefined, 1_000);
    deferred.record('d', new Set(['theirs']), 1_500);
    expect(deferred.due('d', 3_000)).toEqual([]);
  });

  it('are served a hundred at a time, each in its turn, though the first of them never can be', () => {
    const deferred = new DeferredGrants();
    const all = numbered(250);
    deferred.record('d', all, 0);
    const served = new Set<string>();
    for (let now = 2_000; served.size < 250 && now < 2_100; now += 10) {
      const due = deferred.due('d', now);
      expect(due.length).toBeLessThanOrEqual(100);
      for (const grant of due) served.add(grant);
      deferred.record('d', all, now);
    }
    expect(served).toEqual(all);
  });

  it('leave the whole to the next run where what is left belongs to no grant', () => {
    const deferred = new DeferredGrants();
    deferred.record('d', new Set(), 0);
    expect(deferred.due('d', 2_000)).toBe('all');
  });
});
