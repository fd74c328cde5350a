// Whether the rows are of the cluster, and of the history of it, that we look at. A restored etcd keeps the UID of kube-system and goes back
// to resource versions that were there before: then what is stored is of another history, and nothing in it is newer than what is seen now.

import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../database.ts';
import type { Projection } from '../projection.ts';
import type { IndexedObject } from './indexed-stores.ts';
import type { StoredVersions } from './stored-versions.ts';

/** All rows are stale from now on: every kind is to be looked at anew. */
export class HistoryChanged extends Error {
  override readonly name = 'HistoryChanged';
}

export class ClusterHistory {
  readonly #database: Database;
  readonly #log: Logger;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  /** Before anything is written. @param clusterUid of namespace kube-system */
  async claim(clusterUid: string): Promise<void> {
    const { cluster_uid: before } = await this.#database
      .selectFrom('indexed_cluster')
      .select('cluster_uid')
      .executeTakeFirstOrThrow();
    if (before === clusterUid) return;
    await this.#database.updateTable('indexed_cluster').set({ cluster_uid: clusterUid }).execute();
    if (before !== null) await this.#begin(`the rows are of cluster ${before}, this is ${clusterUid}`);
  }

  /** @throws HistoryChanged once a new epoch has begun */
  async check(
    { table }: Projection,
    objects: readonly IndexedObject[],
    listedAt: string,
    stored: StoredVersions,
  ): Promise<void> {
    const why = contradiction(objects, listedAt, stored);
    if (why === undefined) return;
    await this.#begin(`${table}: ${why}`);
    // What was seen of the other history is no measure any more.
    await this.#database.deleteFrom('indexed_kind').execute();
    throw new HistoryChanged(why);
  }

  async #begin(why: string): Promise<void> {
    await this.#database
      .updateTable('indexed_cluster')
      .set((update) => ({ epoch: update('epoch', '+', 1), rebuild_started: sql`now()`, rebuild_finished: null }))
      .execute();
    this.#log.warn({ why }, 'the cluster was restored from a backup, or is another one: all rows are made anew');
  }
}

/** What a list shows that cannot be if it is of the history that the rows are of. @returns undefined: it can be */
export function contradiction(
  objects: readonly IndexedObject[],
  listedAt: string,
  { epoch, resourceVersion, rows, tombstones }: StoredVersions,
): string | undefined {
  const now = BigInt(listedAt);
  if (resourceVersion !== undefined && now < BigInt(resourceVersion))
    return `its resource version is ${listedAt} and was ${resourceVersion}`;
  for (const { metadata } of objects) {
    const row = rows.get(metadata.uid);
    const stored = row?.epoch === epoch ? BigInt(row.resourceVersion) : undefined;
    if (stored !== undefined && stored <= now && BigInt(metadata.resourceVersion) < stored)
      return `${metadata.name} is at ${metadata.resourceVersion} and was at ${stored}`;
    const deleted = tombstones.get(metadata.uid);
    if (deleted !== undefined && BigInt(deleted) <= now) return `${metadata.name} was deleted at ${deleted}`;
  }
  return undefined;
}

/** What was deleted so long ago that nothing late can bring it back is forgotten. */
export const forgetDeletions = async (database: Database): Promise<void> => {
  await sql`delete from tombstone where deleted < now() - interval '30 days'`.execute(database);
};

/** How far a kind is known; only a list may say that it is less far than before. */
export async function advanceKind(
  database: Database,
  table: Projection['table'],
  resourceVersion: string,
  how: 'watched' | 'listed' = 'watched',
): Promise<void> {
  if (how === 'watched') {
    await database
      .updateTable('indexed_kind')
      .set({ resource_version: resourceVersion })
      .where('table_name', '=', table)
      .where('resource_version', '<', resourceVersion)
      .execute();
    return;
  }
  const row = { table_name: table, resource_version: resourceVersion, listed: new Date().toISOString() };
  await database
    .insertInto('indexed_kind')
    .values(row)
    .onConflict((conflict) => conflict.column('table_name').doUpdateSet(row))
    .execute();
}
