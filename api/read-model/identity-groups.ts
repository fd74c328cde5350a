// Numbers of groups: what `viewers` holds, and what a query asks with.

import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Gives numbers to those that have none, once and for all, also while others do so. */
export async function numberGroups(database: Database, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(names)].toSorted();
  const known = await idsByName(database, wanted);
  const missing = wanted.filter((name) => !known.has(name));
  if (missing.length === 0) return known;
  await sql`insert into identity_group (name) select unnest(${missing}::text[]) on conflict do nothing`.execute(
    database,
  );
  return idsByName(database, wanted);
}

async function idsByName(database: Database, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await database
    .selectFrom('identity_group')
    .select(['id', 'name'])
    .where(sql<boolean>`name = any(${names}::text[])`)
    .execute();
  return new Map(rows.map(({ id, name }) => [name, id]));
}
