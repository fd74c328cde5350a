// From a table name in a query to what the caller may read of it and where its files are: Glue and Lake Formation, asked as the caller.
import type {
  GetPartitionsResponse,
  GetTableResponse,
  Partition,
  StorageDescriptor,
  Table,
} from '@aws-sdk/client-glue';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { Principal } from '../../core/principal.ts';
import type { TableRef } from '../glue/catalog-arn.ts';
import { findTable, linkTarget } from '../glue/catalog-state.ts';
import type { TableAccess } from '../lakeformation/access.ts';
import { tableAccess } from '../lakeformation/access.ts';
import { registrationOf } from '../lakeformation/lake-state.ts';
import { vendSession } from '../lakeformation/vending.ts';
import { tableFormat } from './file-formats.ts';
import { asQueryFailure, INSUFFICIENT, QueryFailure } from './query-failure.ts';

/** A table as the query names it. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** One directory of files with the values of its partition. */
export interface Directory {
  /** `s3://bucket/prefix/` */
  readonly location: string;
  readonly storage: StorageDescriptor;
  /** Values of the partition keys, in their order. */
  readonly partition: readonly string[];
}

export interface TableSource {
  readonly name: TableName;
  readonly table: Table;
  readonly access: Exclude<TableAccess, { kind: 'denied' }>;
  readonly directories: readonly Directory[];
  /** Who reads the files: the caller, or the session Lake Formation vends for a registered location. */
  readonly reader: Principal;
}

/**
 * Resolves a table through its link, if it is one, to what the caller may read.
 * The caller needs glue:GetDatabase and glue:GetTable on every catalog object on the way, DESCRIBE on the link, SELECT on the
 * table, and for a registered location lakeformation:GetDataAccess:
 * https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html
 * @throws QueryFailure with the reason Athena shows
 */
export const resolveTable = async (call: Call, name: TableName): Promise<TableSource> => {
  const ref = await catalogTable(call, name);
  const record = findTable(call.world, ref);
  if (!record) throw notFound(name);
  const access = tableAccess(call.world, call.principal, ref);
  if (access.kind === 'denied') throw new QueryFailure(`${INSUFFICIENT} ${access.reason}`);
  const { table } = record;
  const format = tableFormat(table);
  if (format !== undefined) throw notImplemented(`athena queries of ${format} tables: ${name.database}.${name.table}`);
  const location = table.StorageDescriptor?.Location;
  if (!location || !table.StorageDescriptor)
    throw new QueryFailure(`NOT_SUPPORTED: Table ${name.database}.${name.table} has no location.`);
  const directories = await directoriesOf(call, ref, table, table.StorageDescriptor);
  return { name, table, access, directories, reader: await readerOf(call, ref, access, location) };
};

/** Where the table really is, after Glue let the caller see every step of the way. */
const catalogTable = async (call: Call, name: TableName): Promise<TableRef> => {
  const own: TableRef = { catalogId: call.account, region: call.region, ...name };
  try {
    await call.invoke('glue', 'GetDatabase', { Name: name.database });
    const { Table: found } = await call.invoke<GetTableResponse>('glue', 'GetTable', {
      DatabaseName: name.database,
      Name: name.table,
    });
    const database = {
      ...own,
      catalogId: found?.CatalogId ?? own.catalogId,
      database: found?.DatabaseName ?? own.database,
    };
    const target = found ? linkTarget(database, found) : undefined;
    if (!target) return database;
    // The link alone shows nothing: the caller must be let in by the source, too.
    await call.invoke('glue', 'GetTable', {
      CatalogId: target.catalogId,
      DatabaseName: target.database,
      Name: target.table,
    });
    return target;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'EntityNotFoundException') throw notFound(name);
    throw asQueryFailure(error, INSUFFICIENT);
  }
};

const notFound = ({ database, table }: TableName): QueryFailure =>
  new QueryFailure(`TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.${database}.${table}' does not exist`);

const directoriesOf = async (
  call: Call,
  ref: TableRef,
  table: Table,
  storage: StorageDescriptor,
): Promise<Directory[]> => {
  if ((table.PartitionKeys ?? []).length === 0) return [{ location: storage.Location ?? '', storage, partition: [] }];
  return (await partitionsOf(call, ref)).map((partition) => ({
    location: partition.StorageDescriptor?.Location ?? '',
    storage: { ...storage, ...partition.StorageDescriptor },
    partition: partition.Values ?? [],
  }));
};

const partitionsOf = async (call: Call, ref: TableRef): Promise<Partition[]> => {
  const found: Partition[] = [];
  let token: string | undefined;
  try {
    do {
      const page: GetPartitionsResponse = await call.invoke('glue', 'GetPartitions', {
        CatalogId: ref.catalogId,
        DatabaseName: ref.database,
        TableName: ref.table,
        NextToken: token,
      });
      found.push(...(page.Partitions ?? []));
      token = page.NextToken;
    } while (token !== undefined);
  } catch (error) {
    throw asQueryFailure(error, INSUFFICIENT);
  }
  return found;
};

/**
 * Tables that Lake Formation governs in a registered location are read with the registered role; all others as the caller.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
 */
const readerOf = async (
  call: Call,
  ref: TableRef,
  access: TableSource['access'],
  location: string,
): Promise<Principal> => {
  const registration = access.kind === 'lakeformation' ? registrationOf(call.world, ref, location) : undefined;
  if (!registration) return call.principal;
  const arn = location.replace(/^s3a?:\/\//, 'arn:aws:s3:::').replace(/\/+$/, '');
  try {
    return (await vendSession(call, ref, registration, arn)).principal;
  } catch (error) {
    throw asQueryFailure(error, INSUFFICIENT);
  }
};
