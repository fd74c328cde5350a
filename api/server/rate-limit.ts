// How much one person, and one address, may ask in a minute, of all gateways together: counted in PostgreSQL.

import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../read-model/database.ts';

/** Requests in a minute. */
export interface RateLimits {
  readonly user: number;
  readonly address: number;
}

/** What is old is swept now and then, by whoever asks. */
const SWEEP_SHARE = 0.001;

export class RateLimiter {
  readonly #database: Database;
  readonly #limits: RateLimits;
  readonly #log: Logger;

  constructor(database: Database, limits: RateLimits, log: Logger) {
    this.#database = database;
    this.#limits = limits;
    this.#log = log;
  }

  /**
   * Counts one request. While the database does not answer nobody is held back: what needs it fails by itself.
   * @returns seconds until there is room again; 0: there is
   */
  async count(kind: keyof RateLimits, who: string): Promise<number> {
    try {
      const { rows } = await sql<{ requests: number; left: number }>`
        insert into request_count (key, minute, requests) values (${`${kind} ${who}`}, date_trunc('minute', now()), 1)
        on conflict (key, minute) do update set requests = request_count.requests + 1
        returning requests, ceil(60 - extract(second from now()))::int as left`.execute(this.#database);
      if (Math.random() < SWEEP_SHARE) await this.#sweep();
      const [counted] = rows;
      return counted !== undefined && counted.requests > this.#limits[kind] ? Math.max(1, counted.left) : 0;
    } catch (err) {
      this.#log.warn({ err }, 'requests are not counted');
      return 0;
    }
  }

  async #sweep(): Promise<void> {
    await sql`delete from request_count where minute < now() - interval '5 minutes'`.execute(this.#database);
  }
}
