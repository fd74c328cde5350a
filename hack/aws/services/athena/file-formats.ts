// How the files of a table are read: its SerDe as a DuckDB relation with every column of the table, typed.
// https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
import type { Column, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { duckType, identifier, literal } from './hive-types.ts';
import { QueryFailure } from './query-failure.ts';

/**
 * Formats whose files are a table only by what their metadata says: reading every file below the location would show rows that were
 * deleted, or metadata as rows. Undefined for tables that are just their files.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html (table_type),
 * https://docs.aws.amazon.com/athena/latest/ug/querying-hudi.html (input format),
 * https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html (table_type, spark.sql.sources.provider)
 */
export const tableFormat = ({
  Parameters,
  StorageDescriptor,
}: Table): 'Iceberg' | 'Delta Lake' | 'Hudi' | undefined => {
  const says = [Parameters?.['table_type'], Parameters?.['classification'], Parameters?.['spark.sql.sources.provider']];
  const named = (name: string): boolean => says.some((value) => value?.toLowerCase() === name);
  if (named('iceberg') || Parameters?.['metadata_location'] !== undefined) return 'Iceberg';
  if (named('delta')) return 'Delta Lake';
  const input = StorageDescriptor?.InputFormat ?? '';
  return named('hudi') || input.startsWith('org.apache.hudi.') ? 'Hudi' : undefined;
};

/** One directory's files on this machine, its storage description and the values of its partition. */
export interface FileSet {
  readonly paths: readonly string[];
  readonly storage: StorageDescriptor;
  readonly partition: readonly string[];
}

/** Names of the columns a Parquet file really has: they are matched by name, and missing ones read as NULL. */
export type ParquetColumns = (paths: readonly string[]) => Promise<ReadonlySet<string>>;

/** SQL of all rows and columns of a table's files. @throws QueryFailure for a SerDe the simulator does not read */
export const wholeTable = async (table: Table, sets: readonly FileSet[], parquet: ParquetColumns): Promise<string> => {
  const full = sets.filter((set) => set.paths.length > 0);
  if (full.length === 0) return emptyTable(table);
  const parts = await Promise.all(
    full.map(async (set) => withPartition(table, set, await relation(table, set, parquet))),
  );
  return parts.join(' UNION ALL ');
};

const columnsOf = (table: Table): Column[] => table.StorageDescriptor?.Columns ?? [];
const nameOf = (column: Column): string => (column.Name ?? '').toLowerCase();
const typeOf = (column: Column): string => duckType(column.Type ?? 'string');

const emptyTable = (table: Table): string => {
  const columns = [...columnsOf(table), ...(table.PartitionKeys ?? [])];
  return `SELECT ${columns.map((column) => `NULL::${typeOf(column)} AS ${identifier(nameOf(column))}`).join(', ')} WHERE false`;
};

/** Hive's name for the partition whose key is NULL. */
const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

const withPartition = (table: Table, set: FileSet, sql: string): string => {
  const keys = (table.PartitionKeys ?? []).map((key, index) => {
    const value = set.partition[index];
    const text = value === undefined || value === NULL_PARTITION ? 'NULL' : literal(value);
    return `CAST(${text} AS ${typeOf(key)}) AS ${identifier(nameOf(key))}`;
  });
  return keys.length === 0 ? sql : `SELECT *, ${keys.join(', ')} FROM (${sql})`;
};

const relation = async (table: Table, set: FileSet, parquet: ParquetColumns): Promise<string> => {
  const serde = set.storage.SerdeInfo?.SerializationLibrary ?? '';
  if (serde.endsWith('ParquetHiveSerDe')) return parquetRelation(table, set, await parquet(set.paths));
  if (/JsonSerDe$/i.test(serde)) return jsonRelation(table, set);
  if (serde.endsWith('OpenCSVSerde')) return csvRelation(table, set, openCsv(set.storage));
  if (serde.endsWith('LazySimpleSerDe') || serde === '') return csvRelation(table, set, lazySimple(set.storage));
  throw new QueryFailure(`NOT_SUPPORTED: SerDe ${serde} is not read by the AWS simulator.`);
};

const list = (paths: readonly string[]): string => `[${paths.map(literal).join(', ')}]`;

const parquetRelation = (table: Table, set: FileSet, present: ReadonlySet<string>): string => {
  const columns = columnsOf(table).map((column) => {
    const name = nameOf(column);
    const value = present.has(name) ? identifier(name) : 'NULL';
    return `CAST(${value} AS ${typeOf(column)}) AS ${identifier(name)}`;
  });
  return `SELECT ${columns.join(', ')} FROM read_parquet(${list(set.paths)}, union_by_name = true)`;
};

const jsonRelation = (table: Table, set: FileSet): string => {
  const types = columnsOf(table).map((column) => `${literal(nameOf(column))}: ${literal(typeOf(column))}`);
  return `SELECT * FROM read_json(${list(set.paths)}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
};

interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  /** Text that means NULL. */
  readonly nullText: string;
}

/** Splits at the delimiter and knows no quotes. https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html */
const lazySimple = ({ SerdeInfo }: StorageDescriptor): Dialect => {
  const parameters = SerdeInfo?.Parameters ?? {};
  return {
    delimiter: unescaped(parameters['field.delim'] ?? parameters['serialization.format'] ?? '\u0001'),
    quote: '',
    escape: '',
    nullText: parameters['serialization.null.format'] ?? '\\N',
  };
};

/** https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html */
const openCsv = ({ SerdeInfo }: StorageDescriptor): Dialect => {
  const parameters = SerdeInfo?.Parameters ?? {};
  return {
    delimiter: unescaped(parameters['separatorChar'] ?? ','),
    quote: parameters['quoteChar'] ?? '"',
    escape: parameters['escapeChar'] ?? '\\',
    nullText: '\\N',
  };
};

const unescaped = (text: string): string => (text === '\\t' ? '\t' : text);

/** A value that does not fit its column's type reads as NULL, a short line is padded, a long one cut, as Hive does. */
const csvRelation = (table: Table, set: FileSet, dialect: Dialect): string => {
  const skip = Number(
    table.Parameters?.['skip.header.line.count'] ??
      set.storage.SerdeInfo?.Parameters?.['skip.header.line.count'] ??
      '0',
  );
  const columns = columnsOf(table);
  const texts = columns.map((column) => `${literal(nameOf(column))}: 'VARCHAR'`).join(', ');
  const typed = columns.map((column) => {
    const name = identifier(nameOf(column));
    return `TRY_CAST(${name} AS ${typeOf(column)}) AS ${name}`;
  });
  const options = [
    'header = false',
    'auto_detect = false',
    'null_padding = true',
    'strict_mode = false',
    'ignore_errors = true',
    `skip = ${String(skip)}`,
    `delim = ${literal(dialect.delimiter)}`,
    `quote = ${literal(dialect.quote)}`,
    `escape = ${literal(dialect.escape)}`,
    `nullstr = ${literal(dialect.nullText)}`,
    `columns = {${texts}}`,
  ];
  return `SELECT ${typed.join(', ')} FROM read_csv(${list(set.paths)}, ${options.join(', ')})`;
};
