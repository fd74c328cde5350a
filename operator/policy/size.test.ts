import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from './document.ts';
import { byteLength, LIMITS, nonWhiteLength, policySize } from './size.ts';

const withResource = (Resource: string): PolicyDocument => ({
  Statement: [{ Effect: 'Allow', Action: '*', Resource }],
});

describe('policySize', () => {
  it('counts bytes of UTF-8 for bucket policies', () => {
    const text = JSON.stringify(withResource('Δ'));
    expect(byteLength(text)).toBe(text.length + 1);
    expect(policySize('bucket', text)).toEqual({ size: text.length + 1, limit: 20_480, unit: 'bytes', fits: true });
  });

  it('does not count white space for managed policies, wherever it is', () => {
    const compact = JSON.stringify(withResource('ab'));
    const spread = JSON.stringify(withResource('a \t b'), undefined, 4);
    expect(policySize('managed', compact).size).toBe(compact.length);
    // The tab is written as two characters, \\t, which are not white.
    expect(policySize('managed', spread).size).toBe(compact.length + 2);
    expect(nonWhiteLength(' a\n\tb ')).toBe(2);
  });

  it.each(['bucket', 'access-point', 'key', 'managed', 'catalog', 'trust', 'role-inline'] as const)(
    'fits a %s policy of exactly its limit and not one character more',
    (place) => {
      const { limit } = LIMITS[place];
      const rest = limit - JSON.stringify(withResource('')).length;
      expect(policySize(place, withResource('x'.repeat(rest))).fits).toBe(true);
      expect(policySize(place, withResource('x'.repeat(rest + 1))).fits).toBe(false);
    },
  );

  it.each([
    ['bucket', 20_480],
    ['access-point', 20_480],
    ['key', 32_768],
    ['managed', 6144],
  ] as const)('knows the limit of a %s policy', (place, limit) => {
    expect(LIMITS[place].limit).toBe(limit);
  });
});
