// Read your writes where others are let in: who may see an environment follows from its Teams and its Organization, and one process alone writes
// that into rows, the indexer. So a mutation waits for it, a moment.

import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { ObjectName } from '../../operator/kernel/kind.ts';
import type { Database } from './database.ts';
import { environmentProjection } from './projections/environment.ts';
import { storedRulers } from './stored-rulers.ts';
import { Viewers } from './viewers.ts';

/** The indexer takes some milliseconds. Where it takes longer, people see later what they were let into. */
const LONGEST_MS = 1_000;
const POLL_MS = 20;
/** Of an organization with more of them those are waited for that come first; the indexer takes them all together. */
const MOST = 20;

/**
 * Until environments are shown to whom the object lets see them, at the latest after a second.
 * @param object a Team or Organization whose row is written, or gone; of others there is nothing to wait for
 */
export async function environmentsShown(
  database: Database,
  object: { readonly kind: string; readonly metadata: ObjectName },
): Promise<void> {
  const { kind, metadata } = object;
  if (kind !== 'Team' && kind !== 'Organization') return;
  const column = kind === 'Team' ? 'name' : 'organization';
  const environments = await database
    .selectFrom('environment')
    .select(['uid', 'object'])
    .where(column, '=', (kind === 'Team' ? metadata.namespace : metadata.name) ?? '')
    .orderBy('created')
    .limit(MOST)
    .execute();
  const wanted = new Map<string, string>();
  for (const { uid, object: environment } of environments) {
    const viewers = new Viewers(await storedRulers(database, environmentProjection, environment));
    wanted.set(uid, viewers.of(environmentProjection, environment).join());
  }
  const deadline = performance.now() + LONGEST_MS;
  while (!(await areShown(database, wanted)) && performance.now() < deadline) await delay(POLL_MS);
}

/** @param wanted groups, by uid of the environment */
async function areShown(database: Database, wanted: ReadonlyMap<string, string>): Promise<boolean> {
  const rows = await database
    .selectFrom('environment')
    .select(['uid', sql<string[]>`array(select name from identity_group where id = any(viewers))`.as('groups')])
    .where('uid', 'in', [...wanted.keys(), ''])
    .execute();
  return rows.every(({ uid, groups }) => groups.toSorted().join() === wanted.get(uid));
}
