import { describe, expect, it } from 'vitest';
import { describeTimeLeft } from './time-left.ts';

describe('the time that is left', () => {
  it.each([
    [2 * 86_400_000 + 3 * 3_600_000, '2 d 3 h'],
    [8 * 3_600_000 - 1, '7 h 59 min'],
    [3_600_000, '1 h 0 min'],
    [3_599_999, '59 min'],
    [59_999, '59 s'],
    [-5, '0 s'],
  ])('of %i ms is said as %s', (ms, text) => expect(describeTimeLeft(ms)).toBe(text));
});
