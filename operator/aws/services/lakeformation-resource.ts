// What Lake Formation grants on, as a union of ours and as the SDK writes it.
import type { DataCellsFilter as SdkFilter, LakeFormationOptInsInfo, Resource } from '@aws-sdk/client-lakeformation';

export interface TableName {
  /** Account id of the catalog. */
  readonly catalogId: string;
  readonly database: string;
  readonly table: string;
}

/** Something permissions are granted on. `Other`: LF-tags and catalogs of other kinds, which we only look at. */
export type LakeResource =
  | { readonly kind: 'Catalog'; readonly catalogId: string }
  | { readonly kind: 'Database'; readonly catalogId: string; readonly database: string }
  | ({ readonly kind: 'Table' } & TableName)
  | { readonly kind: 'AllTables'; readonly catalogId: string; readonly database: string }
  /** Either these columns, or all but `except` (none: all). */
  | ({ readonly kind: 'Columns'; readonly columns: readonly string[] } & TableName)
  | ({ readonly kind: 'AllColumns'; readonly except: readonly string[] } & TableName)
  | ({ readonly kind: 'Filter'; readonly filter: string } & TableName)
  | { readonly kind: 'Location'; readonly catalogId: string; readonly arn: string }
  | { readonly kind: 'Other'; readonly raw: Resource };

/** A data cells filter: the rows and the columns it lets through. */
export interface DataCellsFilter extends TableName {
  readonly name: string;
  /** A PartiQL expression, e.g. `region = 'eu'`; undefined = all rows. */
  readonly rows: string | undefined;
  /** Names, or all but some. */
  readonly columns: readonly string[] | { readonly except: readonly string[] };
  /** Changes with every update; absent when making one. */
  readonly version?: string | undefined;
}

/** For whom Lake Formation decides about a database or table that is left to IAM for everybody else. */
export interface LakeOptIn {
  readonly principal: string;
  readonly resource: LakeResource;
  /** ARN of who made it. */
  readonly by: string;
}

export function toSdkResource(resource: LakeResource): Resource {
  switch (resource.kind) {
    case 'Catalog':
      return { Catalog: { Id: resource.catalogId } };
    case 'Database':
      return { Database: { CatalogId: resource.catalogId, Name: resource.database } };
    case 'Table':
      return { Table: tableOf(resource) };
    case 'AllTables':
      return { Table: { CatalogId: resource.catalogId, DatabaseName: resource.database, TableWildcard: {} } };
    case 'Columns':
      return { TableWithColumns: { ...tableOf(resource), ColumnNames: [...resource.columns] } };
    case 'AllColumns':
      return {
        TableWithColumns: {
          ...tableOf(resource),
          ColumnWildcard: resource.except.length === 0 ? {} : { ExcludedColumnNames: [...resource.except] },
        },
      };
    case 'Filter':
      return {
        DataCellsFilter: {
          TableCatalogId: resource.catalogId,
          DatabaseName: resource.database,
          TableName: resource.table,
          Name: resource.filter,
        },
      };
    case 'Location':
      return { DataLocation: { CatalogId: resource.catalogId, ResourceArn: resource.arn } };
    case 'Other':
    default:
      return resource.raw;
  }
}

export function fromSdkResource(raw: Resource): LakeResource {
  const { Catalog, Database, Table, TableWithColumns, DataCellsFilter: Filter, DataLocation } = raw;
  if (Database !== undefined)
    return { kind: 'Database', catalogId: Database.CatalogId ?? '', database: Database.Name ?? '' };
  const all = allTablesOf(raw);
  if (all !== undefined) return { kind: 'AllTables', catalogId: all.CatalogId ?? '', database: all.DatabaseName ?? '' };
  if (Table !== undefined) return { kind: 'Table', ...tableName(Table) };
  if (TableWithColumns?.ColumnWildcard !== undefined)
    return {
      kind: 'AllColumns',
      ...tableName(TableWithColumns),
      except: TableWithColumns.ColumnWildcard.ExcludedColumnNames ?? [],
    };
  if (TableWithColumns !== undefined)
    return { kind: 'Columns', ...tableName(TableWithColumns), columns: TableWithColumns.ColumnNames ?? [] };
  if (Filter !== undefined)
    return {
      kind: 'Filter',
      catalogId: Filter.TableCatalogId ?? '',
      database: Filter.DatabaseName ?? '',
      table: Filter.TableName ?? '',
      filter: Filter.Name ?? '',
    };
  if (DataLocation !== undefined)
    return { kind: 'Location', catalogId: DataLocation.CatalogId ?? '', arn: DataLocation.ResourceArn ?? '' };
  if (Catalog !== undefined) return { kind: 'Catalog', catalogId: Catalog.Id ?? '' };
  return { kind: 'Other', raw };
}

/**
 * How AWS lists what is granted on all tables: under a name that no table has, and SELECT as on all columns of that
 * (https://github.com/hashicorp/terraform-provider-aws/issues/46245). It does not take that name back.
 */
function allTablesOf({ Table, TableWithColumns }: Resource): SdkTable | undefined {
  if (Table?.TableWildcard !== undefined) return Table;
  return [Table, TableWithColumns].find((table) => table?.Name === 'ALL_TABLES');
}

export function toSdkFilter({ catalogId, database, table, name, rows, columns, version }: DataCellsFilter): SdkFilter {
  return {
    TableCatalogId: catalogId,
    DatabaseName: database,
    TableName: table,
    Name: name,
    // An absent row filter is an error; all rows are said so.
    RowFilter: rows === undefined ? { AllRowsWildcard: {} } : { FilterExpression: rows },
    ...('except' in columns
      ? { ColumnWildcard: { ExcludedColumnNames: [...columns.except] } }
      : { ColumnNames: [...columns] }),
    VersionId: version,
  };
}

export const fromSdkFilter = (filter: SdkFilter): DataCellsFilter => ({
  catalogId: filter.TableCatalogId ?? '',
  database: filter.DatabaseName ?? '',
  table: filter.TableName ?? '',
  name: filter.Name ?? '',
  // Lake Formation answers both for "all rows": the wildcard, and the expression TRUE it becomes.
  rows: filter.RowFilter?.AllRowsWildcard === undefined ? filter.RowFilter?.FilterExpression : undefined,
  columns:
    filter.ColumnWildcard === undefined
      ? (filter.ColumnNames ?? [])
      : { except: filter.ColumnWildcard.ExcludedColumnNames ?? [] },
  version: filter.VersionId,
});

interface SdkTable {
  readonly CatalogId?: string | undefined;
  readonly DatabaseName: string | undefined;
  readonly Name?: string | undefined;
}

const tableName = (table: SdkTable): TableName => ({
  catalogId: table.CatalogId ?? '',
  database: table.DatabaseName ?? '',
  table: table.Name ?? '',
});

const tableOf = ({ catalogId, database, table }: TableName) => ({
  CatalogId: catalogId,
  DatabaseName: database,
  Name: table,
});

export const toOptIn = ({ Principal, Resource, LastUpdatedBy = '' }: LakeFormationOptInsInfo): LakeOptIn => ({
  principal: Principal?.DataLakePrincipalIdentifier ?? '',
  resource: fromSdkResource(Resource ?? {}),
  by: LastUpdatedBy,
});
