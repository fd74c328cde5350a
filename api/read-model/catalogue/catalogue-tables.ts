// The tables of what Glue databases hold, and the view of everything that is known of a dataset's tables.

import type { ColumnType } from 'kysely';
import type { DatasetTable } from '../../../operator/resources/dataset-table.ts';
import type { Timestamp } from '../object-columns.ts';

/** A column as Glue has it. */
export interface CatalogColumn {
  readonly name: string;
  /** E.g. `decimal(10,2)`. */
  readonly type: string;
  readonly comment?: string | undefined;
  /** From 0; absent for a column that the table is not partitioned by. */
  readonly partition?: number | undefined;
}

export interface DatasetCatalogTable {
  dataset_uid: string;
  etag: string;
  tables_synced: Timestamp | null;
  fetched: Timestamp;
}

export interface DatasetCatalogTableTable {
  /** itemId of the dataset's uri, kind Table. */
  id: string;
  dataset_uid: string;
  name: string;
  /** `s3://...` */
  location: string | null;
  /** Glue's. */
  description: string | null;
  /** E.g. `EXTERNAL_TABLE`. */
  type: string | null;
  columns: ColumnType<readonly CatalogColumn[], string, string>;
}

type Never<T> = ColumnType<T, never, never>;

/** A view: the tables and folders of datasets. */
export interface KnownItemView {
  id: Never<string>;
  dataset_uid: Never<string>;
  kind: Never<'Table' | 'Folder'>;
  name: Never<string>;
}

/** A view: the tables of datasets, with the DatasetTable that counts for each. */
export interface KnownTableView {
  id: Never<string>;
  dataset_uid: Never<string>;
  name: Never<string>;
  /** Null, as the next two, until the catalogue was read. */
  location: Never<string | null>;
  type: Never<string | null>;
  columns: Never<readonly CatalogColumn[] | null>;
  /** Of the DatasetTable that counts; null, as the next three: nobody wrote about it. */
  object_name: Never<string | null>;
  created: Never<Date | null>;
  updated: Never<Date | null>;
  changed_by: Never<string | null>;
  /** As people wrote, else Glue's. */
  description: Never<string | null>;
  terms: Never<string[]>;
  described_columns: Never<DatasetTable['spec']['columns'] | null>;
  filters: Never<DatasetTable['spec']['filters'] | null>;
}
