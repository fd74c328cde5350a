// Datasets as rows, and what can be asked for of each: its tables, its folders, its bucket. The environment is the one of the namespace's name.

import { datasetKind, type Dataset } from '../../../operator/resources/dataset.ts';
import type { ItemKind } from '../../../operator/resources/share-item.ts';
import { itemId } from '../item-id.ts';
import { commonColumns, type ObjectColumns, type Timestamp, uriOf } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface DatasetRowTable extends ObjectColumns<Dataset> {
  label: string;
  description: string | null;
  /** The owning group. */
  owner: string;
  /** Groups that also decide about requests. */
  stewards: string[];
  origin: Dataset['spec']['s3']['origin'];
  /** AWS account id; null until the operator has seen it. */
  account: string | null;
  region: string | null;
  bucket: string | null;
  key_arn: string | null;
  glue_database: string | null;
  role_arn: string | null;
  /** What is in effect. */
  lake_formation: string | null;
  confidentiality: string;
  language: string | null;
  topics: string[];
  /** Glossary terms, by path. */
  terms: string[];
  /** Words people search by. */
  tags: string[];
  auto_approval: boolean;
  /** How many tables its database has; {@link DatasetItemTable} has the first 500. */
  tables: number;
  tables_synced: Timestamp | null;
  /** Requests that wait for a decision. */
  requests_pending: number;
  stack_status: string | null;
  /** Approved shares. */
  in_use: number;
}

/** What can be asked for of a dataset. */
export interface DatasetItemTable {
  /** {@link itemId} of the dataset's uri. */
  id: string;
  /** uid of the dataset. */
  parent_uid: string;
  kind: ItemKind;
  name: string;
  /** Of a folder. */
  prefix: string | null;
  /** Of a folder; what is said of a table is in dataset_table. */
  description: string | null;
}

export const datasetRow = (dataset: Dataset) => {
  const { spec, status } = dataset;
  return {
    ...commonColumns(dataset),
    label: spec.label,
    description: spec.description ?? null,
    owner: spec.owner,
    stewards: spec.stewards ?? [],
    origin: spec.s3.origin,
    account: status.account ?? null,
    region: status.region ?? null,
    bucket: status.bucket ?? spec.s3.bucket?.name ?? null,
    key_arn: status.keyArn ?? spec.s3.kmsKey?.arn ?? null,
    glue_database: status.glueDatabase ?? spec.s3.glueDatabase?.name ?? null,
    role_arn: status.roleArn ?? spec.s3.roleArn ?? null,
    lake_formation: status.lakeFormation ?? spec.s3.lakeFormation ?? null,
    confidentiality: spec.confidentiality,
    language: spec.language ?? null,
    topics: spec.topics ?? [],
    terms: spec.terms ?? [],
    tags: spec.catalogTags ?? [],
    auto_approval: spec.sharing?.autoApproval ?? false,
    tables: status.tables?.count ?? 0,
    tables_synced: status.tables?.syncedAt ?? null,
    requests_pending: status.requests?.pending ?? 0,
    stack_status: status.stack?.status ?? null,
    in_use: status.inUse ?? 0,
  };
};

export const datasetProjection = defineProjection({
  kind: datasetKind,
  table: 'dataset',
  row: datasetRow,
  children: (dataset) => [{ table: 'dataset_item', rows: itemsOf(dataset) }],
});

function itemsOf(dataset: Dataset): readonly DatasetItemTable[] {
  const { metadata, spec, status } = dataset;
  const parent = uriOf(dataset);
  const item = (kind: ItemKind, name: string, prefix: string | null, description: string | null): DatasetItemTable => ({
    id: itemId(parent, kind, name),
    parent_uid: metadata.uid,
    kind,
    name,
    prefix,
    description,
  });
  const bucket = status.bucket ?? spec.s3.bucket?.name;
  return [
    ...(bucket === undefined ? [] : [item('Bucket', bucket, null, null)]),
    ...(spec.folders ?? []).map(({ name, prefix, description }) => item('Folder', name, prefix, description ?? null)),
    ...(status.tables?.names ?? []).map((name) => item('Table', name, null, null)),
  ];
}
