// Glue table operations. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-tables.html
import type {
  BatchDeleteTableRequest,
  BatchDeleteTableResponse,
  Column,
  CreateTableRequest,
  CreateTableResponse,
  DeleteTableRequest,
  DeleteTableResponse,
  GetTableRequest,
  GetTableResponse,
  GetTablesRequest,
  GetTablesResponse,
  GetTableVersionsRequest,
  GetTableVersionsResponse,
  Table,
  TableError,
  TableInput,
  UpdateTableRequest,
  UpdateTableResponse,
} from '@aws-sdk/client-glue';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { describedColumns } from '../lakeformation/access.ts';
import {
  demandLocation,
  demandOnDatabase,
  demandOnTable,
  forgetTable,
  grantOnCreation,
  isTableAllowed,
} from '../lakeformation/gate.ts';
import { granteeArn } from '../lakeformation/lake-principal.ts';
import { registrationOf } from '../lakeformation/lake-state.ts';
import type { TableRef } from './catalog-arn.ts';
import { databaseNeeds, databaseOf, tableNeeds, tableOf } from './catalog-needs.ts';
import { linkTarget } from './catalog-state.ts';
import { LARGEST_PAGE } from './database-operations.ts';
import type { FoundTable } from './link-following.ts';
import { behindDatabaseLink, behindLinks, existingDatabase, existingTable, visibleTarget } from './link-following.ts';

const createTable = operation<CreateTableRequest, CreateTableResponse>({
  needs: (input, call) =>
    tableNeeds(call, 'glue:CreateTable', tableOf(call, input.CatalogId, input.DatabaseName, input.TableInput?.Name)),
  access: 'write',
  handle: (input, call) => {
    refuseMembers(call, input, ['OpenTableFormatInput', 'PartitionIndexes']);
    const given = input.TableInput ?? { Name: undefined };
    const named = tableOf(call, input.CatalogId, input.DatabaseName, given.Name);
    const ref = { ...behindDatabaseLink(call, 'glue:CreateTable', named), table: named.table };
    const database = existingDatabase(call, ref);
    if (given.TargetTable && ref.database !== named.database)
      throw new AwsError(
        'InvalidInputException',
        'A resource link cannot be created through a database resource link.',
      );
    demandOnDatabase(call, ref, 'CREATE_TABLE');
    if (database.tables.has(ref.table)) throw new AwsError('AlreadyExistsException', 'Table already exists.');
    demandLocation(call, ref, given.StorageDescriptor?.Location, database.database.LocationUri);
    const table = fromInput(call, ref, given, 0, call.world.clock.now());
    database.tables.set(ref.table, { table, partitions: new Map() });
    grantOnCreation(
      call,
      ref,
      { kind: 'table', catalogId: ref.catalogId, database: ref.database, table: ref.table },
      database.database.CreateTableDefaultPermissions ?? [],
    );
    return {};
  },
});

const fromInput = (call: Call, ref: TableRef, input: TableInput, version: number, createdAt: number): Table => ({
  Name: ref.table,
  DatabaseName: ref.database,
  CatalogId: ref.catalogId,
  Description: input.Description,
  Owner: input.Owner,
  CreateTime: new Date(createdAt),
  UpdateTime: new Date(call.world.clock.now()),
  Retention: input.Retention ?? 0,
  StorageDescriptor: input.StorageDescriptor,
  PartitionKeys: input.PartitionKeys ?? [],
  ViewOriginalText: input.ViewOriginalText,
  ViewExpandedText: input.ViewExpandedText,
  TableType: input.TableType,
  Parameters: input.Parameters ?? {},
  CreatedBy: granteeArn(call.principal),
  TargetTable: input.TargetTable,
  VersionId: String(version),
});

/**
 * "If the table is a resource link, the operation follows the link and returns the target table properties." Without rights on
 * the target the caller, who may describe the link, gets the link's own properties.
 */
const getTable = operation<GetTableRequest, GetTableResponse>({
  needs: (input, call) =>
    tableNeeds(call, 'glue:GetTable', tableOf(call, input.CatalogId, input.DatabaseName, input.Name)),
  access: 'read',
  handle: (input, call) => {
    const named = tableOf(call, input.CatalogId, input.DatabaseName, input.Name);
    const ref = { ...behindDatabaseLink(call, 'glue:GetTable', named), table: named.table };
    const found = existingTable(call, ref);
    demandOnTable(call, ref, 'DESCRIBE');
    return { Table: described(call, 'glue:GetTable', found) };
  },
});

const getTables = operation<GetTablesRequest, GetTablesResponse>({
  needs: (input, call) => databaseNeeds(call, 'glue:GetTables', databaseOf(call, input.CatalogId, input.DatabaseName)),
  access: 'read',
  handle: (input, call) => {
    const named = databaseOf(call, input.CatalogId, input.DatabaseName);
    const database = behindDatabaseLink(call, 'glue:GetTables', named);
    const record = existingDatabase(call, database);
    demandOnDatabase(call, database, 'DESCRIBE');
    const expression = input.Expression ? new RegExp(`^(?:${input.Expression.replaceAll('*', '.*')})$`) : undefined;
    const seen = [...record.tables]
      .filter(([name]) => !expression || expression.test(name))
      .map(([name, table]) => ({ ref: { ...database, table: name }, record: table }))
      .filter(({ ref }) => tableNeeds(call, 'glue:GetTables', ref).every((need) => call.isAllowed(need)))
      .filter(({ ref }) => isTableAllowed(call, ref, 'DESCRIBE'))
      .sort((one, other) => (one.ref.table < other.ref.table ? -1 : 1));
    const { items, next } = page(seen, input.NextToken, input.MaxResults ?? LARGEST_PAGE, 'InvalidInputException');
    return { TableList: items.map((entry) => described(call, 'glue:GetTables', entry)), NextToken: next };
  },
});

