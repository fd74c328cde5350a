// News for the groups of somebody, and which of them they have read.

import { sql } from 'kysely';
import type { Identity } from '../../identity/identity.ts';
import type { Database } from '../../read-model/database.ts';

/** News of one's groups; the groups of today, so that who leaves one is told no more. */
export const notificationsOf = (database: Database, { user, groups }: Pick<Identity, 'user' | 'groups'>) =>
  database
    .selectFrom('notification')
    .leftJoin('notification_read', (join) =>
      join
        .onRef('notification_read.notification_id', '=', 'notification.id')
        .on('notification_read.username', '=', user),
    )
    .where('notification.recipient', 'in', [...groups, '']);

export const notificationColumns = [
  'notification.id',
  'notification.type',
  'notification.recipient',
  'notification.target_uri',
  'notification.message',
  'notification.happened',
  'notification_read.read',
] as const;

export interface NotificationRow {
  readonly id: string;
  readonly type: string;
  readonly recipient: string;
  readonly target_uri: string;
  readonly message: string;
  readonly happened: Date;
  readonly read: Date | null;
}

export async function countUnread(database: Database, who: Pick<Identity, 'user' | 'groups'>): Promise<number> {
  const { count } = await notificationsOf(database, who)
    .where('notification_read.read', 'is', null)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Marks news of one's own groups, one or all; others are left. @returns how many were unread */
export async function markAsRead(
  database: Database,
  { user, groups }: Pick<Identity, 'user' | 'groups'>,
  id?: string,
): Promise<number> {
  const one = id === undefined ? sql`true` : sql`id = ${id}::bigint`;
  const { rows } = await sql`
    insert into notification_read (notification_id, username)
    select id, ${user} from notification where recipient = any(${groups}::text[]) and ${one}
    on conflict do nothing returning notification_id`.execute(database);
  return rows.length;
}
