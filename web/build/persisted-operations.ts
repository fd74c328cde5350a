// What pages ask, by the SHA-256 of its text: the list by which the gateway knows operations that are asked for by their hash alone.

import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatDocument, stringifyDocument } from '@urql/core';
import { Kind, type DocumentNode } from 'graphql';

/** As the client writes it into a request: its cache asks for `__typename` everywhere. */
const textOf = (document: DocumentNode): string => {
  // What urql answers is a document, too; its type has `undefined` where that of graphql has nothing.
  const formatted = formatDocument(document) as DocumentNode;
  return stringifyDocument(formatted);
};

/** What `extensions.persistedQuery.sha256Hash` of a request names it by, 64 hexadecimal digits. */
export const hashOf = (document: DocumentNode): string => createHash('sha256').update(textOf(document)).digest('hex');

/** Text of each operation by its hash. */
export async function persistedOperations(source: string): Promise<Readonly<Record<string, string>>> {
  const files = globSync('**/operations.ts', { cwd: source }).toSorted();
  const exported = await Promise.all(
    files.map(
      async (file): Promise<Record<string, unknown>> => import(pathToFileURL(join(resolve(source), file)).href),
    ),
  );
  const operations = exported.flatMap((file) => Object.values(file)).filter(isOperation);
  return Object.fromEntries(operations.map((document) => [hashOf(document), textOf(document)]));
}

/** The files have fragments too, which nobody asks for alone. */
const isOperation = (value: unknown): value is DocumentNode => {
  const { definitions } = value as Partial<DocumentNode>;
  return definitions?.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) ?? false;
};
