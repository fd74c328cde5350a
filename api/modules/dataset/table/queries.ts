// Tables of the read model.

import { sql } from 'kysely';
import type { DatasetTableFilter } from '../../../graphql/schema-types.ts';
import type { Database } from '../../../read-model/database.ts';
import { pageOf, type Page } from '../../../read-model/page.ts';
import { contains } from '../../../read-model/text.ts';
import { visible, type Viewer } from '../../../read-model/viewer.ts';
import { tableColumns, type TableDetails, type TableRow } from './table.ts';

const all = (database: Database) => database.selectFrom('known_table').select(tableColumns);

export const tableByUri = (database: Database, uri: string): Promise<TableRow | undefined> =>
  all(database).where('id', '=', uri).executeTakeFirst();

export const tableDetails = (database: Database, uris: readonly string[]): Promise<readonly TableDetails[]> =>
  database
    .selectFrom('known_table')
    .select(['id', 'location', 'type', 'columns', 'described_columns'])
    .where(sql<boolean>`id = any(${uris}::text[])`)
    .execute();

/** @param of one dataset, or all that somebody may see */
export function listTables(
  database: Database,
  of: { readonly datasetUid: string } | { readonly viewer: Viewer },
  filter: DatasetTableFilter | null | undefined,
): Promise<Page<TableRow>> {
  let query = all(database);
  if ('datasetUid' in of) query = query.where('dataset_uid', '=', of.datasetUid);
  else
    query = query.where(sql<boolean>`dataset_uid in (select uid from dataset where ${visible('dataset', of.viewer)})`);
  if (filter?.term) query = query.where(contains(sql`concat_ws(' ', name, description)`, filter.term));
  for (const { field, direction } of (filter?.sort ?? []).flatMap((one) => one ?? []))
    if (field) query = query.orderBy(field === 'label' ? 'name' : field, direction ?? 'asc');
  return pageOf(database, query.orderBy('name').orderBy('id'), filter);
}
