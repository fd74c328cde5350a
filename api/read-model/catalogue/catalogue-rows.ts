// Which catalogues are to be read, and what was read as rows.

import { sql } from 'kysely';
import type { CatalogTable } from '../../../operator/actions/contract/catalog.ts';
import type { ObjectName } from '../../../operator/kernel/kind.ts';
import { notifyChanges } from '../changes-channel.ts';
import type { Database } from '../database.ts';
import { itemId } from '../item-id.ts';
import { toJson } from '../rows.ts';
import type { Catalog } from './catalogue-source.ts';
import type { CatalogColumn } from './catalogue-tables.ts';

/** A dataset of whose catalogue something else may be true than what is stored. */
export interface DueCatalog extends Required<Pick<ObjectName, 'namespace' | 'name'>> {
  readonly uid: string;
  readonly uri: string;
  readonly etag: string | null;
  /** When the operator saw that tables had come or gone, as PostgreSQL writes it. */
  readonly tables_synced: string;
}

/** Rows of one statement. */
const BATCH = 200;

/**
 * Those whose tables have come or gone since, before those that were not looked at for `maxAgeMs`: columns change without a word.
 * @param except uids of those that have to wait
 */
export async function dueCatalogs(
  database: Database,
  {
    limit,
    maxAgeMs,
    except,
  }: { readonly limit: number; readonly maxAgeMs: number; readonly except: readonly string[] },
): Promise<readonly DueCatalog[]> {
  const { rows } = await sql<DueCatalog>`
    select dataset.uid, dataset.uri, dataset.namespace, dataset.name, known.etag, dataset.tables_synced::text as tables_synced
    from dataset left join dataset_catalog as known on known.dataset_uid = dataset.uid
    where dataset.tables_synced is not null and dataset.deleting is null and dataset.glue_database is not null
      and not dataset.uid = any(${except}::text[])
      and (known.dataset_uid is null or known.tables_synced is distinct from dataset.tables_synced
        or known.fetched < now() - make_interval(secs => ${maxAgeMs / 1_000}))
    order by (known.tables_synced is distinct from dataset.tables_synced) desc, known.fetched nulls first, dataset.uid
    limit ${limit}`.execute(database);
  return rows;
}

/** What is stored was true just now. */
export async function confirmCatalog(database: Database, { uid, tables_synced }: DueCatalog): Promise<void> {
  await sql`update dataset_catalog set fetched = now(), tables_synced = ${tables_synced}::timestamptz where dataset_uid = ${uid}`.execute(
    database,
  );
}

/** All or nothing, and nothing for a dataset that has gone meanwhile. */
export async function storeCatalog(
  database: Database,
  { uid, uri, tables_synced }: DueCatalog,
  { etag, tables }: Catalog,
): Promise<void> {
  const rows = tables.map((table) => rowOf(uid, uri, table));
  await database.transaction().execute(async (writing) => {
    const { numAffectedRows } = await sql`
      insert into dataset_catalog (dataset_uid, etag, tables_synced, fetched)
      select uid, ${etag}, ${tables_synced}::timestamptz, now() from dataset where uid = ${uid}
      on conflict (dataset_uid) do update
      set etag = excluded.etag, tables_synced = excluded.tables_synced, fetched = excluded.fetched`.execute(writing);
    if (numAffectedRows === 0n) return;
    await sql`delete from dataset_catalog_table
      where dataset_uid = ${uid} and not id = any(${rows.map(({ id }) => id)}::text[])`.execute(writing);
    for (let at = 0; at < rows.length; at += BATCH)
      await sql`
        insert into dataset_catalog_table as stored (id, dataset_uid, name, type, location, description, columns)
        select id, dataset_uid, name, type, location, description, columns
        from json_populate_recordset(null::dataset_catalog_table, ${toJson(rows.slice(at, at + BATCH))}::json)
        on conflict (id) do update
        set type = excluded.type, location = excluded.location, description = excluded.description, columns = excluded.columns
        where (stored.type, stored.location, stored.description, stored.columns)
          is distinct from (excluded.type, excluded.location, excluded.description, excluded.columns)`.execute(writing);
    await notifyChanges(writing, 'Dataset', [{ uid, uri }]);
  });
}

const rowOf = (uid: string, uri: string, table: CatalogTable) => ({
  id: itemId(uri, 'Table', table.name),
  dataset_uid: uid,
  name: table.name,
  type: table.type ?? null,
  location: table.location ?? null,
  description: table.description || null,
  columns: [
    ...table.columns,
    ...table.partitionKeys.map((key, partition) => ({ ...key, partition })),
  ] satisfies CatalogColumn[],
});
