// A PostgreSQL server for a test file, and a fresh, migrated database of it for each test: a copy of one that was migrated once (45 ms).

import { Client } from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../api/read-model/database.ts';
import { migrate } from '../../api/read-model/migrate.ts';
import { type PostgresServer, startPostgres } from '../../hack/postgres/postgres-server.ts';

export interface TestDatabase {
  readonly database: Database;
  /** For connections of one's own, and processes. */
  readonly url: string;
}

export interface DatabaseServer {
  /** For tests that take it away and bring it back. */
  server(): PostgresServer;
  /** Within a test: the database is its own, and connections end with it. */
  fresh(): Promise<TestDatabase>;
  /** As {@link fresh}, without tables. */
  empty(): Promise<TestDatabase>;
  /** A further pool of connections to the same database, as another process has. */
  connect(url: string): Database;
}

const TEMPLATE = 'migrated';
const settings = { connections: 5, statementTimeoutMs: 30_000 };

/** Call at the top of a test file (or a describe): the server starts before its tests, in 1.5 s, and ends after them. */
export function databaseServer(): DatabaseServer {
  let running: PostgresServer | undefined;
  let made = 0;

  beforeAll(async () => {
    running = await startPostgres();
    await administer(running, `create database ${TEMPLATE}`);
    const template = openDatabase({ ...settings, url: running.url(TEMPLATE) });
    try {
      await migrate(template);
    } finally {
      await template.destroy();
    }
  });
  afterAll(async () => running?.stop());

  const server = (): PostgresServer => {
    if (running === undefined) throw new Error('the database server runs within tests only');
    return running;
  };
  const connect = (url: string): Database => {
    const database = openDatabase({ ...settings, url });
    onTestFinished(async () => database.destroy());
    return database;
  };
  const make = async (template: string): Promise<TestDatabase> => {
    const name = `test_${++made}`;
    await administer(server(), `create database ${name} template ${template}`);
    const url = server().url(name);
    return { database: connect(url), url };
  };
  return { server, connect, fresh: async () => make(TEMPLATE), empty: async () => make('template1') };
}

async function administer(server: PostgresServer, statement: string): Promise<void> {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
