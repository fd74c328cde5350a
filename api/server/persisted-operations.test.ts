// Operations by their hash: those of the build run, nothing that is sent is kept, and who sends a text needs no hash.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import pino from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import type { GatewayContext } from './context.ts';
import { graphqlServer } from './graphql-server.ts';
import { readPersistedOperations, type PersistedOperations } from './persisted-operations.ts';
import { serverSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'dataall-persisted-operations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const schema = makeExecutableSchema({
  typeDefs: 'type Query { one: Int two: Int }',
  resolvers: { Query: { one: () => 1, two: () => 2 } },
});

const BUILT = '{ one }';
const FREE = '{ two }';

const serverOf = (operations: PersistedOperations) =>
  graphqlServer(schema, serverSettings.parse({}), pino({ level: 'silent' }), [], operations);
type Server = ReturnType<typeof serverOf>;

/** Data, or the first error's code. */
async function ask(server: Server, query: string | undefined, hash?: string): Promise<unknown> {
  const extensions = hash === undefined ? {} : { persistedQuery: { version: 1, sha256Hash: hash } };
  const request = { ...(query !== undefined && { query }), extensions };
  const { body } = await server.executeOperation(request, { contextValue: {} as GatewayContext });
  if (body.kind !== 'single') throw new Error('the answer comes in parts');
  const { data, errors: [error] = [] } = body.singleResult;
  return error?.extensions?.['code'] ?? { ...data };
}

describe('An operation', () => {
  const server = serverOf(new Map([[sha256(BUILT), BUILT]]));

  it('of the build runs by its hash alone', async () => {
    expect(await ask(server, undefined, sha256(BUILT))).toEqual({ one: 1 });
  });

  it('that is free runs by its text, and is not known by its hash afterwards', async () => {
    expect(await ask(server, FREE)).toEqual({ two: 2 });
    expect(await ask(server, FREE, sha256(FREE))).toEqual({ two: 2 });
    expect(await ask(server, undefined, sha256(FREE))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('whose text has another hash is refused', async () => {
    expect(await ask(server, FREE, sha256(BUILT))).not.toEqual({ two: 2 });
    expect(await ask(server, undefined, sha256(BUILT))).toEqual({ one: 1 });
  });
});

describe('The list of a build', () => {
  it('may be missing, and is told by its name where it is no list', () => {
    const file = join(folder, 'persisted-operations.json');
    expect(readPersistedOperations(folder).size).toBe(0);
    writeFileSync(file, JSON.stringify({ [sha256(BUILT)]: BUILT }));
    expect([...readPersistedOperations(folder).values()]).toEqual([BUILT]);
    writeFileSync(file, JSON.stringify({ one: BUILT }));
    expect(() => readPersistedOperations(folder)).toThrow(
      /persisted-operations\.json is not what npm run build -w web/,
    );
  });
});
