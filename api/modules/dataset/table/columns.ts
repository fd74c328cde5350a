// Columns of a table, a page of them.

import type { DataFilter } from '../../../../operator/resources/dataset-table.ts';
import type { DatasetTableColumnFilter } from '../../../graphql/schema-types.ts';
import { pageOfAll, type Page } from '../../../read-model/page.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { loadersOf } from '../loaders.ts';
import { columnsOf, type ColumnRow, type TableDetails, type TableRow } from './table.ts';

/** @param by filters by which each share shows the table to who asks; absent: all of it */
export async function columnPage(
  context: GatewayContext,
  table: TableRow,
  filter: DatasetTableColumnFilter | null | undefined,
  by?: readonly (readonly string[])[],
): Promise<Page<ColumnRow>> {
  const details = await loadersOf(context).tableDetails.load(table.id);
  const term = filter?.term?.toLowerCase() ?? '';
  const columns = details === undefined ? [] : shownColumns(table, details, by);
  const matching = columns.filter(({ name, description }) =>
    `${name} ${description ?? ''}`.toLowerCase().includes(term),
  );
  return pageOfAll(matching, filter);
}

/** Those of its columns that there are for who asks. */
export function shownColumns(
  table: TableRow,
  details: TableDetails,
  by: readonly (readonly string[])[] | undefined,
): readonly ColumnRow[] {
  const shown = by && namesShown(details.filters ?? [], by);
  return columnsOf(table, details).filter(({ name }) => shown?.has(name) ?? true);
}

/** What any of the shares shows by any of its filters; undefined: every column. A filter that is gone shows none. */
function namesShown(
  filters: readonly DataFilter[],
  by: readonly (readonly string[])[],
): ReadonlySet<string> | undefined {
  const names = by.flat();
  const inEffect = filters.filter(({ name }) => names.includes(name));
  if (by.some((share) => share.length === 0) || inEffect.some(({ columns }) => columns === undefined)) return undefined;
  return new Set(inEffect.flatMap(({ columns }) => columns ?? []));
}
