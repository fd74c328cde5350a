// Objects into the database: their rows, what of them is history, and who is told. One transaction.

import type { Database } from './database.ts';
import { notifyChanges } from './changes-channel.ts';
import { recordHistory } from './history/record.ts';
import { recordNotifications } from './notifications/record-notifications.ts';
import type { Projection } from './projection.ts';
import { numbered, type Projected } from './rows.ts';
import { lockShares, settleShares, sharesDecidedBy, sharesOf } from './share-states.ts';
import { type Gone, removeRows, type WriteOptions, writeRows } from './row-writer.ts';

/** @returns how many rows of objects were not there or have changed */
export async function writeObjects(
  database: Database,
  projection: Projection,
  all: readonly Projected[],
  options: WriteOptions,
): Promise<number> {
  const rows = await numbered(database, projection, all);
  const shares = sharesOf(
    projection.table,
    all.map(({ object }) => object),
  );
  return database.transaction().execute(async (writing) => {
    await lockShares(writing, shares);
    const written = await writeRows(writing, projection.table, rows, options);
    const objects = all.map(({ object }) => object);
    await settleShares(writing, shares);
    await recordHistory(writing, projection.table, objects);
    await recordNotifications(writing, projection.table, objects);
    await notifyChanges(writing, projection.kind.kind, written);
    return written.length;
  });
}

export async function removeObjects(database: Database, projection: Projection, gone: readonly Gone[]): Promise<void> {
  if (gone.length === 0) return;
  const isDecision = projection.table === 'share_approval';
  await database.transaction().execute(async (writing) => {
    const uids = gone.map(({ uid }) => uid);
    const shares = isDecision ? await sharesDecidedBy(writing, uids) : [];
    await lockShares(writing, shares);
    const removed = await removeRows(writing, projection.table, gone);
    await settleShares(writing, shares);
    await notifyChanges(writing, projection.kind.kind, removed);
  });
}
