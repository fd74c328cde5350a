// Lake Formation's answer for one principal and one database or table. The second gate, behind IAM, of Glue, Athena and vending.
import type { Permission } from '@aws-sdk/client-lakeformation';
import type { Principal } from '../../core/principal.ts';
import { accountOf } from '../../core/principal.ts';
import type { World } from '../../core/world.ts';
import type { CatalogRef, DatabaseRef, TableRef } from '../glue/catalog-arn.ts';
import { columnNames, findDatabase, findTable } from '../glue/catalog-state.ts';
import { granteeArn, IAM_ALLOWED_PRINCIPALS } from './lake-principal.ts';
import type { LakeResource, TableLevelResource } from './lake-resource.ts';
import { ALL_TABLES } from './lake-resource.ts';
import {
  filterKey,
  grantKey,
  isAdministrator,
  isReadOnlyAdministrator,
  lakeState,
  registrationOf,
} from './lake-state.ts';
import type { Reach } from './reach.ts';
import { expand, reachingGrants } from './reach.ts';

/** Rows a principal may see and the columns it may see of them. */
export interface RowFilter {
  /** Lower-case column names. */
  readonly columns: readonly string[];
  /** Row filter expression as given to CreateDataCellsFilter; `true` = every row. */
  readonly expression: string;
}

/** What a principal may read of a table. */
export type TableAccess =
  /** Lake Formation leaves the table to IAM (IAMAllowedPrincipals holds Super and the principal did not opt in). */
  | { readonly kind: 'iam' }
  | {
      readonly kind: 'lakeformation';
      /** Columns that exist for the principal, lower case, in the table's order. */
      readonly columns: readonly string[];
      /**
       * Empty: every row of `columns`. Otherwise the union: a row is seen when one filter accepts it, and of that row the
       * cells of the columns of the accepting filters; its other cells read as NULL.
       */
      readonly rowFilters: readonly RowFilter[];
    }
  | { readonly kind: 'denied'; readonly reason: string };

/** Metadata permissions: `iam`, or the set that Lake Formation gives (empty = the object does not exist for the caller). */
export type MetadataAccess =
  { readonly kind: 'iam' } | { readonly kind: 'lakeformation'; readonly permissions: ReadonlySet<Permission> };

/**
 * What `principal` may read of a table by Lake Formation. Resource links are not followed: ask for the target.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/how-it-works.html
 */
export const tableAccess = (world: World, principal: Principal, ref: TableRef): TableAccess => {
  const record = findTable(world, ref);
  if (!record) return { kind: 'denied', reason: `Table ${ref.table} not found.` };
  if (leftToIam(world, principal, tableResource(ref), ref)) return { kind: 'iam' };

  const all = columnNames(record.table);
  const reads = reachingGrants(world, principal, ref).flatMap((reach) => readsOf(world, ref, reach, all));
  if (reads.length === 0)
    return { kind: 'denied', reason: `Insufficient Lake Formation permission(s): Required Select on ${ref.table}` };
  const visible = new Set(reads.flatMap((read) => read.columns));
  const unfiltered = new Set(reads.filter((read) => read.expression === 'true').flatMap((read) => read.columns));
  return {
    kind: 'lakeformation',
    columns: all.filter((column) => visible.has(column)),
    rowFilters: visible.size === unfiltered.size ? [] : reads,
  };
};

/** The rows and columns one grant opens of one table. */
const readsOf = (world: World, ref: TableRef, reach: Reach, all: readonly string[]): RowFilter[] => {
  const { resource } = reach;
  if (!isOnTable(resource, ref) || !expand(resource, reach.permissions).includes('SELECT')) return [];
  if (resource.kind === 'table') return [{ columns: all, expression: 'true' }];
  if (resource.kind === 'columns')
    return [{ columns: chosen(all, resource.columns, resource.excluded), expression: 'true' }];
  const filter = lakeState(world, ref).filters.get(filterKey(ref.database, ref.table, resource.filter));
  if (!filter) return [];
  const excluded = filter.ColumnWildcard?.ExcludedColumnNames ?? [];
  const columns = filter.ColumnWildcard ? chosen(all, excluded, true) : chosen(all, filter.ColumnNames ?? [], false);
  return [{ columns, expression: filter.RowFilter?.FilterExpression ?? 'true' }];
};

const chosen = (all: readonly string[], names: readonly string[], excluded: boolean): string[] => {
  const named = new Set(names.map((name) => name.toLowerCase()));
  return all.filter((column) => named.has(column) !== excluded);
};

/**
 * Metadata permissions on a table. Any permission on it lets the caller describe it.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
 */
export const tableMetadata = (world: World, principal: Principal, ref: TableRef): MetadataAccess => {
  if (leftToIam(world, principal, tableResource(ref), ref)) return { kind: 'iam' };
  const permissions = new Set(
    reachingGrants(world, principal, ref)
      .filter((reach) => isOnTable(reach.resource, ref))
      .flatMap((reach) => expand(reach.resource, reach.permissions)),
  );
  if (permissions.size > 0 || seesAll(world, principal, ref)) permissions.add('DESCRIBE');
  return { kind: 'lakeformation', permissions };
};

