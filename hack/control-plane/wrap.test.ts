import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

describe('lines', () => {
  it('are broken at words, and a word that is longer stays whole', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('see arn:aws:iam::333333333333:role/analysts now', 10)).toEqual([
      'see',
      'arn:aws:iam::333333333333:role/analysts',
      'now',
    ]);
  });

  it('keep their indentation and their own ends', () => {
    expect(wrap('  Name:  a\n\n  Kind:  b', 80)).toEqual(['  Name:  a', '', '  Kind:  b']);
  });
});
