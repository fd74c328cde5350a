// The rows that documents are made of.

import { sql } from 'kysely';
import type { Database } from '../../read-model/database.ts';

/** A dataset that is there to stay, with all that its documents say. */
export interface DatasetRows {
  readonly uri: string;
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly owner: string;
  readonly confidentiality: string;
  readonly region: string | null;
  readonly topics: readonly string[];
  readonly terms: readonly string[];
  readonly tags: readonly string[];
  readonly tables: number;
  readonly created: Date;
  readonly updated: Date;
  readonly environmentUri: string | null;
  readonly environmentName: string | null;
  readonly organizationUri: string | null;
  readonly organizationName: string | null;
  readonly items: readonly ItemRow[];
}

export interface ItemRow {
  readonly id: string;
  readonly kind: 'Table' | 'Folder';
  readonly name: string;
  /** What people wrote about it, else what Glue says. */
  readonly description: string | null;
  readonly terms: readonly string[];
  /** When somebody last wrote about it. */
  readonly updated: Date | null;
}

type Dataset = Omit<DatasetRows, 'items'> & { readonly uid: string };

/** @param uris of datasets; those that are gone or going have no rows */
export async function datasetRows(database: Database, uris: readonly string[]): Promise<readonly DatasetRows[]> {
  const { rows: datasets } = await sql<Dataset>`
    select dataset.uid, dataset.uri, dataset.name, dataset.label, dataset.description, dataset.owner, dataset.confidentiality,
      coalesce(dataset.region, environment.region) as region, dataset.topics, dataset.terms, dataset.tags, dataset.tables,
      dataset.created, dataset.updated, environment.uri as "environmentUri", environment.label as "environmentName",
      organization.uri as "organizationUri", organization.label as "organizationName"
    from dataset
    left join environment on environment.name = dataset.namespace
    left join organization on organization.name = environment.organization
    where dataset.uri = any(${uris}::text[]) and dataset.deleting is null`.execute(database);
  const uids = datasets.map(({ uid }) => uid);
  const { rows: items } = await sql<ItemRow & { dataset: string }>`
    select id, dataset_uid as dataset, 'Table' as kind, name, description, terms, updated from known_table where dataset_uid = any(${uids}::text[])
    union all
    select id, parent_uid, kind, name, description, '{}', null from dataset_item where kind = 'Folder' and parent_uid = any(${uids}::text[])`.execute(
    database,
  );
  const byDataset = Map.groupBy(items, ({ dataset }) => dataset);
  return datasets.map(({ uid, ...dataset }) => ({ ...dataset, items: byDataset.get(uid) ?? [] }));
}
