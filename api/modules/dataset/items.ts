// Tables and folders of a dataset in one list.

import type { DatasetFilter } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';

export function listItems(database: Database, datasetUid: string, filter: DatasetFilter | null | undefined) {
  let query = database
    .selectFrom('known_item')
    .select(['id as targetUri', 'name', 'kind as targetType'])
    .where('dataset_uid', '=', datasetUid);
  if (filter?.term) query = query.where(contains('name', filter.term));
  return pageOf(database, query.orderBy('kind', 'desc').orderBy('name'), filter);
}
