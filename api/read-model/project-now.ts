// Read your writes: what the API server answered to a mutation goes into the read model at once, so that the next query shows it. The
// indexer comes to the same by itself, a moment later.

import { sql } from 'kysely';
import type { ObjectMeta } from '../../operator/resources/kind.ts';
import { notifyChanges } from './changes-channel.ts';
import type { Database } from './database.ts';
import type { ProjectedObject } from './object-columns.ts';
import { projections } from './projections.ts';
import type { Projection } from './projection.ts';
import { projected } from './rows.ts';
import type { Written } from './row-writer.ts';
import { storedRulers } from './stored-rulers.ts';
import { Viewers } from './viewers.ts';
import { writeObjects } from './write-objects.ts';

/** An object of one of our kinds, as the API server gave it. */
export interface ReturnedObject {
  readonly kind: string;
  readonly metadata: Partial<Omit<ObjectMeta, 'name'>> & { readonly name: string; readonly namespace?: string };
}

/**
 * Shows the object as it is now to those who may see it by what the database knows. What is newer there stays.
 * @param object as the API server returned it: with uid and resourceVersion
 */
export async function projectNow(database: Database, object: ReturnedObject): Promise<void> {
  const projection = projectionOf(object.kind);
  const whole = object as unknown as ProjectedObject;
  const viewers = new Viewers(await storedRulers(database, projection, whole)).of(projection, whole);
  await writeObjects(database, projection, [projected(projection, whole, viewers)], { as: 'returned' });
}

/**
 * Takes an object out that is gone at once, because nothing (no finalizer) keeps it. That it stays away is seen to by the indexer, which
 * knows when it was deleted.
 * @param object its last state
 */
export async function removeNow(database: Database, { kind, metadata }: ReturnedObject): Promise<void> {
  const projection = projectionOf(kind);
  await database.transaction().execute(async (writing) => {
    const { rows: removed } = await sql<Written>`
      delete from ${sql.table(projection.table)} where uid = ${metadata.uid} returning uid, uri`.execute(writing);
    await notifyChanges(writing, projection.kind.kind, removed);
  });
}

function projectionOf(kind: string): Projection {
  const projection = projections.find((one) => one.kind.kind === kind);
  if (projection === undefined) throw new Error(`there are no rows of kind ${kind}`);
  return projection;
}
