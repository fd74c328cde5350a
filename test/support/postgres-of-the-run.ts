// One PostgreSQL server for all test files of a run, which each make databases of their own in it (database.ts). Starts in 2 s.

import type { TestProject } from 'vitest/node';
import { Client } from 'pg';
import { openDatabase } from '../../api/read-model/database.ts';
import { migrate } from '../../api/read-model/migrate.ts';
import { type PostgresServer, startPostgres } from '../../hack/postgres/postgres-server.ts';

/** A database with our tables and nothing in them, to be copied. */
export const TEMPLATE = 'migrated';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of its database `postgres`. */
    readonly postgresUrl: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  await makeTemplate(server);
  project.provide('postgresUrl', server.url());
  return async () => server.stop();
}

export async function makeTemplate(server: PostgresServer): Promise<void> {
  await administer(server.url(), `create database ${TEMPLATE}`);
  const template = openDatabase({ url: server.url(TEMPLATE), connections: 1, statementTimeoutMs: 30_000 });
  try {
    await migrate(template);
  } finally {
    await template.destroy();
  }
}

export async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
