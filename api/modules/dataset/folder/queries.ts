// Folders of the read model.

import { sql } from 'kysely';
import type { DatasetStorageLocationFilter } from '../../../graphql/schema-types.ts';
import type { Database } from '../../../read-model/database.ts';
import { pagesOf, type Page } from '../../../read-model/page.ts';
import { contains } from '../../../read-model/text.ts';
import type { FolderRow } from './folder.ts';

const all = (database: Database) =>
  database
    .selectFrom('dataset_item')
    .select(['id', 'name', 'prefix', 'description', 'parent_uid as dataset_uid'])
    .where('kind', '=', 'Folder');

export const folderByUri = (database: Database, uri: string): Promise<FolderRow | undefined> =>
  all(database).where('id', '=', uri).executeTakeFirst();

/** A page of the folders of each dataset. */
export function foldersOf(
  database: Database,
  datasetUids: readonly string[],
  filter: DatasetStorageLocationFilter | null | undefined,
): Promise<readonly Page<FolderRow>[]> {
  let query = all(database).where(sql<boolean>`parent_uid = any(${datasetUids}::text[])`);
  if (filter?.term) query = query.where(contains(sql`concat_ws(' ', name, prefix, description)`, filter.term));
  return pagesOf(database, query, 'dataset_uid', datasetUids, filter);
}