/**
 * Columns a caller may know of: all of them for holders of a permission on the table itself, else those its column and filter
 * grants name. https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html
 */
export const describedColumns = (world: World, principal: Principal, ref: TableRef): readonly string[] => {
  const record = findTable(world, ref);
  if (!record) return [];
  const all = columnNames(record.table);
  const reaches = reachingGrants(world, principal, ref).filter((reach) => isOnTable(reach.resource, ref));
  const limited =
    reaches.length > 0 &&
    !reaches.some((reach) => reach.resource.kind === 'table') &&
    !seesAll(world, principal, ref) &&
    !leftToIam(world, principal, tableResource(ref), ref);
  if (!limited) return all;
  const seen = new Set(reaches.flatMap((reach) => readsOf(world, ref, reach, all)).flatMap((read) => read.columns));
  return all.filter((column) => seen.has(column));
};

/** Metadata permissions on a database. Whoever may do something with one of its tables may describe it. */
export const databaseMetadata = (world: World, principal: Principal, ref: DatabaseRef): MetadataAccess => {
  if (leftToIam(world, principal, { kind: 'database', catalogId: ref.catalogId, database: ref.database }, ref))
    return { kind: 'iam' };
  const inside = reachingGrants(world, principal, ref).filter(
    ({ resource }) => 'database' in resource && resource.database === ref.database,
  );
  const permissions = new Set(
    inside
      .filter(({ resource }) => resource.kind === 'database')
      .flatMap((reach) => expand(reach.resource, reach.permissions)),
  );
  if (inside.length > 0 || seesAll(world, principal, ref) || seesATableByIam(world, principal, ref))
    permissions.add('DESCRIBE');
  return { kind: 'lakeformation', permissions };
};

/** May the caller make databases in the catalog? */
export const mayCreateDatabase = (world: World, principal: Principal, ref: CatalogRef): boolean => {
  const state = lakeState(world, ref);
  return (
    !state.initialGrantRevoked ||
    isAdministrator(state, granteeArn(principal)) ||
    reachingGrants(world, principal, ref).some(
      (reach) => reach.resource.kind === 'catalog' && reach.permissions.includes('CREATE_DATABASE'),
    )
  );
};

const tableResource = (ref: TableRef): TableLevelResource => ({
  kind: 'table',
  catalogId: ref.catalogId,
  database: ref.database,
  table: ref.table,
});

const isOnTable = (resource: LakeResource, ref: TableRef): resource is TableLevelResource =>
  'table' in resource &&
  resource.database === ref.database &&
  (resource.table === ref.table || resource.table === ALL_TABLES);

/** Administrators "have Describe on all objects" of their catalog: implicit-permissions.html */
const seesAll = (world: World, principal: Principal, ref: CatalogRef): boolean => {
  if (accountOf(principal) !== ref.catalogId) return false;
  const state = lakeState(world, ref);
  const arn = granteeArn(principal);
  return isAdministrator(state, arn) || isReadOnlyAdministrator(state, arn);
};

const seesATableByIam = (world: World, principal: Principal, ref: DatabaseRef): boolean =>
  [...(findDatabase(world, ref)?.tables.keys() ?? [])].some((table) =>
    leftToIam(world, principal, tableResource({ ...ref, table }), ref),
  );

/**
 * "Super to IAMAllowedPrincipals" leaves a resource to IAM alone, metadata and data alike:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/upgrade-glue-lake-formation-background.html
 * Hybrid access mode takes the principals that opted in out of it:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html
 */
const leftToIam = (world: World, principal: Principal, resource: LakeResource, catalog: CatalogRef): boolean => {
  const { grants, optIns } = lakeState(world, catalog);
  const covering = coveringResources(resource);
  const isSuper = (entry: LakeResource): boolean =>
    grants.get(grantKey(IAM_ALLOWED_PRINCIPALS, entry))?.permissions.includes('ALL') === true;
  if (!covering.some(isSuper)) return false;
  if (!isHybrid(world, resource, catalog)) return true;
  const account = accountOf(principal) ?? '';
  const names = [granteeArn(principal), account, `${account}:IAMPrincipals`];
  return !covering.some((entry) => names.some((name) => optIns.has(grantKey(name, entry))));
};

/**
 * Opt-ins count where the location is registered in hybrid access mode. Of a database they need no location, and of a table whose location
 * Lake Formation does not have there is nothing else to go by.
 */
const isHybrid = (world: World, resource: LakeResource, catalog: CatalogRef): boolean => {
  if (resource.kind !== 'table') return true;
  const record = findTable(world, { ...catalog, database: resource.database, table: resource.table });
  const location = record?.table.StorageDescriptor?.Location;
  return location === undefined || registrationOf(world, catalog, location)?.hybrid !== false;
};

/** The resource and the wildcard that includes it. */
const coveringResources = (resource: LakeResource): LakeResource[] =>
  resource.kind === 'table' ? [resource, { ...resource, table: ALL_TABLES }] : [resource];
