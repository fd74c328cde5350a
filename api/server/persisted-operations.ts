// Operations that are known by their hash: those of the web UI that is served. Nobody adds to them by asking.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApolloServerOptions } from '@apollo/server';
import { z } from 'zod';

/** Text by SHA-256, 64 hexadecimal digits. */
export type PersistedOperations = ReadonlyMap<string, string>;

const FILE = 'persisted-operations.json';
const fileContent = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1));

/**
 * Of the folder of a built web UI. A build without the list is served too: its pages send the text.
 * @throws Error where the list is not what `npm run build -w web` writes
 */
export function readPersistedOperations(folder: string): PersistedOperations {
  const file = join(folder, FILE);
  if (!existsSync(file)) return new Map();
  const read = fileContent.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (read.success) return new Map(Object.entries(read.data));
  throw new Error(`${file} is not what npm run build -w web writes there: ${z.prettifyError(read.error)}`);
}

/** Before every key of what it looks up. */
const APOLLO_PREFIX = 'apq:';

/** Apollo remembers what it was sent beside a hash, up to 30 MB of it. Here that is forgotten: what is persisted is what was built. */
export const persistedQueries = (
  operations: PersistedOperations,
): NonNullable<ApolloServerOptions<never>['persistedQueries']> => ({
  cache: {
    get: async (key) => operations.get(key.slice(APOLLO_PREFIX.length)),
    set: async () => undefined,
    delete: async () => undefined,
  },
});
