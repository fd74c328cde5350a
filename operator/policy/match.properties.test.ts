// Literals and wildcards, for all texts.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from './conditions.ts';
import { compilePattern, compileResource } from './match.ts';
import { literal } from './variables.ts';

const runs = (numRuns: number) => ({ numRuns });

const wild = fc.string({
  unit: fc.constantFrom('*', '?', '$', '{', '}', ':', 'a', 'b', '/', '\u{1F600}'),
  maxLength: 8,
});
const anyText = fc.oneof(
  wild,
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const none = () => undefined;

describe('literal', () => {
  it('matches exactly its text', () => {
    fc.assert(
      fc.property(anyText, fc.oneof(anyText, fc.constant('')), (text, other) => {
        const resource = compileResource(`arn:aws:s3:::raw/${literal(text)}`, true);
        const like = compileCondition({ StringLike: { 's3:prefix': literal(text) } }, true);
        const equals = compileCondition({ StringEquals: { 's3:prefix': literal(text) } }, true);
        for (const candidate of [
          text,
          other,
          `${text}x`,
          text.slice(1),
          text.replace('*', 'zz'),
          text.replace('?', 'z'),
        ]) {
          const same = candidate === text;
          expect(resource(`arn:aws:s3:::raw/${candidate}`, none)).toBe(same);
          expect(like(() => [candidate])).toBe(same);
          expect(equals(() => [candidate])).toBe(same);
        }
      }),
      runs(1000),
    );
  });
});

describe('wildcards', () => {
  it('match as regular expressions do', () => {
    fc.assert(
      fc.property(wild, wild, (pattern, text) => {
        const source = Array.from(pattern, (character) =>
          character === '*' ? '.*' : character === '?' ? '.' : escapeUnit(character),
        );
        const expected = new RegExp(`^${source.join('')}$`, 'su').test(text);
        expect(compilePattern(pattern, { wildcards: 'free', variables: false })(text, none)).toBe(expected);
      }),
      runs(2000),
    );
  });
});

const escapeUnit = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
