// What the gateway knows of a table and of its columns: what Glue has, and what people wrote in its DatasetTable.

import type { Selectable } from 'kysely';
import type { DatasetTable } from '../../../../operator/resources/dataset-table.ts';
import type { CatalogColumn, KnownTableView } from '../../../read-model/catalogue/catalogue-tables.ts';

export const tableColumns = [
  'id',
  'dataset_uid',
  'name',
  'object_name',
  'created',
  'updated',
  'changed_by',
  'description',
  'terms',
] as const satisfies readonly (keyof KnownTableView)[];

export type TableRow = Pick<Selectable<KnownTableView>, (typeof tableColumns)[number]>;

/** What is asked of few tables at a time. */
export type TableDetails = Pick<
  Selectable<KnownTableView>,
  'id' | 'location' | 'type' | 'columns' | 'described_columns' | 'filters'
>;

export interface ColumnRow extends CatalogColumn {
  readonly table: TableRow;
  readonly description: string | null;
}

/** With what people wrote about them. */
export function columnsOf(table: TableRow, { columns, described_columns }: TableDetails): ColumnRow[] {
  const written = new Map(described_columns?.map(({ name, description }) => [name, description]));
  return (columns ?? []).map((column) => ({
    ...column,
    table,
    description: written.get(column.name) ?? column.comment ?? null,
  }));
}

/** Of a column or a filter: the table's uri is part of it, so that it needs no place of its own. */
export const partUri = (tableUri: string, name: string): string => `${tableUri}.${name}`;

/** The uri of the table, and the name of the column or filter in it. */
export function partOf(uri: string): { readonly tableUri: string; readonly name: string } {
  const at = uri.indexOf('.');
  return { tableUri: uri.slice(0, Math.max(at, 0)), name: uri.slice(at + 1) };
}

/** Of the DatasetTable as the API server has just given it. */
export const describedBy = (row: TableRow, { metadata, spec }: DatasetTable): TableRow => ({
  ...row,
  object_name: metadata.name,
  description: spec.description ?? null,
  terms: spec.terms ?? [],
});
