// Data cells filters: the rows and columns of a table that a grant may be narrowed to.
// https://docs.aws.amazon.com/lake-formation/latest/dg/data-filters-about.html
import type {
  CreateDataCellsFilterRequest,
  CreateDataCellsFilterResponse,
  DataCellsFilter,
  DeleteDataCellsFilterRequest,
  DeleteDataCellsFilterResponse,
  GetDataCellsFilterRequest,
  GetDataCellsFilterResponse,
  ListDataCellsFilterRequest,
  ListDataCellsFilterResponse,
  UpdateDataCellsFilterRequest,
  UpdateDataCellsFilterResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import type { TableRef } from '../glue/catalog-arn.ts';
import { columnNames, findTable, linkTarget } from '../glue/catalog-state.ts';
import { unshareRevoked } from './cross-account.ts';
import { lakeNeed } from './lake-need.ts';
import { checkAuthority, ownCatalog } from './grant-rules.ts';
import { forgetGrants } from './grants.ts';
import { granteeArn } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { filterKey, grantKey, isAdministrator, lakeState } from './lake-state.ts';
import { lakePage } from './list-permissions.ts';
import { rowExpressionSql, RowExpressionError } from './row-expression.ts';

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);

interface FilterName {
  readonly TableCatalogId?: string | undefined;
  readonly DatabaseName?: string | undefined;
  readonly TableName?: string | undefined;
  readonly Name?: string | undefined;
}

/** Where a filter lives. A filter belongs to a table of the caller's own catalog. */
const tableOf = (call: Call, named: FilterName): TableRef => {
  if ((named.TableCatalogId ?? call.account) !== call.account)
    throw new AwsError('AccessDeniedException', 'Data cells filters can be managed only by the owner of the table.');
  return {
    ...ownCatalog(call),
    database: (named.DatabaseName ?? '').toLowerCase(),
    table: (named.TableName ?? '').toLowerCase(),
  };
};

const keyOf = (ref: TableRef, name: string | undefined): string => filterKey(ref.database, ref.table, name ?? '');

/** To make or change a filter takes SELECT on the whole table with the grant option, or an administrator: data-filtering-notes.html */
const demandTableOwner = (call: Call, ref: TableRef): void => {
  const resource: LakeResource = {
    kind: 'table',
    catalogId: ref.catalogId,
    database: ref.database,
    table: ref.table,
  };
  checkAuthority(call, { resource, permissions: ['SELECT'] });
};

const checked = (call: Call, ref: TableRef, data: DataCellsFilter): DataCellsFilter => {
  const record = findTable(call.world, ref);
  if (!record) throw new AwsError('EntityNotFoundException', 'Table not found.');
  if (linkTarget(ref, record.table)) throw invalid('Data cells filters are not supported on resource links.');
  const columns = columnNames(record.table);
  if (data.ColumnNames?.length && data.ColumnWildcard)
    throw invalid('Either ColumnNames or ColumnWildcard must be set, not both.');
  if (!data.ColumnNames?.length && !data.ColumnWildcard) throw invalid('ColumnNames or ColumnWildcard must be set.');
  const named = [...(data.ColumnNames ?? []), ...(data.ColumnWildcard?.ExcludedColumnNames ?? [])];
  const unknown = named.filter((column) => !columns.includes(column.toLowerCase()));
  if (unknown.length > 0) throw invalid(`Columns ${unknown.join(', ')} do not exist in table ${ref.table}.`);
  const expression = data.RowFilter?.FilterExpression;
  if (expression !== undefined && data.RowFilter?.AllRowsWildcard)
    throw invalid('Either FilterExpression or AllRowsWildcard must be set, not both.');
  if (expression !== undefined) checkExpression(expression, columns);
  return {
    TableCatalogId: ref.catalogId,
    DatabaseName: ref.database,
    TableName: ref.table,
    Name: data.Name,
    RowFilter: expression === undefined ? { AllRowsWildcard: {} } : { FilterExpression: expression },
    ...(data.ColumnWildcard ? { ColumnWildcard: data.ColumnWildcard } : { ColumnNames: data.ColumnNames }),
    VersionId: call.world.id(16).toLowerCase(),
  };
};

const checkExpression = (expression: string, columns: readonly string[]): void => {
  try {
    rowExpressionSql(expression, columns);
  } catch (error) {
    if (!(error instanceof RowExpressionError)) throw error;
    throw invalid(`Invalid row filter expression: ${error.message}`);
  }
};

/** 1..255 characters, single line: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataCellsFilter.html */
const NAME = /^[\u0020-\uD7FF\uE000-\uFFFD]{1,255}$/;

