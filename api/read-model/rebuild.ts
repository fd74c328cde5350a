// Makes all rows anew from what the API server holds. They are served meanwhile, as stale.

import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { projections } from './projections.ts';

export interface RebuildProgress {
  /** Rows that are made anew. */
  readonly done: number;
  /** Rows from before, which are stale. */
  readonly stale: number;
  readonly finished: boolean;
}

const POLL_MS = 200;

/** The leading indexer begins within two seconds. Asked again while one is under way, it is the same one. */
export async function requestRebuild(database: Database): Promise<void> {
  await database
    .updateTable('indexed_cluster')
    .set((update) => ({ epoch: update('epoch', '+', 1), rebuild_started: sql`now()`, rebuild_finished: null }))
    .where((eb) => eb.or([eb('rebuild_started', 'is', null), eb('rebuild_finished', 'is not', null)]))
    .execute();
}

export async function rebuildProgress(database: Database): Promise<RebuildProgress> {
  const { epoch, rebuild_finished } = await database
    .selectFrom('indexed_cluster')
    .select(['epoch', 'rebuild_finished'])
    .executeTakeFirstOrThrow();
  let [done, stale] = [0, 0];
  for (const { table } of projections) {
    const { rows } = await sql<{ done: number; stale: number }>`
      select count(*) filter (where epoch = ${epoch})::int as done, count(*) filter (where epoch < ${epoch})::int as stale
      from ${sql.table(table)}`.execute(database);
    done += rows[0]?.done ?? 0;
    stale += rows[0]?.stale ?? 0;
  }
  return { done, stale, finished: rebuild_finished !== null };
}

/** Asks for a rebuild and follows it to its end. @param tell is told how far it is, whenever that changes */
export async function rebuild(
  database: Database,
  tell: (progress: RebuildProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  await requestRebuild(database);
  let told = '';
  for (;;) {
    const progress = await rebuildProgress(database);
    if (JSON.stringify(progress) !== told) tell(progress);
    told = JSON.stringify(progress);
    if (progress.finished) return;
    await delay(POLL_MS, undefined, { signal });
  }
}
