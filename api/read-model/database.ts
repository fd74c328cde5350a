// The pool of connections to PostgreSQL, and what is in it as types.

import { Kysely, PostgresDialect } from 'kysely';
import { type Client, Pool, type PoolClient } from 'pg';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface DatabaseSettings {
  /** `postgres://user:password@host:port/name?sslmode=...` */
  readonly url: string;
  /** Connections at most. */
  readonly connections: number;
  /** A statement that takes longer is cancelled by the server, in milliseconds; who waits so long for a connection is told. */
  readonly statementTimeoutMs: number;
  /** For migrations: a statement that sets a time of its own is waited for. */
  readonly longStatements?: boolean;
  /** Told of a connection that broke, e.g. because the server ended. It is replaced, and a query that used it fails; there is nothing to do. */
  readonly onBrokenConnection?: (error: Error) => void;
}

/** How much later than the server should have cancelled a statement its connection counts as dead. */
const GRACE_MS = 1_000;

/** Connects at the first query. `destroy()` ends it. */
export const openDatabase = (settings: DatabaseSettings): Database => databaseOn(openPool(settings));

/** Ends the pool when it is destroyed. */
export const databaseOn = (pool: Pool): Database => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

/** Connects when one is asked for. */
export const openPool = (settings: DatabaseSettings): Pool => {
  const { url, connections, statementTimeoutMs, longStatements, onBrokenConnection } = settings;
  const pool = new Pool({
    connectionString: url,
    max: connections,
    statement_timeout: statementTimeoutMs,
    // A server that takes no connections, or a pool whose connections are all at work, is told of; nobody waits for ever.
    connectionTimeoutMillis: statementTimeoutMs,
    ...(longStatements !== true && { query_timeout: statementTimeoutMs + GRACE_MS }),
  });
  // An event `error` that nobody hears ends the process: of a connection in the pool, and of one that a transaction holds between queries.
  const broken = (error: Error): void => onBrokenConnection?.(error);
  pool.on('error', broken);
  pool.on('connect', (client) => {
    client.on('error', broken);
    endOnSilence(client);
  });
  return pool;
};

/**
 * A server that hangs, or a network that lost the connection, does not even cancel. `pg` gives the statement up (`query_timeout`) and hands the
 * connection to the next one, which would wait behind it: so it is ended, and the pool makes another.
 */
function endOnSilence(client: PoolClient): void {
  const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
  const watched = (...args: readonly unknown[]): unknown => {
    const answer = query(...args);
    if (answer instanceof Promise)
      answer.catch((error: unknown) => {
        if (error instanceof Error && error.message === 'Query read timeout') void endOf(client);
      });
    return answer;
  };
  client.query = watched as typeof client.query;
}

/** Of the connection, too: it has a statement under way. */
const endOf = async (client: PoolClient): Promise<void> => (client as unknown as Client).end();
