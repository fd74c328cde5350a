// Rebuilds as the indexer does them: a new epoch makes every row stale, and each kind is written anew.

import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../database.ts';
import type { IndexerMetrics } from './indexer-metrics.ts';

export class Rebuilds {
  readonly #database: Database;
  readonly #metrics: IndexerMetrics;
  readonly #log: Logger;
  /** Which one was begun here, by its start. */
  #begun: number | undefined;

  constructor(database: Database, metrics: IndexerMetrics, log: Logger) {
    this.#database = database;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Whether one was asked for (by `requestRebuild`, a restored cluster) that was not begun here. */
  async isWanted(): Promise<boolean> {
    const { rebuild_started: started, rebuild_finished: finished } = await this.#database
      .selectFrom('indexed_cluster')
      .select(['rebuild_started', 'rebuild_finished'])
      .executeTakeFirstOrThrow();
    if (started === null || finished !== null || this.#begun === started.getTime()) return false;
    this.#begun = started.getTime();
    return true;
  }

  /** @param remaining kinds that are not compared yet */
  async progress(remaining: number): Promise<void> {
    if (this.#begun === undefined) return;
    this.#metrics.rebuilding(remaining);
    this.#log.info({ remaining }, 'rebuilding the read model');
    if (remaining > 0) return;
    const finished = await this.#database
      .updateTable('indexed_cluster')
      .set({ rebuild_finished: sql`now()` })
      .where('rebuild_finished', 'is', null)
      .returning(sql<number>`extract(epoch from now() - rebuild_started)::float8`.as('seconds'))
      .executeTakeFirst();
    this.#begun = undefined;
    if (finished) this.#metrics.rebuilt(finished.seconds);
    this.#log.info({ seconds: finished?.seconds }, 'the read model is rebuilt');
  }
}
