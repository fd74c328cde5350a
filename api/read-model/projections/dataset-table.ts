// What people say about tables, as rows. A table nobody wrote about has none here; all tables are in dataset_item.

import { datasetTableKind, type DatasetTable } from '../../../operator/resources/dataset-table.ts';
import { commonColumns, type ObjectColumns } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface DatasetTableTable extends ObjectColumns<DatasetTable> {
  /** Name of its Dataset, in the same namespace. */
  dataset: string;
  /** Name of the table in the Glue database. */
  table_name: string;
  description: string | null;
  /** Glossary terms, by path. */
  terms: string[];
  /** Names of its filters. */
  filters: string[];
}

export const datasetTableProjection = defineProjection({
  kind: datasetTableKind,
  table: 'dataset_table',
  row: (table) => {
    const { spec } = table;
    return {
      ...commonColumns(table),
      dataset: spec.datasetRef.name,
      table_name: spec.table,
      description: spec.description ?? null,
      terms: spec.terms ?? [],
      filters: (spec.filters ?? []).map(({ name }) => name),
    };
  },
});
