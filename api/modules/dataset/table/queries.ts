// Tables of the read model.

import { sql } from 'kysely';
import type { DatasetTableFilter } from '../../../graphql/schema-types.ts';
import type { Database } from '../../../read-model/database.ts';
import { pageOf, pagesOf, type Page, sortsOf } from '../../../read-model/page.ts';
import { contains } from '../../../read-model/text.ts';
import { visible, type Viewer } from '../../../read-model/viewer.ts';
import { tableColumns, type TableDetails, type TableRow } from './table.ts';

const all = (database: Database) => database.selectFrom('known_table').select(tableColumns);

export const tableByUri = (database: Database, uri: string): Promise<TableRow | undefined> =>
  all(database).where('id', '=', uri).executeTakeFirst();

export const tableDetails = (database: Database, uris: readonly string[]): Promise<readonly TableDetails[]> =>
  database
    .selectFrom('known_table')
    .select(['id', 'location', 'type', 'columns', 'described_columns', 'filters'])
    .where(sql<boolean>`id = any(${uris}::text[])`)
    .execute();

export async function listTables(
  database: Database,
  viewer: Viewer,
  filter: DatasetTableFilter | null | undefined,
): Promise<Page<TableRow>> {
  const seen = sql<boolean>`dataset_uid in (select uid from dataset where ${visible('dataset', viewer)})`;
  return pageOf(database, ordered(matching(database, filter).where(seen), filter), filter);
}

/** A page of the tables of each dataset. In an order that is asked for, one after the other. */
export async function tablesOf(
  database: Database,
  datasetUids: readonly string[],
  filter: DatasetTableFilter | null | undefined,
): Promise<readonly Page<TableRow>[]> {
  const query = matching(database, filter);
  if (filter?.sort?.length)
    return Promise.all(
      datasetUids.map((uid) => pageOf(database, ordered(query.where('dataset_uid', '=', uid), filter), filter)),
    );
  const all = query.where(sql<boolean>`dataset_uid = any(${datasetUids}::text[])`);
  return pagesOf(database, all, 'dataset_uid', datasetUids, filter);
}

type Filter = DatasetTableFilter | null | undefined;

function matching(database: Database, filter: Filter) {
  const query = all(database);
  return filter?.term ? query.where(contains(sql`concat_ws(' ', name, description)`, filter.term)) : query;
}

function ordered(query: ReturnType<typeof matching>, filter: Filter) {
  let sorted = query;
  for (const { field, direction } of sortsOf(filter?.sort))
    if (field) sorted = sorted.orderBy(field === 'label' ? 'name' : field, direction ?? 'asc');
  return sorted.orderBy('name').orderBy('id');
}
