// How documents lie in an index of OpenSearch. Words are those of `wordsOf`, so that the same is found as in PostgreSQL.

import { createHash } from 'node:crypto';
import { sortFields, sortKey, termFields, textFields, valuesOf } from '../catalog-document.ts';
import type { VersionedDocument } from '../catalog-search.ts';
import { wholesOf, wordsOf } from '../words.ts';

const keyword = { type: 'keyword' } as const;
const fieldsOf = (names: readonly string[], type: object): { properties: Record<string, object> } => ({
  properties: Object.fromEntries(names.map((name) => [name, type])),
});

export const indexBody = {
  settings: { index: { number_of_shards: 1 } },
  mappings: {
    dynamic: 'strict',
    properties: {
      id: keyword,
      words: fieldsOf(textFields, { type: 'text', analyzer: 'whitespace' }),
      terms: fieldsOf([...termFields, 'audience'], keyword),
      sort: fieldsOf(sortFields, keyword),
      source: { type: 'object', enabled: false },
    },
  },
} as const;

/** Another one: documents lie otherwise, and the index is made anew. */
export const SCHEMA = createHash('sha256').update(JSON.stringify(indexBody)).digest('hex').slice(0, 8);

export const indexedBody = (document: VersionedDocument): object => ({
  id: document.id,
  words: Object.fromEntries(
    textFields.map((field) => {
      const values = valuesOf(document, field);
      return [field, [...values.map((value) => wordsOf(value).join(' ')), ...values.flatMap(wholesOf)]];
    }),
  ),
  terms: {
    ...Object.fromEntries(termFields.map((field) => [field, valuesOf(document, field)])),
    audience: document.audience,
  },
  sort: Object.fromEntries(sortFields.map((field) => [field, sortKey(document, field)])),
  source: document.source,
});
