// The documents of a dataset: itself, its tables and its folders. Pure.

import type { CatalogDocument, IndexedDocument } from '../catalog-document.ts';
import { audienceOf } from '../discovery.ts';
import type { DatasetRows, ItemRow } from './dataset-rows.ts';

/** Where the data is (bucket, database) is in none of them: that is for who may read the Dataset. */
export function documentsOf(dataset: DatasetRows): readonly IndexedDocument[] {
  const { uri, name, label, description, items } = dataset;
  const folders = items.filter(({ kind }) => kind === 'Folder').length;
  const source: CatalogDocument = {
    ...common(dataset),
    resourceKind: 'dataset',
    name,
    label,
    description,
    glossary: dataset.terms,
    tables: dataset.tables,
    folders,
    // Votes are of a later version.
    upvotes: 0,
  };
  return [{ id: uri, audience: audienceOf(), source }, ...items.map((item) => itemDocument(dataset, item))];
}

const itemDocument = (
  dataset: DatasetRows,
  { id, kind, name, description, terms, updated }: ItemRow,
): IndexedDocument => ({
  id,
  audience: audienceOf(),
  source: {
    ...common(dataset),
    resourceKind: kind === 'Table' ? 'table' : 'folder',
    name,
    label: name,
    description,
    // Those of the dataset are about the dataset.
    tags: [],
    glossary: terms,
    ...(updated !== null && { updated: updated.toISOString() }),
    tables: null,
    folders: null,
    upvotes: null,
  },
});

/** What an item has of its dataset. */
const common = (dataset: DatasetRows) => ({
  owner: dataset.owner,
  admins: dataset.owner,
  tags: dataset.tags,
  topics: dataset.topics,
  classification: dataset.confidentiality,
  region: dataset.region,
  datasetUri: dataset.uri,
  datasetLabel: dataset.label,
  environmentUri: dataset.environmentUri,
  environmentName: dataset.environmentName,
  organizationUri: dataset.organizationUri,
  organizationName: dataset.organizationName,
  created: dataset.created.toISOString(),
  updated: dataset.updated.toISOString(),
  deleted: null,
});
