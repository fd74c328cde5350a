import { describe, expect, it } from 'vitest';
import { PostponedGrants } from './postponed-grants.ts';

const numbered = (count: number): ReadonlySet<string> => new Set(Array.from({ length: count }, (_, at) => `g${at}`));

describe('grants that come after those that hurry', () => {
  it('are due two seconds after the first of the runs that left them out', () => {
    const postponed = new PostponedGrants();
    for (const now of [0, 500, 1_000, 1_500]) {
      postponed.record('d', new Set(['theirs']), now);
      expect(postponed.due('d', now)).toEqual([]);
    }
    expect(postponed.due('d', 1_999)).toEqual([]);
    expect(postponed.due('d', 2_000)).toEqual(['theirs']);
    expect(postponed.due('another', 2_000)).toEqual([]);
  });

  it('are due no more after a run that served all', () => {
    const postponed = new PostponedGrants();
    postponed.record('d', new Set(['theirs']), 0);
    postponed.record('d', undefined, 1_000);
    postponed.record('d', new Set(['theirs']), 1_500);
    expect(postponed.due('d', 3_000)).toEqual([]);
  });

  it('are served a hundred at a time, each in its turn, though the first of them never can be', () => {
    const postponed = new PostponedGrants();
    const all = numbered(250);
    postponed.record('d', all, 0);
    const served = new Set<string>();
    for (let now = 2_000; served.size < 250 && now < 2_100; now += 10) {
      const due = postponed.due('d', now);
      expect(due.length).toBeLessThanOrEqual(100);
      for (const grant of due) served.add(grant);
      postponed.record('d', all, now);
    }
    expect(served).toEqual(all);
  });

  it('leave the whole to the next run where what is left belongs to no grant', () => {
    const postponed = new PostponedGrants();
    postponed.record('d', new Set(), 0);
    expect(postponed.due('d', 2_000)).toBe('all');
  });
});
