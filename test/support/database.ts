// For each test a database of its own in the run's PostgreSQL server: a copy of one that was migrated once (45 ms), dropped after the test.

import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../api/read-model/database.ts';
import { type PostgresServer, startPostgres } from '../../hack/postgres/postgres-server.ts';
import { administer, makeTemplate, TEMPLATE } from './postgres-of-the-run.ts';

export interface TestDatabase {
  readonly database: Database;
  /** For connections of one's own, and processes. */
  readonly url: string;
}

export interface DatabaseServer {
  /** Within a test: the database is its own, and connections end with it. */
  fresh(): Promise<TestDatabase>;
  /** As {@link fresh}, without tables. */
  empty(): Promise<TestDatabase>;
  /** A further pool of connections to the same database, as another process has. */
  connect(url: string): Database;
}

const settings = { connections: 5, statementTimeoutMs: 30_000 };
/** Files run side by side. */
const names = `test_${process.pid}`;
let made = 0;

export function databaseServer(): DatabaseServer {
  return databasesOf(() => inject('postgresUrl'));
}

/** A server that nobody else uses, for tests that take it away and bring it back. Call it at the top of a test file, or of a describe. */
export function ownDatabaseServer(): DatabaseServer & { server(): PostgresServer } {
  let running: PostgresServer | undefined;
  beforeAll(async () => {
    running = await startPostgres();
    await makeTemplate(running);
  });
  afterAll(async () => running?.stop());
  const server = (): PostgresServer => {
    if (running === undefined) throw new Error('the database server runs within tests only');
    return running;
  };
  return { server, ...databasesOf(() => server().url()) };
}

/** For a scene that all tests of a file have in common: a database of the run's server, dropped when `scene` is disposed of. */
export async function sceneDatabase(scene: AsyncDisposableStack): Promise<TestDatabase> {
  return makeDatabase(inject('postgresUrl'), TEMPLATE, (end) => scene.defer(end));
}

/** @param home the address of the server's database `postgres` */
function databasesOf(home: () => string): DatabaseServer {
  const connect = (url: string): Database => {
    const database = openDatabase({ ...settings, url });
    onTestFinished(async () => database.destroy());
    return database;
  };
  const make = async (template: string): Promise<TestDatabase> =>
    makeDatabase(home(), template, (end) => onTestFinished(end));
  return { connect, fresh: async () => make(TEMPLATE), empty: async () => make('template1') };
}

/** @param atEnd what is registered first is done last: connections are gone when the database goes, but for those that a failed test left */
async function makeDatabase(
  home: string,
  template: string,
  atEnd: (end: () => Promise<void>) => void,
): Promise<TestDatabase> {
  const name = `${names}_${++made}`;
  await administer(home, `create database ${name} template ${template}`);
  atEnd(async () => administer(home, `drop database ${name} with (force)`));
  const url = new URL(home);
  url.pathname = `/${name}`;
  const database = openDatabase({ ...settings, url: url.href });
  atEnd(async () => database.destroy());
  return { database, url: url.href };
}
