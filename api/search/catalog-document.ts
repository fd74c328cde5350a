// What the catalogue knows of a thing that can be discovered, in the fields of data.all's index.

/** As clients get it (`_source`). Fields that do not apply are null. */
export interface CatalogDocument {
  readonly resourceKind: 'dataset' | 'table' | 'folder';
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  /** Who owns it: a group. */
  readonly owner: string;
  /** The group that administers it; the owner. */
  readonly admins: string;
  readonly tags: readonly string[];
  readonly topics: readonly string[];
  /** Paths of glossary terms. */
  readonly glossary: readonly string[];
  /** How confidential it is. */
  readonly classification: string;
  readonly region: string | null;
  /** Of the dataset itself, or of the dataset that it belongs to. */
  readonly datasetUri: string;
  /** As people call that dataset. */
  readonly datasetLabel: string;
  readonly environmentUri: string | null;
  readonly environmentName: string | null;
  readonly organizationUri: string | null;
  readonly organizationName: string | null;
  /** RFC 3339. */
  readonly created: string;
  readonly updated: string;
  /** What is deleted is not in the catalogue; data.all's clients read the field. */
  readonly deleted: null;
  /** How many of each a dataset has. */
  readonly tables: number | null;
  readonly folders: number | null;
  readonly upvotes: number | null;
}

/** A document with what decides about it. */
export interface IndexedDocument {
  /** The `...Uri` of the thing: `_id` of a hit. */
  readonly id: string;
  /** {@link audienceOf}: who may discover it. */
  readonly audience: readonly string[];
  readonly source: CatalogDocument;
}

/** Fields that words are looked for in, those that say most first. */
export const textFields = ['label', 'name', 'tags', 'description'] as const;
export type TextField = (typeof textFields)[number];

/** Fields whose whole values are asked for and counted. */
export const termFields = [
  'resourceKind',
  'tags',
  'topics',
  'glossary',
  'classification',
  'region',
  'owner',
  'admins',
  'datasetUri',
  'environmentUri',
  'environmentName',
  'organizationUri',
  'organizationName',
] as const satisfies readonly (keyof CatalogDocument)[];
export type TermField = (typeof termFields)[number];

export const sortFields = ['label', 'name', 'created', 'updated'] as const satisfies readonly (keyof CatalogDocument)[];
export type SortField = (typeof sortFields)[number];

/** A field's values, as a list. */
export const valuesOf = (
  { source }: Pick<IndexedDocument, 'source'>,
  field: TermField | TextField,
): readonly string[] => {
  const value = source[field];
  if (value === null) return [];
  return typeof value === 'string' ? [value] : value;
};

/** By what hits are sorted: names without regard to case, times as they are. */
export const sortKey = ({ source }: Pick<IndexedDocument, 'source'>, field: SortField): string =>
  field === 'label' || field === 'name' ? source[field].normalize('NFKC').toLowerCase() : source[field];
