// The tables by which the read model is kept: groups as numbers, of which cluster the rows are, how far they are, what was deleted.

import type { ColumnType, Generated } from 'kysely';
import type { Timestamp } from './object-columns.ts';

export interface IdentityGroupTable {
  id: ColumnType<number, never, never>;
  /** Exactly as the identity provider spells it. */
  name: string;
}

/** One row. */
export interface IndexedClusterTable {
  only_row: Generated<boolean>;
  /** UID of namespace kube-system; null before the first list. */
  cluster_uid: string | null;
  /** Counts histories of the cluster: a restored etcd begins a new one. */
  epoch: number;
  rebuild_started: Timestamp | null;
  /** Before {@link rebuild_started}, or null: a rebuild is under way, and rows of older epochs are stale. */
  rebuild_finished: Timestamp | null;
  /** When the rows were last known to be those of the API server; null before the first time. */
  followed: Timestamp | null;
}

export interface IndexedKindTable {
  table_name: string;
  /** Up to which resource version its rows are complete. */
  resource_version: string;
  /** When all its objects were last listed. */
  listed: Timestamp;
}

export interface TombstoneTable {
  uid: string;
  table_name: string;
  namespace: string;
  name: string;
  uri: string;
  resource_version: string;
  epoch: number;
  deleted: ColumnType<Date, never, never>;
}
