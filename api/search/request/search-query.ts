// What of OpenSearch's query language is taken, and what it means: https://docs.opensearch.org/2.19/query-dsl/
// Everything else is refused by name: a query that we do not understand might show what it should not.

import { type TermField, termFields, type TextField, textFields } from '../catalog-document.ts';
import type { Condition, WordsCondition } from '../condition.ts';
import { wordsOf } from '../words.ts';
import { SearchRefused } from './search-refused.ts';
import { z } from 'zod';

/** Queries within queries; ReactiveSearch comes to 6. */
const DEEPEST = 12;
const MOST_QUERIES = 200;
/** In the whole of it: a word in four fields is four clauses, of which OpenSearch takes 1,024. */
const MOST_WORDS = 200;

/** Text that can be stored: the servers know no character 0 and no halves of characters. */
const text = z
  .string()
  .max(1_024)
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'is no text');
const value = z.union([text, z.number(), z.boolean()]).transform(String);
const oneOrMore = <T extends z.ZodType>(one: T) =>
  z.union([z.array(one).max(1_000), one.transform((single) => [single])]);
const operator = z.enum(['or', 'and', 'OR', 'AND']).default('or');
const fuzziness = z.union([z.literal(0), z.literal('0')], 'is not offered: leave it out, or say 0').optional();

const multiMatch = z.strictObject({
  query: value,
  fields: z.array(z.string().max(100)).min(1).max(20),
  type: z.enum(['best_fields', 'most_fields', 'cross_fields', 'phrase', 'phrase_prefix']).default('best_fields'),
  operator,
  fuzziness,
});
const match = z.union([
  value.transform((query) => ({ query, operator: 'or' as const })),
  z.strictObject({ query: value, operator, fuzziness }),
]);
const phrase = z.union([value.transform((query) => ({ query })), z.strictObject({ query: value })]);
const bool = z.strictObject({
  must: oneOrMore(z.unknown()).optional(),
  filter: oneOrMore(z.unknown()).optional(),
  should: oneOrMore(z.unknown()).optional(),
  must_not: oneOrMore(z.unknown()).optional(),
  minimum_should_match: z
    .union([z.literal([0, 1]), z.literal(['0', '1']).transform(Number)], 'may be 0 or 1')
    .optional(),
});
const term = z.union([value, z.strictObject({ value }).transform((given) => given.value)]).transform((one) => [one]);
const terms = oneOrMore(value);

/** @throws SearchRefused */
export function readQuery(query: unknown): Condition {
  const condition = new QueryReader().read(query, 'query', 1);
  if (wordsWithin(condition) > MOST_WORDS) throw new SearchRefused(`more than ${MOST_WORDS} words are looked for`);
  return condition;
}

function wordsWithin(condition: Condition): number {
  switch (condition.kind) {
    case 'words':
      return condition.words.length;
    case 'every':
    case 'some':
      return condition.of.reduce((sum, one) => sum + wordsWithin(one), 0);
    case 'not':
      return wordsWithin(condition.of);
    default:
      return 0;
  }
}

class QueryReader {
  #queries = 0;

  read(given: unknown, path: string, depth: number): Condition {
    if (depth > DEEPEST) throw new SearchRefused(`${path}: queries are more than ${DEEPEST} deep`);
    if (++this.#queries > MOST_QUERIES) throw new SearchRefused(`there are more than ${MOST_QUERIES} queries in it`);
    const [name, body] = only(given, path);
    const at = `${path}.${name}`;
    switch (name) {
      case 'match_all':
        return { kind: 'everything' };
      case 'match_none':
        return { kind: 'nothing' };
      case 'bool':
        return this.#bool(body, at, depth);
      case 'multi_match':
        return multiMatched(body, at);
      case 'match': {
        const [field, given] = only(body, at);
        const { query, operator } = parse(match, given, at);
        return words(query, [textField(field, at)], isAnd(operator) ? 'all' : 'any');
      }
      case 'match_phrase':
      case 'match_phrase_prefix': {
        const [field, given] = only(body, at);
        const { query } = parse(phrase, given, at);
        return words(query, [textField(field, at)], name === 'match_phrase' ? 'phrase' : 'phrasePrefix');
      }
      case 'term':
      case 'terms': {
        const [field, given] = only(body, at);
        const values = parse(name === 'term' ? term : terms, given, `${at}.${field}`);
        return { kind: 'terms', field: termField(field, at), values };
      }
      default:
        throw new SearchRefused(
          `${at} is not offered here: use bool, match_all, multi_match, match, match_phrase, match_phrase_prefix, term or terms`,
        );
    }
  }

  #bool(body: unknown, path: string, depth: number): Condition {
    const {
      must = [],
      filter = [],
      should = [],
      must_not: mustNot = [],
      minimum_should_match,
    } = parse(bool, body, path);
    const all = (queries: readonly unknown[], part: string): Condition[] =>
      queries.map((query) => this.read(query, `${path}.${part}`, depth + 1));
    const required = [...all(must, 'must'), ...all(filter, 'filter')];
    const some = all(should, 'should');
    const wanted = minimum_should_match ?? (required.length === 0 ? 1 : 0);
    return {
      kind: 'every',
      of: [
        ...required,
        // What is not required to match is there to rank by; here it is left out.
        ...(some.length > 0 && wanted === 1 ? [{ kind: 'some', of: some } as const] : []),
        ...all(mustNot, 'must_not').map((of) => ({ kind: 'not', of }) as const),
      ],
    };
  }
}

function multiMatched(body: unknown, path: string): Condition {
  const { query, fields, type, operator } = parse(multiMatch, body, path);
  const named = [...new Set(fields.map((field) => textField(field, path)))];
  if (type === 'phrase') return words(query, named, 'phrase');
  if (type === 'phrase_prefix') return words(query, named, 'phrasePrefix');
  return words(query, named, isAnd(operator) ? 'all' : 'any');
}

/** Of a text without words nothing is found, as in OpenSearch. */
function words(query: string, fields: readonly TextField[], match: WordsCondition['match']): Condition {
  const found = wordsOf(query);
  return found.length === 0 ? { kind: 'nothing' } : { kind: 'words', words: found, fields, match };
}

const isAnd = (given: z.infer<typeof operator>): boolean => given.toLowerCase() === 'and';

function only(given: unknown, path: string): [string, unknown] {
  const entries = typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new SearchRefused(`${path} must be an object with one name in it`);
  return entry;
}

function parse<T extends z.ZodType>(schema: T, given: unknown, path: string): z.output<T> {
  const { data, error } = schema.safeParse(given);
  if (error === undefined) return data;
  throw new SearchRefused(`${path}: ${z.prettifyError(error)}`);
}

/** `label^3` is `label`: how much each field counts is the same for everybody. */
function textField(given: string, path: string): TextField {
  const name = given.replace(/\^[\d.]+$/, '').replace(/\.keyword$/, '');
  const field = textFields.find((one) => one === name);
  if (field === undefined)
    throw new SearchRefused(`${path}: words are looked for in ${textFields.join(', ')}, not in ${given}`);
  return field;
}

/** data.all's clients name some fields `tags.keyword`. */
export function termField(given: string, path: string): TermField {
  const name = given.replace(/\.keyword$/, '');
  const field = termFields.find((one) => one === name);
  if (field === undefined)
    throw new SearchRefused(`${path}: values are those of ${termFields.join(', ')}, not of ${given}`);
  return field;
}
