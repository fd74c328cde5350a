import { describe, expect, it } from 'vitest';
import { label, phrase, prose } from './fields.ts';
import { unreadableIn } from './readable-text.ts';
import { celString } from './schema.ts';

const takes = (schema: ReturnType<typeof prose>, text: string): boolean => schema.safeParse(text).success;

describe('text of people', () => {
  it.each(['Verkäufe', 'مبيعات \u200F2026', 'שלום, world', 'می\u200Cخواهم', 'हिन्दी', '👩🏽\u200D💻', '売上', '100 %'])(
    'may be %j, as a label too',
    (text) => {
      expect([takes(prose(99), text), takes(label(), text), takes(phrase(99), text)]).toEqual([true, true, true]);
      expect(unreadableIn(text)).toBeUndefined();
    },
  );

  it.each([
    ['sales \u202Egnitekram', 'U+202E changes the order in which text is read'],
    ['\u2067sales', 'U+2067 changes the order in which text is read'],
    ['bell\u0007', 'U+0007 is not seen'],
    ['next\u0085line', 'U+0085 is not seen'],
    ['a\u2028b', 'U+2028 is not seen'],
    ['\uFEFFa', 'U+FEFF is not seen'],
    ['\u3164', 'U+3164 is not seen'],
    ['a\u{E0041}', 'U+E0041 is not seen'],
  ])('may not be %j', (text, why) => {
    expect([takes(prose(99), text), takes(label(), text), takes(phrase(99), text)]).toEqual([false, false, false]);
    expect(unreadableIn(text)).toBe(why);
  });

  it('has lines where it describes, and none where it names; a name is seen', () => {
    for (const text of ['two\nlines', 'two\r\nlines', 'a\ttab'])
      expect([takes(prose(99), text), takes(label(), text), takes(phrase(99), text)]).toEqual([true, false, false]);
    for (const text of ['\u200B', '\u200D\u200E']) expect(takes(label(), text)).toBe(false);
  });

  it('is spelt for CEL in ASCII', () => {
    expect(celString("it's \u202E\n\u{E0041}")).toBe(String.raw`'it\'s \u202e\u000a\U000e0041'`);
  });
});
