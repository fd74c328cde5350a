// What the tables of all kinds have in common: the columns, and how they are made of an object's metadata and conditions.

import type { ColumnType } from 'kysely';
import { annotations } from '../../operator/resources/annotations.ts';
import type { ObjectMeta } from '../../operator/resources/kind.ts';
import { idFromUid } from '../../operator/resources/names.ts';
import type { Condition } from '../../operator/resources/status.ts';

/** A Date when read, RFC 3339 when written. */
export type Timestamp = ColumnType<Date, string, string>;

/** Columns of the table of every kind. */
export interface ObjectColumns<T> {
  /** metadata.uid: who is deleted and made anew is another row. */
  uid: string;
  /** The id that clients know (`...Uri`): spec.id, else derived. Unique in its table. */
  uri: string;
  /** Of which history of the cluster it is; below {@link IndexedClusterTable.epoch}: stale. */
  epoch: number;
  /** metadata.resourceVersion, a decimal integer. */
  resource_version: string;
  generation: number;
  /** Empty for kinds without. */
  namespace: string;
  name: string;
  created: Timestamp;
  /** When its spec was last written, as far as the API server says. */
  updated: Timestamp;
  /** Since when it is being deleted. */
  deleting: Timestamp | null;
  /** Who last changed its spec; absent on servers before Kubernetes 1.36. */
  changed_by: string | null;
  /** Condition Ready. */
  ready: Condition['status'];
  reason: string | null;
  message: string | null;
  /** Ids of identity_group whose members may read it by RBAC; platform administrators may read everything and are not among them. */
  viewers: number[];
  /** Of everything that the row was made of, for finding out what has changed. */
  digest: string;
  /** The object without managedFields. */
  object: ColumnType<T, T, T>;
}

/** What the tables are made of: an object as the API server gives it. */
export interface ProjectedObject {
  readonly metadata: ObjectMeta & { readonly namespace?: string; readonly managedFields?: unknown[] };
  readonly spec: unknown;
  readonly status: { readonly id?: string | undefined; readonly conditions?: readonly Condition[] | undefined };
}

/** The columns that a projection makes; who may see the row, and of which epoch it is, is added when it is written. */
export type CommonColumns = ReturnType<typeof commonColumns>;

export const commonColumns = <T extends ProjectedObject>(object: T) => {
  const { metadata, status } = object;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return {
    uid: metadata.uid,
    uri: uriOf(object),
    resource_version: metadata.resourceVersion,
    generation: metadata.generation,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    created: metadata.creationTimestamp,
    updated: specWritten(metadata),
    deleting: metadata.deletionTimestamp ?? null,
    changed_by: metadata.annotations?.[annotations.changedBy] ?? null,
    ready: ready?.status ?? 'Unknown',
    reason: ready?.reason ?? null,
    message: ready?.message ?? null,
    object: withoutManagedFields(object),
  };
};

/** Columns as they are written, as they are read back: for answering with what was just written. */
export const asRead = <Row extends { created: string; updated: string; deleting: string | null }>(row: Row) => ({
  ...row,
  created: new Date(row.created),
  updated: new Date(row.updated),
  deleting: row.deleting === null ? null : new Date(row.deleting),
});

/** The id of the object as clients know it, as the operator derives it; of kinds without `id` from the UID. */
export const uriOf = ({ metadata, spec, status }: ProjectedObject): string =>
  status.id ?? (spec as { id?: string }).id ?? metadata.annotations?.[annotations.id] ?? idFromUid(metadata.uid);

/** An entry of metadata.managedFields, https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
interface ManagedFields {
  readonly time?: string;
  readonly subresource?: string;
}

/** When anybody last wrote its spec or metadata. */
export const specWritten = (metadata: ProjectedObject['metadata']): string =>
  lastWritten(metadata, '') ?? metadata.creationTimestamp;

/** When the operator last wrote its status; undefined where the API server does not say. */
export const statusWritten = (metadata: ProjectedObject['metadata']): string | undefined =>
  lastWritten(metadata, 'status');

const lastWritten = ({ managedFields = [] }: ProjectedObject['metadata'], part: string): string | undefined =>
  (managedFields as readonly ManagedFields[])
    .filter(({ subresource = '' }) => subresource === part)
    .map(({ time }) => time ?? '')
    .toSorted()
    .at(-1);

const withoutManagedFields = <T extends ProjectedObject>(object: T): T => {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};
