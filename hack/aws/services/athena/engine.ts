// One query's own DuckDB: filled with what the caller may see, then locked away from files and settings, then asked.
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { identifier, literal, resultText, resultType } from './hive-types.ts';
import { QueryFailure } from './query-failure.ts';
import type { TableName } from './table-source.ts';

/** The only catalog: what Athena calls the Glue Data Catalog. */
const CATALOG = 'awsdatacatalog';

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** Loaded at the first query: the engine's library is 70 MB. */
const openDuckDb = async (): Promise<DuckDBInstance> => {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  // Two threads: as many as the smallest machine this runs on has cores.
  // No temporary directory: nothing is spilled to this machine's disk.
  return Instance.create(':memory:', { threads: '2', temp_directory: '' });
};

/** A private database in memory. Dispose with `close`. */
export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<Engine> {
    const instance = await openDuckDb();
    const connection = await instance.connect();
    const engine = new Engine(instance, connection);
    await connection.run(`ATTACH ':memory:' AS ${CATALOG}`);
    return engine;
  }

  close(): void {
    this.#connection.disconnectSync();
    this.#instance.closeSync();
  }

  /**
   * Tables a query reads, each once. Only SELECT can be read this way, so only SELECT runs.
   * @throws QueryFailure for anything else, wrong syntax, several statements, another catalog
   */
  async references(sql: string, defaultDatabase: string): Promise<TableName[]> {
    const reader = await this.#connection.runAndReadAll(`SELECT json_serialize_sql(${literal(sql)})`);
    const serialized = reader.getRowsJson()[0]?.[0];
    const parsed = JSON.parse(typeof serialized === 'string' ? serialized : '{"error":true}') as ParsedSql;
    if (parsed.error)
      throw syntaxError(
        parsed.error_type === 'not implemented'
          ? 'Only SELECT queries are supported by the AWS simulator.'
          : parsed.error_message,
      );
    if (parsed.statements.length !== 1) throw syntaxError('Only one sql statement is allowed.');
    return tablesOf(parsed.statements[0], defaultDatabase);
  }

  /** Names of the columns in Parquet files, lower case. */
  async parquetColumns(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const files = paths.map(literal).join(', ');
    const reader = await this.#connection.runAndReadAll(
      `SELECT * FROM read_parquet([${files}], union_by_name = true) LIMIT 0`,
    );
    return new Set(reader.columnNames().map((name) => name.toLowerCase()));
  }

  /** Fills a table from a SELECT over files. After `lock` nothing of the files is reachable but this. */
  async load({ database, table }: TableName, select: string): Promise<void> {
    await this.#connection.run(`CREATE SCHEMA IF NOT EXISTS ${CATALOG}.${identifier(database)}`);
    try {
      await this.#connection.run(`CREATE TABLE ${CATALOG}.${identifier(database)}.${identifier(table)} AS ${select}`);
    } catch (error) {
      throw new QueryFailure(`HIVE_BAD_DATA: ${firstLine(error)}`);
    }
  }

  /** Closes the file system, extensions and settings for good, as DuckDB advises for SQL one does not trust. */
  async lock(defaultDatabase: string): Promise<void> {
    await this.#connection.run(`CREATE SCHEMA IF NOT EXISTS ${CATALOG}.${identifier(defaultDatabase)}`);
    await this.#connection.run(`USE ${CATALOG}.${identifier(defaultDatabase)}`);
    await this.#connection.run('SET enable_external_access = false');
    await this.#connection.run('SET lock_configuration = true');
  }

  /** @throws QueryFailure in Athena's words */
  async run(sql: string): Promise<QueryResult> {
    try {
      const reader = await this.#connection.runAndReadAll(sql);
      const types = reader.columnTypes().map((type) => resultType(type.toString()));
      return {
        columns: reader.columnNames().map((name, index) => ({ name, type: types[index] ?? 'varchar' })),
        rows: reader
          .getRowsJson()
          .map((row) => row.map((value, index) => resultText(value, types[index] ?? 'varchar'))),
      };
    } catch (error) {
      throw inAthenaWords(error, sql);
    }
  }
}

interface ParsedSql {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements: readonly unknown[];
}

const syntaxError = (message = 'mismatched input'): QueryFailure =>
  new QueryFailure(`SYNTAX_ERROR: line 1:1: ${message}`);

interface TableNode {
  readonly type: 'BASE_TABLE';
  readonly catalog_name: string;
  readonly schema_name: string;
  readonly table_name: string;
}

/** Walks the parse tree for tables; an unqualified name that a WITH defines anywhere in the query is not one. */
const tablesOf = (tree: unknown, defaultDatabase: string): TableName[] => {
  const found: TableNode[] = [];
  const defined = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const entry of node) visit(entry);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const map = (node as { cte_map?: { map?: { key: string }[] } }).cte_map?.map ?? [];
    for (const { key } of map) defined.add(key.toLowerCase());
    if ((node as { type?: unknown }).type === 'BASE_TABLE') found.push(node as TableNode);
    for (const value of Object.values(node)) visit(value);
  };
  visit(tree);

  const names = new Map<string, TableName>();
  for (const node of found) {
    if (node.schema_name === '' && defined.has(node.table_name.toLowerCase())) continue;
    if (node.catalog_name !== '' && node.catalog_name.toLowerCase() !== CATALOG)
      throw new QueryFailure(`CATALOG_NOT_FOUND: line 1:15: Catalog '${node.catalog_name}' does not exist`);
    const database = (node.schema_name || defaultDatabase).toLowerCase();
    const table = node.table_name.toLowerCase();
    names.set(`${database}.${table}`, { database, table });
  }
  return [...names.values()];
};

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

/** A column that is not there and one that may not be seen are the same to the caller. */
const inAthenaWords = (error: unknown, sql: string): QueryFailure => {
  const message = firstLine(error);
  const column =
    /Referenced column "([^"]+)" not found/.exec(message)?.[1] ??
    /does not have a column named "([^"]+)"/.exec(message)?.[1] ??
    /Column "([^"]+)" .*not found/.exec(message)?.[1];
  if (column !== undefined)
    return new QueryFailure(
      `COLUMN_NOT_FOUND: line ${position(sql, column)}: Column '${column}' cannot be resolved or requester is not authorized to access requested resources`,
    );
  return new QueryFailure(`GENERIC_USER_ERROR: ${message}`);
};

/** `line:column` of the first place where a name stands in the text. */
const position = (sql: string, name: string): string => {
  const before = sql.slice(0, Math.max(0, sql.toLowerCase().indexOf(name.toLowerCase()))).split('\n');
  return `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}`;
};
