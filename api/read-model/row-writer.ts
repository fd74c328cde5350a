// Writes rows of one kind, many at a time. What is older never overwrites what is newer, what was deleted does not come back, and an object
// that was made anew under its name replaces the one before. The same statements serve every table.

import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { Children } from './projection.ts';
import { idFromUid } from '../../operator/resources/names.ts';
import type { Tables } from './tables.ts';
import { recordEnd } from './history/record.ts';
import { type ObjectRows, toJson } from './rows.ts';

export type Writing = Transaction<Tables>;
type Table = ObjectRows['table'];

/** Whose rows have changed. */
export interface Written {
  readonly uid: string;
  readonly uri: string;
}

/** An object that is gone, as it was last seen. */
export interface Gone {
  readonly uid: string;
  /** Of its deletion, or of the last that is known of it. */
  readonly resourceVersion: string;
}

export interface WriteOptions {
  /**
   * `seen`: as it is now and is seen by these groups, also where the version is known. `returned`: what the API server answered to a write,
   * which is of interest only until the indexer has it; who may see it is known better there.
   */
  readonly as: 'seen' | 'returned';
}

/** Rows that were not there or have changed. @param all of one table */
export async function writeRows(
  writing: Writing,
  table: Table,
  all: readonly ObjectRows[],
  { as }: WriteOptions,
): Promise<readonly Written[]> {
  const first = all[0];
  if (first === undefined) return [];
  await lock(
    writing,
    all.map(({ row }) => row.uid),
  );
  const epoch = await currentEpoch(writing);
  const ours = await freeUris(writing, table, all);
  const rows = ours.map((row) => ({ ...row, epoch }));
  await replaceNamesakes(writing, table, rows);
  const columns = Object.keys({ ...first.row, epoch }).map((name) => sql.ref(name));
  const excluded = columns.map((column) => sql`${column} = excluded.${column}`);
  const newer = as === 'seen' ? sql`>=` : sql`>`;
  const { rows: written } = await sql<Written>`
    insert into ${sql.table(table)} as stored (${sql.join(columns)})
    select ${sql.join(columns)} from ${recordset(table, rows)} as given
    where not exists (select from tombstone where uid = given.uid and epoch >= given.epoch)
      and not exists (
        select from ${sql.table(table)} as other
        where other.namespace = given.namespace and other.name = given.name and other.uid <> given.uid
      )
    order by uid
    on conflict (uid) do update set ${sql.join(excluded)}
    where (excluded.epoch, excluded.resource_version) ${newer} (stored.epoch, stored.resource_version)
      and (excluded.digest, excluded.epoch) is distinct from (stored.digest, stored.epoch)
    returning uid, uri`.execute(writing);
  await writeChildren(writing, all, new Set(written.map(({ uid }) => uid)));
  return written;
}

/** Leaves tombstones. @returns those of which there were rows */
export async function removeRows(writing: Writing, table: Table, gone: readonly Gone[]): Promise<readonly Written[]> {
  if (gone.length === 0) return [];
  await lock(
    writing,
    gone.map(({ uid }) => uid),
  );
  const epoch = await currentEpoch(writing);
  const listed = sql`gone as (select * from json_to_recordset(${toJson(gone)}::json) as _(uid text, "resourceVersion" numeric))`;
  const { rows: former } = await sql<{ uid: string }>`
    with ${listed} select stored.uid from ${sql.table(table)} as stored join gone using (uid)
    where (stored.epoch, stored.resource_version) <= (${epoch}::int, gone."resourceVersion")`.execute(writing);
  const uids = former.map(({ uid }) => uid);
  await recordEnd(writing, table, uids);
  const { rows } = await sql<Written>`
    with ${listed},
    removed as (
      delete from ${sql.table(table)} as stored where uid = any(${uids}::text[])
      returning stored.uid, stored.uri, stored.namespace, stored.name
    ),
    buried as (
      insert into tombstone (uid, table_name, namespace, name, uri, resource_version, epoch)
      select gone.uid, ${table}, coalesce(removed.namespace, ''), coalesce(removed.name, ''), coalesce(removed.uri, ''), gone."resourceVersion", ${epoch}::int
      from gone left join removed using (uid)
      order by gone.uid
      on conflict (uid) do update set resource_version = excluded.resource_version, epoch = excluded.epoch, deleted = now()
    )
    select uid, uri from removed`.execute(writing);
  return rows;
}

