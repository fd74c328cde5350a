// Athena: one SQL statement, from start to rows.
import type * as sdk from '@aws-sdk/client-athena';
import { everyPage } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface Query {
  readonly sql: string;
  readonly database?: string;
  readonly workgroup?: string;
  /** `s3://bucket/prefix/`; not needed if the workgroup has one. */
  readonly outputLocation?: string;
  /** Rows wanted, default 1,000. */
  readonly limit?: number;
}

export interface QueryResult {
  readonly id: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as Athena prints them; undefined is NULL. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

// Short statements on small tables take about a second; longer ones need not be asked after more often than this.
const firstLook = 100;
const slowestLook = 2000;

export const athena = (service: Service<Sdk>) => ({
  /**
   * Runs a statement and waits for its rows. Not held to the leader's lease: it reads for whoever asks.
   * @throws AwsFault AccessDenied, NotFound or Invalid with Athena's reason if the statement fails
   */
  async query({ sql, database, workgroup, outputLocation, limit = 1000 }: Query): Promise<QueryResult> {
    const { QueryExecutionId: id = '' } = await service.read('StartQueryExecution', {
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: database === undefined ? undefined : { Database: database },
      ResultConfiguration: outputLocation === undefined ? undefined : { OutputLocation: outputLocation },
    });
    await untilDone(service, id);
    const read = (NextToken: string | undefined) =>
      service.read('GetQueryResults', { QueryExecutionId: id, MaxResults: Math.min(1000, limit + 1), NextToken });
    let columns: QueryResult['columns'] = [];
    const rows: (readonly (string | undefined)[])[] = [];
    for await (const { ResultSet } of everyPage(read, (page) => page.NextToken)) {
      columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({
        name: Name ?? '',
        type: Type ?? '',
      }));
      rows.push(...(ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue)));
      if (rows.length > limit) break;
    }
    // A SELECT's first row repeats the column names; DDL has no such row.
    const headed = rows[0] !== undefined && rows[0].every((value, index) => value === columns[index]?.name);
    return { id, columns, rows: rows.slice(headed ? 1 : 0, limit + (headed ? 1 : 0)) };
  },
});

export type Athena = ReturnType<typeof athena>;

async function untilDone(service: Service<Sdk>, id: string): Promise<void> {
  for (let delay = firstLook; ; delay = Math.min(delay * 1.5, slowestLook)) {
    const { QueryExecution } = await service.read('GetQueryExecution', { QueryExecutionId: id });
    const status = QueryExecution?.Status;
    if (status?.State === 'SUCCEEDED') return;
    if (status?.State === 'FAILED' || status?.State === 'CANCELLED') {
      const reason = status.StateChangeReason ?? status.AthenaError?.ErrorMessage ?? '';
      throw service.entryFault('StartQueryExecution', codeOfFailure(reason), reason);
    }
    await service.pause(delay);
  }
}

/** Athena tells why a query failed only in words. What a caller may not see it calls not found, "or requester is not authorized". */
function codeOfFailure(reason: string): string {
  if (/(TABLE|COLUMN|SCHEMA|CATALOG)_NOT_FOUND|EntityNotFound|does not exist/i.test(reason))
    return 'EntityNotFoundException';
  if (/access ?denied|insufficient|not authorized|permission/i.test(reason)) return 'AccessDeniedException';
  return 'InvalidRequestException';
}
