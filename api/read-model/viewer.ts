// What of the read model somebody may see, as SQL: the groups that RBAC lets read a row are in its column `viewers`.

import { sql, type RawBuilder } from 'kysely';
import type { Identity } from '../identity/identity.ts';
import type { Database } from './database.ts';
import { groupIds } from './identity-groups.ts';

/** Somebody who reads, as the database knows them. */
export interface Viewer {
  /** Ids in `identity_group` of their groups that some right was ever given to. */
  readonly groupIds: readonly number[];
  /** Whether they administer the installation, and so may read every object. */
  readonly isAdministrator: boolean;
  /** Undefined while there is none. */
  readonly maintenance?: { readonly mode: 'ReadOnly' | 'NoAccess'; readonly message: string | null };
}

/** One query; the answer holds for one request. */
export async function viewerOf(database: Database, { groups }: Pick<Identity, 'groups'>): Promise<Viewer> {
  const [ids, tenant] = await Promise.all([
    groupIds(database, groups),
    database
      .selectFrom('tenant')
      .select(['administrators', 'maintenance_mode', 'maintenance_message'])
      .where('name', '=', 'default')
      .executeTakeFirst(),
  ]);
  const isAdministrator = tenant?.administrators.some((group) => groups.includes(group)) ?? false;
  const { maintenance_mode: mode = null, maintenance_message: message = null } = tenant ?? {};
  return { groupIds: ids, isAdministrator, ...(mode !== null && { maintenance: { mode, message } }) };
}

/** A condition on the column `viewers` of `table`. */
export const visible = (table: string, { groupIds, isAdministrator }: Viewer): RawBuilder<boolean> =>
  isAdministrator ? sql<boolean>`true` : sql<boolean>`${sql.ref(`${table}.viewers`)} && ${sql.val(groupIds)}::int[]`;
