// The pool of connections to PostgreSQL, and what is in it as types.

import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface DatabaseSettings {
  /** `postgres://user:password@host:port/name?sslmode=...` */
  readonly url: string;
  /** Connections at most. */
  readonly connections: number;
  /** A statement that takes longer is cancelled by the server, in milliseconds; who waits so long for a connection is told. */
  readonly statementTimeoutMs: number;
  /** Told of a connection that broke, e.g. because the server ended. It is replaced, and a query that used it fails; there is nothing to do. */
  readonly onBrokenConnection?: (error: Error) => void;
}

/** Connects at the first query. `destroy()` ends it. */
export const openDatabase = (settings: DatabaseSettings): Database => {
  const { url, connections, statementTimeoutMs, onBrokenConnection } = settings;
  const pool = new Pool({
    connectionString: url,
    max: connections,
    statement_timeout: statementTimeoutMs,
    // A server that takes no connections, or a pool whose connections are all at work, is told of; nobody waits for ever.
    connectionTimeoutMillis: statementTimeoutMs,
  });
  // An event `error` that nobody hears ends the process: of a connection in the pool, and of one that a transaction holds between queries.
  const broken = (error: Error): void => onBrokenConnection?.(error);
  pool.on('error', broken);
  pool.on('connect', (client) => client.on('error', broken));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
};
