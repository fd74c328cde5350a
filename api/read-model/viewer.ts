// What of the read model somebody may see, as SQL: the groups that RBAC lets read a row are in its column `viewers`.

import { sql, type RawBuilder } from 'kysely';
import type { Identity } from '../identity/identity.ts';
import type { Database } from './database.ts';

/** Somebody who reads, as the database knows them. */
export interface Viewer {
  /** Ids in `identity_group` of their groups that some right was ever given to. */
  readonly groupIds: readonly number[];
  /** Whether they administer the installation. */
  readonly isAdministrator: boolean;
  /** Whether they may read every object: administrators and auditors. */
  readonly seesEverything: boolean;
  /** Undefined while there is none. */
  readonly maintenance?: { readonly mode: 'ReadOnly' | 'NoAccess'; readonly message: string | null };
}

/** One statement; the answer holds for one request. */
export async function viewerOf(database: Database, { groups }: Pick<Identity, 'groups'>): Promise<Viewer> {
  const tenant = database.selectFrom('tenant').where('name', '=', 'default');
  const { ids, administrators, auditors, mode, message } = await database
    .selectNoFrom([
      sql<number[]>`array(select id from identity_group where name = any(${groups}::text[]))`.as('ids'),
      tenant.select('administrators').as('administrators'),
      tenant.select('auditors').as('auditors'),
      tenant.select('maintenance_mode').as('mode'),
      tenant.select('maintenance_message').as('message'),
    ])
    .executeTakeFirstOrThrow();
  const isOneOf = (some: readonly string[] | null): boolean => some?.some((group) => groups.includes(group)) ?? false;
  const isAdministrator = isOneOf(administrators);
  const seesEverything = isAdministrator || isOneOf(auditors);
  return { groupIds: ids, isAdministrator, seesEverything, ...(mode !== null && { maintenance: { mode, message } }) };
}

/** A condition on the column `viewers` of `table`. */
export const visible = (table: string, { groupIds, seesEverything }: Viewer): RawBuilder<boolean> =>
  seesEverything ? sql<boolean>`true` : sql<boolean>`${sql.ref(`${table}.viewers`)} && ${sql.val(groupIds)}::int[]`;
