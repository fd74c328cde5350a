// Makes the documents of what has changed anew, in one transaction: nothing of it is lost, and nothing is done twice.

import { sql } from 'kysely';
import type { Database } from '../../read-model/database.ts';
import { digestOf, PostgresSearch } from '../postgres/postgres-search.ts';
import { datasetRows } from './dataset-rows.ts';
import { documentsOf } from './documents.ts';

/** Datasets of one transaction. */
const DATASETS = 50;

export interface CatalogWritten {
  /** Datasets that were looked at; 0: nothing waits. */
  readonly datasets: number;
  readonly indexed: number;
  readonly removed: number;
}

/** The next datasets that wait. Of several processes one writes at a time. */
export const writeNext = async (database: Database): Promise<CatalogWritten> =>
  database.transaction().execute(async (writing) => {
    await sql`select pg_advisory_xact_lock(hashtext('catalog_document'))`.execute(writing);
    const changes = await writing
      .selectFrom('catalog_change')
      .select(['id', 'dataset_uri'])
      .orderBy('id')
      .limit(DATASETS)
      .execute();
    const uris = [...new Set(changes.map(({ dataset_uri }) => dataset_uri))];
    if (uris.length === 0) return { datasets: 0, indexed: 0, removed: 0 };
    const documents = (await datasetRows(writing, uris)).flatMap(documentsOf);
    const stored = await writing
      .selectFrom('catalog_document')
      .select(['id', 'digest'])
      .where('dataset_uri', 'in', uris)
      .execute();
    const digests = new Map(stored.map(({ id, digest }) => [id, digest]));
    const changed = documents.filter((document) => digests.get(document.id) !== digestOf(document));
    for (const { id } of documents) digests.delete(id);
    const version = await nextVersion(writing);
    const search = new PostgresSearch(writing);
    await search.index(changed.map((document) => ({ ...document, version })));
    const removed = [...digests.keys()].map((id) => ({ id, version }));
    await search.remove(removed);
    await remember(writing, removed, changed);
    await writing
      .deleteFrom('catalog_change')
      .where(
        'id',
        'in',
        changes.map(({ id }) => id),
      )
      .execute();
    return { datasets: uris.length, indexed: changed.length, removed: digests.size };
  });

/** For copies: what is gone, until it is back or a day has passed. */
async function remember(
  writing: Database,
  removed: readonly { readonly id: string; readonly version: number }[],
  changed: readonly { readonly id: string }[],
): Promise<void> {
  await sql`
    insert into catalog_removal (id, version) select id, version from json_to_recordset(${JSON.stringify(removed)}::json) as _ (id text, version bigint)
    on conflict (id) do update set version = excluded.version, sent = null, removed = now()`.execute(writing);
  await sql`
    delete from catalog_removal
    where id = any(${changed.map(({ id }) => id)}::text[]) or removed < now() - interval '1 day'`.execute(writing);
}

async function nextVersion(writing: Database): Promise<number> {
  const { rows } = await sql<{ version: string }>`select nextval('catalog_version') as version`.execute(writing);
  return Number(rows[0]?.version);
}
