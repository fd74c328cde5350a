// Columns of a table, a page of them.

import type { DatasetTableColumnFilter } from '../../../graphql/schema-types.ts';
import { pageOfAll, type Page } from '../../../read-model/page.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { loadersOf } from '../loaders.ts';
import { columnsOf, type ColumnRow, type TableRow } from './table.ts';

/** @param shown names of those that there are for who asks; absent: all */
export async function columnPage(
  context: GatewayContext,
  table: TableRow,
  filter: DatasetTableColumnFilter | null | undefined,
  shown?: ReadonlySet<string>,
): Promise<Page<ColumnRow>> {
  const details = await loadersOf(context).tableDetails.load(table.id);
  const term = filter?.term?.toLowerCase() ?? '';
  const columns = details === undefined ? [] : columnsOf(table, details);
  const matching = columns.filter(
    ({ name, description }) =>
      (shown?.has(name) ?? true) && `${name} ${description ?? ''}`.toLowerCase().includes(term),
  );
  return pageOfAll(matching, filter);
}
