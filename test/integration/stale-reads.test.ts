// An answer says when it may be old.

import { buildSchema } from 'graphql';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { sayFollowed } from '../../api/read-model/freshness.ts';
import type { GatewayContext } from '../../api/server/context.ts';
import { graphqlServer } from '../../api/server/graphql-server.ts';
import { serverSettings } from '../../api/server/settings.ts';
import { databaseServer } from '../support/database.ts';

const postgres = databaseServer();

/** What an answer says beside the data; each time by another gateway, which has not asked before. */
async function extensionsOf(database: Database): Promise<unknown> {
  const server = graphqlServer(
    buildSchema('type Query { one: String }'),
    serverSettings.parse({}),
    pino({ level: 'silent' }),
    [],
  );
  const contextValue = { database, requestId: 'one', dryRun: false } as unknown as GatewayContext;
  const { body } = await server.executeOperation({ query: '{ one }' }, { contextValue });
  await server.stop();
  if (body.kind !== 'single') throw new Error('answered in parts');
  expect(body.singleResult.data).toEqual({ one: null });
  return body.singleResult.extensions;
}

describe('An answer of the gateway', () => {
  it('says nothing of its age while the indexer follows, and how old it may be when it does not', async () => {
    const { database } = await postgres.fresh();
    expect(await extensionsOf(database)).toEqual({ readModel: { behindSeconds: null, isRebuilding: true } });

    const now = new Date().toISOString();
    await database.updateTable('indexed_cluster').set({ rebuild_finished: now }).execute();
    await sayFollowed(database);
    expect(await extensionsOf(database)).toBeUndefined();

    const before = new Date(Date.now() - 600_000).toISOString();
    await database.updateTable('indexed_cluster').set({ followed: before }).execute();
    expect(await extensionsOf(database)).toMatchObject({ readModel: { isRebuilding: false } });
    await sayFollowed(database);
    await database.updateTable('indexed_cluster').set({ rebuild_started: now, rebuild_finished: null }).execute();
    expect(await extensionsOf(database)).toMatchObject({ readModel: { isRebuilding: true } });
  });
});