/** Of one object only one writes at a time, or a row could come in while its tombstone is being set. */
const lock = async (writing: Writing, uids: readonly string[]): Promise<void> => {
  await sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(uid, 0) as key from unnest(${uids}::text[]) as uid order by key
    ) as keys`.execute(writing);
};

async function currentEpoch(writing: Writing): Promise<number> {
  const { epoch } = await writing.selectFrom('indexed_cluster').select('epoch').executeTakeFirstOrThrow();
  return epoch;
}

/** An id that another object has (an administrator gave two the same, which the operator refuses for the later one) is not this one's. */
async function freeUris(
  writing: Writing,
  table: Table,
  all: readonly ObjectRows[],
): Promise<readonly ObjectRows['row'][]> {
  const uids = all.map(({ row }) => row.uid);
  const uris = all.map(({ row }) => row.uri);
  const { rows } = await sql<{ uri: string }>`
    select uri from ${sql.table(table)} where uri = any(${uris}::text[]) and not uid = any(${uids}::text[])`.execute(
    writing,
  );
  const taken = new Set(rows.map(({ uri }) => uri));
  return all.map(({ row }) => {
    const free = !taken.has(row.uri);
    taken.add(row.uri);
    return free ? row : { ...row, uri: idFromUid(row.uid) };
  });
}

/** Whatever bears the name of a newer object is gone, though its deletion was not seen. */
async function replaceNamesakes(writing: Writing, table: Table, rows: readonly object[]): Promise<void> {
  const { rows: former } = await sql<Gone>`
    select stored.uid, given.resource_version::text as "resourceVersion"
    from ${sql.table(table)} as stored join ${recordset(table, rows)} as given using (namespace, name)
    where stored.uid <> given.uid and (stored.epoch, stored.resource_version) < (given.epoch, given.resource_version)`.execute(
    writing,
  );
  await removeRows(writing, table, former);
}

/** Those of objects whose row was written: what is no longer there goes, the rest is written where it has changed. */
async function writeChildren(
  writing: Writing,
  all: readonly ObjectRows[],
  written: ReadonlySet<string>,
): Promise<void> {
  const parents = all.filter(({ row }) => written.has(row.uid));
  for (const [at, { table }] of (all[0]?.children ?? []).entries())
    await writeTable(
      writing,
      table,
      parents.map(({ row, children }) => ({ uid: row.uid, rows: children[at]?.rows ?? [] })),
    );
}

async function writeTable(
  writing: Writing,
  table: Children['table'],
  parents: readonly { readonly uid: string; readonly rows: Children['rows'] }[],
): Promise<void> {
  const rows = parents.flatMap((parent) => parent.rows);
  await sql`
    delete from ${sql.table(table)} as stored
    where stored.parent_uid = any(${parents.map(({ uid }) => uid)}::text[])
      and not exists (select from unnest(${rows.map(({ id }) => id)}::text[]) as kept (id) where kept.id = stored.id)`.execute(
    writing,
  );
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first).map((name) => sql.ref(name));
  const of = (alias: string) => sql.join(columns.map((column) => sql`${sql.ref(alias)}.${column}`));
  await sql`
    insert into ${sql.table(table)} as stored (${sql.join(columns)})
    select ${sql.join(columns)} from ${recordset(table, rows)} as given order by id
    on conflict (id) do update set ${sql.join(columns.map((column) => sql`${column} = excluded.${column}`))}
    where stored.parent_uid = excluded.parent_uid and (${of('stored')}) is distinct from (${of('excluded')})`.execute(
    writing,
  );
}

/** Rows as one parameter, whatever their columns: PostgreSQL reads them by the types of the table. */
const recordset = (table: keyof Tables, rows: readonly object[]): RawBuilder<unknown> =>
  sql`json_populate_recordset(null::${sql.table(table)}, ${toJson(rows)}::json)`;
