// Runs one query from text to result file: parse, resolve each table as the caller, load what it may see, execute, write.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResultConfiguration } from '@aws-sdk/client-athena';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { columnNames } from '../glue/catalog-state.ts';
import type { QueryResult } from './engine.ts';
import { Engine } from './engine.ts';
import { wholeTable } from './file-formats.ts';
import { UnknownTypeError } from './hive-types.ts';
import { QueryFailure } from './query-failure.ts';
import { writeCsv } from './result-csv.ts';
import { fetchFiles, parseLocation } from './s3-files.ts';
import type { TableSource } from './table-source.ts';
import { resolveTable } from './table-source.ts';
import { visibleSelect } from './visible-select.ts';

export interface Query {
  readonly sql: string;
  /** Database of unqualified names. */
  readonly database: string;
}

export interface Answer extends QueryResult {
  readonly bytesScanned: number;
}

/** @throws QueryFailure */
export const runQuery = async (call: Call, query: Query): Promise<Answer> => {
  const sql = query.sql.trim().replace(/;\s*$/, '');
  const engine = await Engine.open();
  try {
    const names = await engine.references(sql, query.database);
    const sources: TableSource[] = [];
    for (const name of names) sources.push(await resolveTable(call, name));
    const bytesScanned = await load(call, engine, sources);
    await engine.lock(query.database);
    return { ...(await engine.run(sql)), bytesScanned };
  } catch (error) {
    throw error instanceof UnknownTypeError ? new QueryFailure(`NOT_SUPPORTED: ${error.message}`) : error;
  } finally {
    engine.close();
  }
};

/** Copies the visible part of each table into the engine; the files are gone before the user's SQL runs. */
const load = async (call: Call, engine: Engine, sources: readonly TableSource[]): Promise<number> => {
  const directory = await mkdtemp(join(tmpdir(), 'athena-'));
  let scanned = 0;
  try {
    for (const [index, source] of sources.entries()) {
      const sets = [];
      for (const [part, { location, storage, partition }] of source.directories.entries()) {
        const local = join(directory, `${String(index)}-${String(part)}`);
        const { paths, bytes } = await fetchFiles(call, source.reader, location, local);
        scanned += bytes;
        sets.push({ paths, storage, partition });
      }
      const whole = await wholeTable(source.table, sets, async (paths) => engine.parquetColumns(paths));
      await engine.load(source.name, visibleSelect(source.access, columnNames(source.table), `(${whole})`));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return scanned;
};

/**
 * Writes the result as the caller, who needs s3:PutObject on the location.
 * @throws QueryFailure "Access denied when writing output"
 */
export const writeResult = async (
  call: Call,
  location: string,
  configuration: ResultConfiguration,
  result: QueryResult,
): Promise<void> => {
  const { bucket, prefix: key } = parseLocation(location);
  const { EncryptionOption: option, KmsKey } = configuration.EncryptionConfiguration ?? {};
  const encryption =
    option === 'SSE_KMS'
      ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KmsKey }
      : option === 'SSE_S3'
        ? { ServerSideEncryption: 'AES256' }
        : {};
  const text = writeCsv([result.columns.map((column) => column.name), ...result.rows]);
  try {
    await call.invoke('s3', 'PutObject', {
      Bucket: bucket,
      Key: key,
      Body: Buffer.from(text),
      ContentType: 'application/octet-stream',
      ...encryption,
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new QueryFailure(
      `Access denied when writing output to url: ${location} . Please ensure you are allowed to access the S3 bucket. If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key (${error.message})`,
    );
  }
};
