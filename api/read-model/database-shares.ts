// How much of the database one person may have at once: whoever asks for much waits for themselves, and others find connections.

import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { Pool } from 'pg';
import { ConcurrencyLimit } from '../../operator/kernel/concurrency-limit.ts';
import type { Database, DatabaseSettings } from './database.ts';
import type { Tables } from './tables.ts';

/** Of all connections, for one person: a page that asks for much is as fast, and it takes four people to have all of them. */
const PART = 1 / 4;

export class DatabaseShares {
  readonly #pool: Pool;
  readonly #waitMs: number;
  readonly #people: ConcurrencyLimit;

  constructor(
    pool: Pool,
    { connections, statementTimeoutMs }: Pick<DatabaseSettings, 'connections' | 'statementTimeoutMs'>,
  ) {
    this.#pool = pool;
    this.#waitMs = statementTimeoutMs;
    this.#people = new ConcurrencyLimit({
      running: Math.ceil(connections * PART),
      // Requests and what is in each are limited where they come in.
      waiting: Infinity,
      refuse: () => new Error('timeout exceeded when waiting for other statements of this person'),
    });
  }

  /**
   * The database for what this person asks: at most their share of connections at once, of all such objects together. Within a transaction nothing
   * may be asked outside of it: that could wait for itself. It has nothing that needs to be ended.
   */
  of(person: string): Database {
    const connect = async (): Promise<PostgresPoolClient> => this.#connect(person);
    const { options } = this.#pool;
    const pool = { connect, options, end: async () => undefined };
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }

  /** @throws an error that counts as one of the database being away, after as long as is waited for a connection */
  async #connect(person: string): Promise<PostgresPoolClient> {
    const { promise, resolve, reject } = Promise.withResolvers<PostgresPoolClient>();
    const lent = this.#people.run(person, AbortSignal.timeout(this.#waitMs), async () => {
      const client = await this.#pool.connect();
      const released = Promise.withResolvers<void>();
      resolve({
        query: client.query.bind(client),
        release: (destroy) => {
          client.release(destroy);
          released.resolve();
        },
      });
      await released.promise;
    });
    lent.catch(reject);
    return promise;
  }
}