const described = (call: Call, action: string, found: FoundTable): Table => {
  const { table } = found.record;
  const target = linkTarget(found.ref, table);
  if (!target) return view(call, found);
  const behind = visibleTarget(call, action, target);
  if (!behind) return structuredClone(table);
  const { Name, DatabaseName, CatalogId, TargetTable, CreateTime, CreatedBy } = table;
  return { ...view(call, behind), Name, DatabaseName, CatalogId, TargetTable, CreateTime, CreatedBy };
};

/** A table as the caller may see it: only the columns it may know of. */
const view = (call: Call, { ref, record }: FoundTable): Table => {
  const table = structuredClone(record.table);
  const columns = new Set(describedColumns(call.world, call.principal, ref));
  const isSeen = (column: Column): boolean => columns.has((column.Name ?? '').toLowerCase());
  if (table.StorageDescriptor?.Columns)
    table.StorageDescriptor.Columns = table.StorageDescriptor.Columns.filter(isSeen);
  const registered = registrationOf(call.world, ref, table.StorageDescriptor?.Location ?? '') !== undefined;
  return { ...table, IsRegisteredWithLakeFormation: registered };
};

const updateTable = operation<UpdateTableRequest, UpdateTableResponse>({
  needs: (input, call) =>
    tableNeeds(
      call,
      'glue:UpdateTable',
      tableOf(call, input.CatalogId, input.DatabaseName, input.Name ?? input.TableInput?.Name),
    ),
  access: 'write',
  handle: (input, call) => {
    refuseMembers(call, input, ['UpdateOpenTableFormatInput', 'ViewUpdateAction']);
    const given = input.TableInput ?? { Name: undefined };
    const named = tableOf(call, input.CatalogId, input.DatabaseName, input.Name ?? given.Name);
    const { ref, record } = behindLinks(call, 'glue:UpdateTable', named);
    demandOnTable(call, ref, 'ALTER');
    const { table } = record;
    const location = given.StorageDescriptor?.Location;
    if (location !== table.StorageDescriptor?.Location)
      demandLocation(call, ref, location, existingDatabase(call, ref).database.LocationUri);
    if (input.VersionId !== undefined && input.VersionId !== table.VersionId)
      throw new AwsError('ConcurrentModificationException', 'Update table failed due to concurrent modifications.');
    const version = Number(table.VersionId ?? '0') + 1;
    record.table = {
      ...fromInput(call, ref, given, version, table.CreateTime?.getTime() ?? call.world.clock.now()),
      CreatedBy: table.CreatedBy,
    };
    return {};
  },
});

const deleteTable = operation<DeleteTableRequest, DeleteTableResponse>({
  needs: (input, call) =>
    tableNeeds(call, 'glue:DeleteTable', tableOf(call, input.CatalogId, input.DatabaseName, input.Name)),
  access: 'write',
  handle: (input, call) => {
    drop(call, 'glue:DeleteTable', tableOf(call, input.CatalogId, input.DatabaseName, input.Name));
    return {};
  },
});

/** "Deleting a table resource link does not delete the target table." */
const drop = (call: Call, action: string, named: TableRef): void => {
  const ref = { ...behindDatabaseLink(call, action, named), table: named.table };
  existingTable(call, ref);
  demandOnTable(call, ref, 'DROP');
  existingDatabase(call, ref).tables.delete(ref.table);
  forgetTable(call.world, ref);
};

const batchDeleteTable = operation<BatchDeleteTableRequest, BatchDeleteTableResponse>({
  needs: (input, call) =>
    databaseNeeds(call, 'glue:BatchDeleteTable', databaseOf(call, input.CatalogId, input.DatabaseName)),
  access: 'write',
  handle: (input, call) => {
    const errors: TableError[] = [];
    for (const name of input.TablesToDelete ?? []) {
      try {
        const ref = tableOf(call, input.CatalogId, input.DatabaseName, name);
        for (const need of tableNeeds(call, 'glue:BatchDeleteTable', ref)) call.authorize(need);
        drop(call, 'glue:BatchDeleteTable', ref);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ TableName: name, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } });
      }
    }
    return { Errors: errors };
  },
});

/** Only the present version is kept. */
const getTableVersions = operation<GetTableVersionsRequest, GetTableVersionsResponse>({
  needs: (input, call) =>
    tableNeeds(call, 'glue:GetTableVersions', tableOf(call, input.CatalogId, input.DatabaseName, input.TableName)),
  access: 'read',
  handle: (input, call) => {
    const named = tableOf(call, input.CatalogId, input.DatabaseName, input.TableName);
    const found = behindLinks(call, 'glue:GetTableVersions', named);
    demandOnTable(call, found.ref, 'DESCRIBE');
    return { TableVersions: [{ Table: view(call, found), VersionId: found.record.table.VersionId }] };
  },
});

export const tableOperations = {
  CreateTable: createTable,
  GetTable: getTable,
  GetTables: getTables,
  GetTableVersions: getTableVersions,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  BatchDeleteTable: batchDeleteTable,
};
