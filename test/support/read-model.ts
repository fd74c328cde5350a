// What is in the read model, for comparing it: by names, not by numbers that differ from one database to the next.

import { sql } from 'kysely';
import type { Database } from '../../api/read-model/database.ts';
import type { Tables } from '../../api/read-model/tables.ts';

/** Names of the groups that may see the rows of a table, by name of the object. */
export async function viewers(database: Database, table: keyof Tables): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ name: string; groups: string[] }>`
    select t.name, array(select g.name from identity_group g where g.id = any(t.viewers) order by 1) as groups
    from ${sql.table(table)} t`.execute(database);
  return Object.fromEntries(rows.map(({ name, groups }) => [name, groups]));
}

/** Everything in these tables, with groups by name and without what counts histories. */
export async function dump(
  database: Database,
  ...tables: readonly (keyof Tables)[]
): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  const groups = await database.selectFrom('identity_group').select(['id', 'name']).execute();
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  for (const table of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)} order by 1`.execute(database);
    all[table] = rows.map((row) => ({
      ...row,
      epoch: undefined,
      viewers: (row['viewers'] as number[] | undefined)?.map((id) => names.get(id)),
    }));
  }
  return all;
}
