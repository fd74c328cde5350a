// What is told after each commit, by LISTEN and NOTIFY: which rows have changed, by kind and id alone.

import { sql } from 'kysely';
import type { Written, Writing } from './row-writer.ts';

/** Payload: `<Kind> <uri>`, e.g. `ShareRequest k3x9q2ab`. Several changes of one object in one commit are one. */
export const CHANGES_CHANNEL = 'dataall_changes';

/** What is told of beside the objects of our kinds, by triggers: migrations/0060_told_changes.sql, 0061_told_inboxes.sql, 0064_seen_changes.sql, 0065_told_decisions.sql. */
export type ToldBeside =
  /** By its public id: it has ended, or its owner's groups are others. */
  | 'Session'
  /** By name: something waits for its members, or does not any more. */
  | 'Group'
  /** By name: they have read something. */
  | 'User'
  /** By name of a group: something that its members may see, or could, is not as it was; which, is told with it. */
  | 'Seen';

/** As it is told that something of this kind has changed. */
export const changeOf = (kind: string, id: string): string => `${kind} ${id}`;

/** Sent by the server when the transaction commits. */
export async function notifyChanges(writing: Writing, kind: string, written: readonly Written[]): Promise<void> {
  const payloads = written.map(({ uri }) => changeOf(kind, uri));
  if (payloads.length === 0) return;
  await sql`select pg_notify(${CHANGES_CHANNEL}, payload) from unnest(${payloads}::text[]) as payload`.execute(writing);
}