const createDataCellsFilter = operation<CreateDataCellsFilterRequest, CreateDataCellsFilterResponse>({
  needs: lakeNeed('lakeformation:CreateDataCellsFilter'),
  access: 'write',
  handle: (input, call) => {
    const data = input.TableData;
    if (!data || !NAME.test(data.Name ?? '')) throw invalid('The filter needs a name of 1 to 255 characters.');
    const ref = tableOf(call, data);
    const filter = checked(call, ref, data);
    demandTableOwner(call, ref);
    const { filters } = lakeState(call.world, ref);
    const key = keyOf(ref, data.Name);
    if (filters.has(key))
      throw new AwsError('AlreadyExistsException', `Data cells filter ${data.Name ?? ''} already exists.`);
    filters.set(key, filter);
    return {};
  },
});

const found = (call: Call, named: FilterName): { ref: TableRef; key: string; filter: DataCellsFilter } => {
  const ref = tableOf(call, named);
  const key = keyOf(ref, named.Name);
  const filter = lakeState(call.world, ref).filters.get(key);
  if (!filter) throw new AwsError('EntityNotFoundException', `Data cells filter ${named.Name ?? ''} not found.`);
  return { ref, key, filter };
};

const updateDataCellsFilter = operation<UpdateDataCellsFilterRequest, UpdateDataCellsFilterResponse>({
  needs: lakeNeed('lakeformation:UpdateDataCellsFilter'),
  access: 'write',
  handle: (input, call) => {
    const data = input.TableData;
    if (!data) throw invalid('TableData must be set.');
    const { ref, key, filter } = found(call, data);
    demandTableOwner(call, ref);
    if (data.VersionId !== undefined && data.VersionId !== filter.VersionId)
      throw new AwsError('ConcurrentModificationException', 'The filter was changed by another request.');
    lakeState(call.world, ref).filters.set(key, checked(call, ref, data));
    return {};
  },
});

/** A deleted filter takes the grants on it along: nobody keeps access to rows nobody describes. */
const deleteDataCellsFilter = operation<DeleteDataCellsFilterRequest, DeleteDataCellsFilterResponse>({
  needs: lakeNeed('lakeformation:DeleteDataCellsFilter'),
  access: 'write',
  handle: (input, call) => {
    const { ref, key } = found(call, input);
    demandTableOwner(call, ref);
    lakeState(call.world, ref).filters.delete(key);
    const isGone = (resource: LakeResource): boolean =>
      resource.kind === 'filter' && filterKey(resource.database, resource.table, resource.filter) === key;
    for (const grant of forgetGrants(call.world, ref, isGone))
      unshareRevoked(call.world, call.account, call.region, grant.principal, grant.resource);
    return {};
  },
});

const getDataCellsFilter = operation<GetDataCellsFilterRequest, GetDataCellsFilterResponse>({
  needs: lakeNeed('lakeformation:GetDataCellsFilter'),
  access: 'read',
  handle: (input, call) => {
    const { ref, filter } = found(call, input);
    if (!mayRead(call, ref, filter))
      throw new AwsError('AccessDeniedException', 'Insufficient Lake Formation permission(s).');
    return { DataCellsFilter: structuredClone(filter) };
  },
});

const listDataCellsFilter = operation<ListDataCellsFilterRequest, ListDataCellsFilterResponse>({
  needs: lakeNeed('lakeformation:ListDataCellsFilter'),
  access: 'read',
  handle: (input, call) => {
    const { Table } = input;
    const ref = tableOf(call, {
      TableCatalogId: Table?.CatalogId,
      DatabaseName: Table?.DatabaseName,
      TableName: Table?.Name,
    });
    const all = [...lakeState(call.world, ref).filters.values()]
      .filter((filter) => !Table?.DatabaseName || filter.DatabaseName === ref.database)
      .filter((filter) => !Table?.Name || filter.TableName === ref.table)
      .filter((filter) => mayRead(call, ref, filter));
    const { items, next } = lakePage(all, input.NextToken, input.MaxResults);
    return { DataCellsFilters: structuredClone(items), NextToken: next };
  },
});

/** Administrators and holders of a permission on the filter. */
const mayRead = (call: Call, ref: TableRef, filter: DataCellsFilter): boolean => {
  const state = lakeState(call.world, ref);
  const arn = granteeArn(call.principal);
  const resource: LakeResource = {
    kind: 'filter',
    catalogId: ref.catalogId,
    database: filter.DatabaseName ?? '',
    table: filter.TableName ?? '',
    filter: filter.Name ?? '',
  };
  return isAdministrator(state, arn) || state.grants.has(grantKey(arn, resource));
};

export const filterOperations = {
  CreateDataCellsFilter: createDataCellsFilter,
  UpdateDataCellsFilter: updateDataCellsFilter,
  DeleteDataCellsFilter: deleteDataCellsFilter,
  GetDataCellsFilter: getDataCellsFilter,
  ListDataCellsFilter: listDataCellsFilter,
};
