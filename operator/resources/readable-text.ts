// Which characters words of people may not hold, because others would read something else than what is written.

import type { z } from 'zod';
import { celString, withRules } from './schema.ts';

interface Refused {
  /** What stands between the brackets of a regular expression, as the characters themselves: JavaScript and RE2 read them alike. */
  readonly characters: string;
  /** Of one of them, for who wrote it. */
  readonly why: string;
  /** What the API server says, which does not tell which one it was. */
  readonly message: string;
}

/**
 * Embeddings, overrides and isolates: what follows them is shown in another order than it is stored, up to the whole line
 * (https://www.unicode.org/reports/tr9/, https://trojansource.codes). Scripts that run from right to left need none, nor are their marks
 * (U+200E, U+200F, U+061C) refused.
 */
const ORDER: Refused = {
  characters: '\u202A-\u202E\u2066-\u2069',
  why: 'changes the order in which text is read',
  message:
    'a character changes the order in which this is read (U+202A to U+202E, U+2066 to U+2069): take it out; scripts that run from right to left need none',
};

/**
 * Controls but tab and line break, line separators, fillers, invisible operators, annotations, the byte order mark, and tags, in which
 * whole sentences can be hidden. Joiners (U+200C, U+200D), which scripts and emoji need, and places to break a line (U+200B, U+00AD) stay.
 */
const UNSEEN: Refused = {
  characters:
    '\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u115F\u1160\u2028\u2029\u2060-\u2065\u206A-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}',
  why: 'is not seen',
  message:
    'a character of this is not seen (a control character, U+2028, U+2060, U+FEFF, a filler such as U+3164, or a tag of U+E0000 to U+E007F): take it out',
};

const LINE_BREAKS: Refused = {
  characters: '\t\n\r',
  why: 'breaks the line',
  message: 'this is one line: take the line break or tab out',
};

/** Letters, digits, punctuation and symbols, emoji among them. */
const VISIBLE = '[\\p{L}\\p{N}\\p{P}\\p{S}]';
const NOTHING_TO_SEE = 'nothing of this is seen: write a word';

const without = (schema: z.ZodString, { characters, message }: Refused): z.ZodString =>
  withRules(schema.regex(new RegExp(`^[^${characters}]*$`, 'u'), message), [
    { rule: `!self.matches(${celString(`[${characters}]`)})`, message },
  ]);

/** Adds to a schema that its text is read as it is written. Existing objects go on as they are until the field is edited. */
export const readable = (schema: z.ZodString): z.ZodString => without(without(schema, ORDER), UNSEEN);

/** The same for one line, of which something is seen. */
export const readableLine = (schema: z.ZodString): z.ZodString =>
  withRules(without(readable(schema), LINE_BREAKS).regex(new RegExp(VISIBLE, 'u'), NOTHING_TO_SEE), [
    { rule: `self.matches(${celString(VISIBLE)})`, message: NOTHING_TO_SEE },
  ]);

const REFUSED = [ORDER, UNSEEN].map(({ characters, why }) => ({ pattern: new RegExp(`[${characters}]`, 'u'), why }));

/** The first character that {@link readable} refuses, as `U+202E changes ...`; undefined where there is none. */
export function unreadableIn(text: string): string | undefined {
  for (const { pattern, why } of REFUSED) {
    const code = pattern.exec(text)?.[0].codePointAt(0);
    if (code !== undefined) return `U+${code.toString(16).toUpperCase().padStart(4, '0')} ${why}`;
  }
  return undefined;
}
