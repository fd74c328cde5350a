// Read your writes: what the API server answered to a mutation goes into the read model at once, so that the next query shows it. The
// indexer comes to the same by itself, a moment later.

import { sql } from 'kysely';
import { getIfPresent, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, ObjectName } from '../../operator/kernel/kind.ts';
import type { ObjectMeta } from '../../operator/resources/kind.ts';
import { notifyChanges } from './changes-channel.ts';
import type { Database } from './database.ts';
import type { ProjectedObject } from './object-columns.ts';
import { projections } from './projections.ts';
import type { Projection } from './projection.ts';
import { projected } from './rows.ts';
import type { Written } from './row-writer.ts';
import { lockShares, settleShares } from './share-states.ts';
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
 * Shows what is left of an object that was deleted: going, while a finalizer keeps it, or gone. That it stays away is seen to by the indexer,
 * which knows when it was deleted.
 * @param api as who may read every object
 */
export async function deletedNow(database: Database, api: KubeApi, kind: Kind, name: ObjectName): Promise<void> {
  const left = await getIfPresent(api, kind, name);
  if (left !== undefined) return projectNow(database, left);
  const { table } = projectionOf(kind.kind);
  const shares = table === 'share_approval' ? [{ namespace: name.namespace ?? '', approval: name.name }] : [];
  await database.transaction().execute(async (writing) => {
    await lockShares(writing, shares);
    const { rows: removed } = await sql<Written>`
      delete from ${sql.table(table)} where namespace = ${name.namespace ?? ''} and name = ${name.name}
      returning uid, uri`.execute(writing);
    await settleShares(writing, shares);
    await notifyChanges(writing, kind.kind, removed);
  });
}

function projectionOf(kind: string): Projection {
  const projection = projections.find((one) => one.kind.kind === kind);
  if (projection === undefined) throw new Error(`there are no rows of kind ${kind}`);
  return projection;
}
