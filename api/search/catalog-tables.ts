// The tables of the catalogue.

import type { ColumnType, Generated } from 'kysely';
import type { CatalogDocument } from './catalog-document.ts';

export interface CatalogDocumentTable {
  id: string;
  version: string;
  digest: string;
  /** In the text form of tsvector. */
  words: string;
  /** `field=value`. */
  terms: string[];
  sort_label: string;
  sort_name: string;
  sort_created: string;
  sort_updated: string;
  source: CatalogDocument;
  dataset_uri: ColumnType<string, never, never>;
  /** The version that OpenSearch has confirmed. */
  sent: string | null;
}

export interface CatalogWordTable {
  word: string;
}

/** What is to be made anew, in the order in which it changed. */
export interface CatalogChangeTable {
  id: Generated<string>;
  dataset_uri: string;
}

/** What is gone, for a day. */
export interface CatalogRemovalTable {
  id: string;
  version: string;
  sent: string | null;
  removed: ColumnType<Date, never, never>;
}

/** One row. */
export interface CatalogRebuildTable {
  only_row: Generated<boolean>;
  wanted: Generated<string>;
  done: Generated<string>;
}
