// What a Lake Formation permission is on: catalog, database, table, columns of a table, data location, data cells filter.
import type { Permission, Resource } from '@aws-sdk/client-lakeformation';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { databaseArn, tableArn } from '../glue/catalog-arn.ts';

/**
 * Table name of "all tables of this database". AWS lists such a grant under the name ALL_TABLES
 * (https://github.com/hashicorp/terraform-provider-aws/issues/46245), which as input is the name of a table that does not exist
 * (https://github.com/aws/aws-cdk/issues/16477): only TableWildcard says it.
 */
export const ALL_TABLES = '*';

export type LakeResource =
  | { readonly kind: 'catalog'; readonly catalogId: string }
  | { readonly kind: 'database'; readonly catalogId: string; readonly database: string }
  | { readonly kind: 'table'; readonly catalogId: string; readonly database: string; readonly table: string }
  | {
      readonly kind: 'columns';
      readonly catalogId: string;
      readonly database: string;
      readonly table: string;
      readonly columns: readonly string[];
      /** True: every column but these. */
      readonly excluded: boolean;
    }
  | { readonly kind: 'location'; readonly catalogId: string; readonly arn: string }
  | {
      readonly kind: 'filter';
      readonly catalogId: string;
      readonly database: string;
      readonly table: string;
      readonly filter: string;
    }
  | TagPolicy;

/** Every database, or every table, whose LF-Tags meet the expression: now and later. */
export interface TagPolicy {
  readonly kind: 'tag-policy';
  readonly catalogId: string;
  readonly type: 'DATABASE' | 'TABLE';
  /** Sorted by key; keys and values in lower case. */
  readonly expression: readonly { readonly key: string; readonly values: readonly string[] }[];
}

export type TableLevelResource = Extract<LakeResource, { readonly table: string }>;

/**
 * Permissions each kind accepts; `ALL` is the console's "Super".
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
 */
const TABLE_PERMISSIONS: readonly Permission[] = ['ALL', 'ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'];
const DATABASE_PERMISSIONS: readonly Permission[] = ['ALL', 'ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP'];

export const PERMISSIONS: Readonly<Record<LakeResource['kind'], readonly Permission[]>> = {
  catalog: ['CREATE_DATABASE'],
  database: DATABASE_PERMISSIONS,
  table: TABLE_PERMISSIONS,
  columns: ['SELECT'],
  location: ['DATA_LOCATION_ACCESS'],
  filter: ['ALTER', 'DESCRIBE', 'DROP', 'SELECT'],
  'tag-policy': [...new Set([...DATABASE_PERMISSIONS, ...TABLE_PERMISSIONS])],
};

/** Permissions a resource accepts: a tag policy those of what it is on. */
export const permissionsOn = (resource: LakeResource): readonly Permission[] =>
  resource.kind === 'tag-policy'
    ? PERMISSIONS[resource.type === 'DATABASE' ? 'database' : 'table']
    : PERMISSIONS[resource.kind];

/** "Only DESCRIBE and DROP may be granted on a resource link": https://docs.aws.amazon.com/lake-formation/latest/dg/granting-link-permissions.html */
export const LINK_PERMISSIONS: readonly Permission[] = ['ALL', 'DESCRIBE', 'DROP'];

/**
 * Reads the wire form. Exactly one member must be set; names are lower-cased as Glue does.
 * @param catalogId the catalog of resources that name none
 * @throws InvalidInputException when the resource is malformed
 */
export const parseResource = (resource: Resource | undefined, catalogId: string): LakeResource => {
  const named = Object.entries(resource ?? {}).filter(([, value]) => value !== undefined);
  if (!resource || named.length !== 1) throw invalid('Resource must have exactly one of its members set.');
  const { Database, Table, TableWithColumns, DataLocation, DataCellsFilter } = resource;
  if (resource.Catalog) return { kind: 'catalog', catalogId: resource.Catalog.Id ?? catalogId };
  if (Database)
    return { kind: 'database', catalogId: Database.CatalogId ?? catalogId, database: name(Database.Name, 'Database') };
  if (Table) {
    const wildcard = Table.TableWildcard !== undefined;
    if (Table.TableWildcard !== undefined && Table.Name !== undefined && Table.Name !== 'ALL_TABLES')
      throw invalid('Either table Name or TableWildcard must be set, not both.');
    return {
      kind: 'table',
      catalogId: Table.CatalogId ?? catalogId,
      database: name(Table.DatabaseName, 'Database'),
      table: wildcard ? ALL_TABLES : name(Table.Name, 'Table'),
    };
  }
  if (TableWithColumns) return parseColumns(TableWithColumns, catalogId);
  if (DataLocation)
    return {
      kind: 'location',
      catalogId: DataLocation.CatalogId ?? catalogId,
      arn: (DataLocation.ResourceArn ?? '').replace(/\/$/, ''),
    };
  if (DataCellsFilter)
    return {
      kind: 'filter',
      catalogId: DataCellsFilter.TableCatalogId ?? catalogId,
      database: name(DataCellsFilter.DatabaseName, 'Database'),
      table: name(DataCellsFilter.TableName, 'Table'),
      filter: DataCellsFilter.Name ?? '',
    };
  if (resource.LFTagPolicy) return parsePolicy(resource.LFTagPolicy, catalogId);
  throw notImplemented(`Lake Formation permissions on ${named[0]?.[0] ?? ''}`);
};

