// Words as PostgreSQL has them: documents as tsvector, what is looked for as tsquery. Both are written of words alone, which hold letters and
// digits only, and are passed as parameters.

import { type IndexedDocument, type TextField, textFields, valuesOf } from '../catalog-document.ts';
import type { WordsCondition } from '../condition.ts';
import { wholesOf, wordsOf } from '../words.ts';

/** Each field has a weight of its own, so that a query can ask for words of some fields. */
const weights = { label: 'A', name: 'B', tags: 'C', description: 'D' } as const satisfies Record<TextField, string>;
/** Between two tags, so that no phrase spans them. */
const GAP = 10;
/** tsvector counts positions no further. */
const LAST_POSITION = 16_383;

/** In the text form of tsvector: `'order':1A 'items':2A`. */
export function vectorOf(document: IndexedDocument): string {
  const lexemes = new Map<string, string[]>();
  let position = 1;
  const add = (word: string, field: TextField): void => {
    const at = `${Math.min(position++, LAST_POSITION)}${weights[field]}`;
    const positions = lexemes.get(word);
    if (positions) positions.push(at);
    else lexemes.set(word, [at]);
  };
  for (const field of textFields) {
    for (const value of valuesOf(document, field)) {
      for (const word of wordsOf(value)) add(word, field);
      position += GAP;
    }
    for (const whole of valuesOf(document, field).flatMap(wholesOf)) add(whole, field);
    position += GAP;
  }
  return [...lexemes].map(([word, positions]) => `${quoted(word)}:${positions.join(',')}`).join(' ');
}

/** In the text form of tsquery: `'order':A & 'items':A`. */
export function queryOf({ words, fields, match }: WordsCondition): string {
  const within = (of: readonly TextField[]): string => of.map((field) => weights[field]).join('');
  const word = (text: string, weight: string): string => `${quoted(text)}:${weight}`;
  switch (match) {
    case 'any':
      return words.map((text) => word(text, within(fields))).join(' | ');
    case 'all':
      return words.map((text) => word(text, within(fields))).join(' & ');
    case 'phrase':
    case 'phrasePrefix': {
      const prefix = match === 'phrasePrefix' ? '*' : '';
      const phrases = fields.map((field) => {
        const weight = within([field]);
        return words.map((text, at) => word(text, at === words.length - 1 ? prefix + weight : weight)).join(' <-> ');
      });
      return phrases.map((phrase) => `(${phrase})`).join(' | ');
    }
  }
}

const quoted = (word: string): string => `'${word.replaceAll(/['\\]/g, (special) => special + special)}'`;
