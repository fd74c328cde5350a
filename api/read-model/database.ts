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
  /** A statement that takes longer is cancelled by the server, in milliseconds. */
  readonly statementTimeoutMs: number;
}

/** Connects at the first query. `destroy()` ends it. */
export const openDatabase = ({ url, connections, statementTimeoutMs }: DatabaseSettings): Database =>
  new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: new Pool({ connectionString: url, max: connections, statement_timeout: statementTimeoutMs }),
    }),
  });