const parseColumns = (resource: NonNullable<Resource['TableWithColumns']>, catalogId: string): LakeResource => {
  const table = {
    catalogId: resource.CatalogId ?? catalogId,
    database: name(resource.DatabaseName, 'Database'),
    table: name(resource.Name, 'Table'),
  };
  const excluded = resource.ColumnWildcard?.ExcludedColumnNames ?? [];
  if (resource.ColumnWildcard && (resource.ColumnNames?.length ?? 0) > 0)
    throw invalid('Either ColumnNames or ColumnWildcard must be set, not both.');
  // Every column is the same grant as the table itself.
  if (resource.ColumnWildcard && excluded.length === 0) return { kind: 'table', ...table };
  if (resource.ColumnWildcard) return { kind: 'columns', ...table, columns: sorted(excluded), excluded: true };
  if (!resource.ColumnNames?.length) throw invalid('ColumnNames or ColumnWildcard must be set.');
  return { kind: 'columns', ...table, columns: sorted(resource.ColumnNames), excluded: false };
};

const parsePolicy = (policy: NonNullable<Resource['LFTagPolicy']>, catalogId: string): TagPolicy => {
  const { ResourceType: type, Expression } = policy;
  if (type !== 'DATABASE' && type !== 'TABLE') throw invalid('ResourceType must be DATABASE or TABLE.');
  if (!Expression?.length) throw notImplemented('Lake Formation tag policies without an expression of their own');
  const expression = Expression.map(({ TagKey, TagValues }) => ({
    key: (TagKey ?? '').toLowerCase(),
    values: sorted(TagValues ?? []),
  })).sort((one, other) => (one.key < other.key ? -1 : 1));
  return { kind: 'tag-policy', catalogId: policy.CatalogId ?? catalogId, type, expression };
};

const sorted = (columns: readonly string[]): string[] => columns.map((column) => column.toLowerCase()).sort();

const name = (value: string | undefined, what: string): string => {
  if (!value) throw invalid(`${what} name cannot be empty.`);
  return value.toLowerCase();
};

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);

/** Equal keys mean the same resource. */
export const resourceKey = (resource: LakeResource): string => {
  if (resource.kind === 'catalog') return `catalog ${resource.catalogId}`;
  if (resource.kind === 'database') return `database ${resource.catalogId}/${resource.database}`;
  if (resource.kind === 'table') return `table ${resource.catalogId}/${resource.database}/${resource.table}`;
  if (resource.kind === 'columns') {
    const columns = `${resource.excluded ? 'all but ' : ''}${resource.columns.join(',')}`;
    return `columns ${resource.catalogId}/${resource.database}/${resource.table} (${columns})`;
  }
  if (resource.kind === 'location') return `location ${resource.arn}`;
  if (resource.kind === 'tag-policy')
    return `policy ${resource.catalogId}/${resource.type} ${JSON.stringify(resource.expression)}`;
  return `filter ${resource.catalogId}/${resource.database}/${resource.table}/${resource.filter}`;
};

/**
 * The wire form. AWS lists SELECT on a whole table as TableWithColumns with a wildcard and every other permission as Table;
 * `select` says which half of a table grant is meant.
 */
export const resourceView = (resource: LakeResource, select = false): Resource => {
  if (resource.kind === 'catalog') return { Catalog: {} };
  if (resource.kind === 'database') return { Database: { CatalogId: resource.catalogId, Name: resource.database } };
  if (resource.kind === 'table') {
    const all = resource.table === ALL_TABLES;
    const table = {
      CatalogId: resource.catalogId,
      DatabaseName: resource.database,
      Name: all ? 'ALL_TABLES' : resource.table,
    };
    if (select) return { TableWithColumns: { ...table, ColumnWildcard: {} } };
    return { Table: { ...table, ...(all ? { TableWildcard: {} } : {}) } };
  }
  if (resource.kind === 'columns') {
    const { catalogId, database, table, excluded } = resource;
    const columns = [...resource.columns];
    return {
      TableWithColumns: {
        CatalogId: catalogId,
        DatabaseName: database,
        Name: table,
        ...(excluded ? { ColumnWildcard: { ExcludedColumnNames: columns } } : { ColumnNames: columns }),
      },
    };
  }
  if (resource.kind === 'location')
    return { DataLocation: { CatalogId: resource.catalogId, ResourceArn: resource.arn } };
  if (resource.kind === 'tag-policy')
    return {
      LFTagPolicy: {
        CatalogId: resource.catalogId,
        ResourceType: resource.type,
        Expression: resource.expression.map(({ key, values }) => ({ TagKey: key, TagValues: [...values] })),
      },
    };
  return {
    DataCellsFilter: {
      TableCatalogId: resource.catalogId,
      DatabaseName: resource.database,
      TableName: resource.table,
      Name: resource.filter,
    },
  };
};

/**
 * What RAM shares for a grant: the table, or the database for a database or all its tables; undefined for what RAM does not carry.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-how-works.html
 */
export const sharedArn = (resource: LakeResource, region: string): string | undefined => {
  if (resource.kind === 'database') return databaseArn({ ...resource, region });
  if (resource.kind === 'table' || resource.kind === 'columns' || resource.kind === 'filter')
    return resource.table === ALL_TABLES
      ? databaseArn({ ...resource, region })
      : tableArn({ catalogId: resource.catalogId, database: resource.database, table: resource.table, region });
  return undefined;
};
