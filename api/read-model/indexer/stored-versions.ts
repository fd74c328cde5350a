// What the database holds of one kind, as far as it takes to find out what differs.

import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { Projection } from '../projection.ts';

interface StoredVersion {
  readonly resourceVersion: string;
  readonly epoch: number;
  readonly digest: string;
}

export interface StoredVersions {
  /** That of the cluster. */
  readonly epoch: number;
  /** Up to which resource version the kind was seen; undefined: never. */
  readonly resourceVersion: string | undefined;
  /** By UID. */
  readonly rows: ReadonlyMap<string, StoredVersion>;
  /** Resource versions of deletions in this epoch, by UID. */
  readonly tombstones: ReadonlyMap<string, string>;
}

/** At one moment. */
export const storedVersions = async (database: Database, table: Projection['table']): Promise<StoredVersions> =>
  database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (reading) => {
      const { epoch } = await reading.selectFrom('indexed_cluster').select('epoch').executeTakeFirstOrThrow();
      const kind = await reading
        .selectFrom('indexed_kind')
        .select('resource_version')
        .where('table_name', '=', table)
        .executeTakeFirst();
      const { rows } = await sql<StoredVersion & { uid: string }>`
        select uid, resource_version::text as "resourceVersion", epoch, digest from ${sql.table(table)}`.execute(
        reading,
      );
      const tombstones = await reading
        .selectFrom('tombstone')
        .select(['uid', 'resource_version'])
        .where('table_name', '=', table)
        .where('epoch', '=', epoch)
        .execute();
      return {
        epoch,
        resourceVersion: kind?.resource_version,
        rows: new Map(rows.map(({ uid, ...version }) => [uid, version])),
        tombstones: new Map(tombstones.map(({ uid, resource_version }) => [uid, resource_version])),
      };
    });
