// What a Data Catalog holds: databases, their tables, the tables' partitions, and the catalog's resource policy.
import type { Database, Partition, Table } from '@aws-sdk/client-glue';
import type { World } from '../../core/world.ts';
import type { CatalogRef, DatabaseRef, TableRef } from './catalog-arn.ts';

export interface TableRecord {
  table: Table;
  /** By their values, joined as in a path: `2026/01`. */
  readonly partitions: Map<string, Partition>;
}

export interface DatabaseRecord {
  database: Database;
  /** By lower-case name. */
  readonly tables: Map<string, TableRecord>;
}

export interface CatalogPolicy {
  /** The document as it was put. */
  readonly json: string;
  readonly hash: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** True when Lake Formation's RAM shares and this policy are meant to live side by side (`EnableHybrid`). */
  readonly hybrid: boolean;
}

export interface CatalogState {
  /** By lower-case name. */
  readonly databases: Map<string, DatabaseRecord>;
  policy: CatalogPolicy | undefined;
  /** Tags by resource ARN. */
  readonly tags: Map<string, Record<string, string>>;
}

export const catalogState = (world: World, ref: CatalogRef): CatalogState =>
  world.state<CatalogState>('glue', ref.catalogId, ref.region, () => ({
    databases: new Map(),
    policy: undefined,
    tags: new Map(),
  }));

export const findDatabase = (world: World, ref: DatabaseRef): DatabaseRecord | undefined =>
  world.accounts.has(ref.catalogId) ? catalogState(world, ref).databases.get(ref.database) : undefined;

export const findTable = (world: World, ref: TableRef): TableRecord | undefined =>
  findDatabase(world, ref)?.tables.get(ref.table);

/** The table a table resource link points to; undefined for an ordinary table. */
export const linkTarget = (ref: TableRef, table: Table): TableRef | undefined => {
  const target = table.TargetTable;
  if (!target?.DatabaseName || !target.Name) return undefined;
  return {
    catalogId: target.CatalogId ?? ref.catalogId,
    region: target.Region ?? ref.region,
    database: target.DatabaseName.toLowerCase(),
    table: target.Name.toLowerCase(),
  };
};

/** The database a database resource link points to; undefined for an ordinary database. */
export const databaseLinkTarget = (ref: DatabaseRef, database: Database): DatabaseRef | undefined => {
  const target = database.TargetDatabase;
  if (!target?.DatabaseName) return undefined;
  return {
    catalogId: target.CatalogId ?? ref.catalogId,
    region: target.Region ?? ref.region,
    database: target.DatabaseName.toLowerCase(),
  };
};

/** All column names of a table: data columns, then partition keys, in lower case. */
export const columnNames = (table: Table): string[] =>
  [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])].map((column) =>
    (column.Name ?? '').toLowerCase(),
  );
