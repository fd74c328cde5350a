// How old what people read is: the indexer says when it was the same as in the API server, gateways ask.

import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface Freshness {
  /** For how many seconds the rows have not been known to be those of the API server; undefined: they never were. */
  readonly behindSeconds: number | undefined;
  /** Whether some rows are from before a restore of the cluster, or a rebuild. */
  readonly isRebuilding: boolean;
}

export const sayFollowed = async (database: Database): Promise<void> => {
  await database
    .updateTable('indexed_cluster')
    .set({ followed: sql`now()` })
    .execute();
};

/** By the database's clock. */
export async function freshness(database: Database): Promise<Freshness> {
  const { behind, rebuilding } = await database
    .selectFrom('indexed_cluster')
    .select([
      sql<number | null>`extract(epoch from now() - followed)::float8`.as('behind'),
      sql<boolean>`rebuild_started is not null and rebuild_finished is null`.as('rebuilding'),
    ])
    .executeTakeFirstOrThrow();
  return { behindSeconds: behind ?? undefined, isRebuilding: rebuilding };
}
