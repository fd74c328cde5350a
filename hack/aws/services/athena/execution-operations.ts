// Query executions: start, look at, read, stop, list.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
import type {
  BatchGetQueryExecutionInput,
  BatchGetQueryExecutionOutput,
  ColumnInfo,
  GetQueryExecutionInput,
  GetQueryExecutionOutput,
  GetQueryResultsInput,
  GetQueryResultsOutput,
  ListQueryExecutionsInput,
  ListQueryExecutionsOutput,
  QueryExecution,
  ResultConfiguration,
  StartQueryExecutionInput,
  StartQueryExecutionOutput,
  StopQueryExecutionInput,
  StopQueryExecutionOutput,
  WorkGroup,
} from '@aws-sdk/client-athena';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import type { ExecutionRecord } from './athena-state.ts';
import { athenaHistory, engineVersion } from './athena-state.ts';
import { newId } from './execution-id.ts';
import { QueryFailure } from './query-failure.ts';
import type { Answer } from './query.ts';
import { runQuery, writeResult } from './query.ts';
import { readCsv } from './result-csv.ts';
import { bytesOf, parseLocation } from './s3-files.ts';
import { existingWorkGroup, invalidRequest, LARGEST_PAGE, workGroupNeed } from './workgroup-operations.ts';

/** MaxResults of GetQueryResults is 1..1000. */
const LARGEST_RESULT_PAGE = 1000;

const history = (call: Call) => athenaHistory(call.world, call.account, call.region).executions;

const existing = (call: Call, id: string | undefined): ExecutionRecord => {
  const record = history(call).get(id ?? '');
  if (!record) throw invalidRequest(`QueryExecution ${id ?? ''} was not found`);
  return record;
};

/** Athena authorizes an execution by its workgroup. */
const executionNeed =
  (action: string) =>
  (input: { QueryExecutionId?: string | undefined }, call: Call): readonly Need[] =>
    workGroupNeed(call, action, existing(call, input.QueryExecutionId).execution.WorkGroup);

/**
 * The simulator runs the query before it answers, so the first GetQueryExecution already finds a final state. Whatever the
 * caller lacks for the data makes the query FAILED; what it lacks for Athena itself or the result bucket refuses the start.
 */
const startQueryExecution = operation<StartQueryExecutionInput, StartQueryExecutionOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:StartQueryExecution', input.WorkGroup ?? 'primary'),
  access: 'write',
  handle: async (input, call) => {
    const repeated = [...history(call).values()].find(
      (record) => input.ClientRequestToken !== undefined && record.clientRequestToken === input.ClientRequestToken,
    );
    if (repeated) return { QueryExecutionId: repeated.execution.QueryExecutionId };
    if (input.ExecutionParameters?.length) throw notImplemented('ExecutionParameters in athena:StartQueryExecution');
    const { workGroup } = existingWorkGroup(call, input.WorkGroup ?? 'primary');
    if (workGroup.State === 'DISABLED') throw invalidRequest(`WorkGroup ${workGroup.Name ?? ''} is disabled.`);
    const results = resultConfiguration(workGroup, input.ResultConfiguration);
    await verifyBucket(call, results.OutputLocation ?? '');
    const id = newId(call.world);
    const record = await execute(call, input, workGroup, results, id);
    history(call).set(id, record);
    return { QueryExecutionId: id };
  },
});

/** The workgroup's settings win where it enforces them: https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html */
const resultConfiguration = (workGroup: WorkGroup, given: ResultConfiguration | undefined): ResultConfiguration => {
  const { ResultConfiguration: own, EnforceWorkGroupConfiguration: enforced } = workGroup.Configuration ?? {};
  const chosen = enforced && own?.OutputLocation ? own : { ...own, ...given };
  if (!chosen.OutputLocation)
    throw invalidRequest(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  return chosen;
};

const verifyBucket = async (call: Call, location: string): Promise<void> => {
  const { bucket } = locationOf(location);
  try {
    await call.invoke('s3', 'GetBucketLocation', { Bucket: bucket });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidRequest(`Unable to verify/create output bucket ${bucket}`);
  }
};

const locationOf = (location: string): { bucket: string; prefix: string } => {
  try {
    return parseLocation(location);
  } catch {
    throw invalidRequest(`outputLocation is not a valid S3 path: ${location}`);
  }
};

const execute = async (
  call: Call,
  input: StartQueryExecutionInput,
  workGroup: WorkGroup,
  results: ResultConfiguration,
  id: string,
): Promise<ExecutionRecord> => {
  const sql = input.QueryString ?? '';
  const file = `${(results.OutputLocation ?? '').replace(/\/*$/, '/')}${id}.csv`;
  const submitted = call.world.clock.now();
  const outcome = await attempt(async () => {
    const answer = await runQuery(call, { sql, database: databaseOf(input) });
    await writeResult(call, file, results, answer);
    return answer;
  });
  const completed = call.world.clock.now();
  const failure = outcome instanceof QueryFailure ? outcome : undefined;
  const answer = outcome instanceof QueryFailure ? undefined : outcome;
  const execution: QueryExecution = {
    QueryExecutionId: id,
    Query: sql,
    StatementType: 'DML',
    SubstatementType: 'SELECT',
    ResultConfiguration: { ...results, OutputLocation: file },
    QueryExecutionContext: { Catalog: 'awsdatacatalog', ...input.QueryExecutionContext },
    WorkGroup: workGroup.Name,
    EngineVersion: engineVersion(),
    Status: {
      State: failure ? 'FAILED' : 'SUCCEEDED',
      SubmissionDateTime: new Date(submitted),
      CompletionDateTime: new Date(completed),
      ...(failure
        ? {
            StateChangeReason: failure.message,
            // Category 2: the user's error. https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
            AthenaError: { ErrorCategory: 2, Retryable: false, ErrorMessage: failure.message },
          }
        : {}),
    },
    Statistics: {
      EngineExecutionTimeInMillis: completed - submitted,
      TotalExecutionTimeInMillis: completed - submitted,
      DataScannedInBytes: answer?.bytesScanned ?? 0,
    },
  };
  return { execution, columns: answer?.columns.map(columnInfo) ?? [], clientRequestToken: input.ClientRequestToken };
};

const databaseOf = (input: StartQueryExecutionInput): string =>
  (input.QueryExecutionContext?.Database ?? 'default').toLowerCase();

const attempt = async (work: () => Promise<Answer>): Promise<Answer | QueryFailure> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueryFailure) return error;
    throw error;
  }
};

const columnInfo = ({ name, type }: { name: string; type: string }): ColumnInfo => ({
  CatalogName: 'hive',
  SchemaName: '',
  TableName: '',
  Name: name,
  Label: name,
  Type: type,
  Precision: 0,
  Scale: 0,
  Nullable: 'UNKNOWN',
  CaseSensitive: type === 'varchar',
});

const getQueryExecution = operation<GetQueryExecutionInput, GetQueryExecutionOutput>({
  needs: executionNeed('athena:GetQueryExecution'),
  access: 'read',
  handle: (input, call) => ({ QueryExecution: structuredClone(existing(call, input.QueryExecutionId).execution) }),
});

/**
 * Reads the result file as the caller: "to stream query results successfully, even if the IAM principal with permission to call
 * GetQueryResults is in another account, it must also have s3:GetObject": API_GetQueryResults.html
 */
const getQueryResults = operation<GetQueryResultsInput, GetQueryResultsOutput>({
  needs: executionNeed('athena:GetQueryResults'),
  access: 'read',
  handle: async (input, call) => {
    const { execution, columns } = existing(call, input.QueryExecutionId);
    const state = execution.Status?.State ?? '';
    if (state !== 'SUCCEEDED') throw invalidRequest(`Query did not finish successfully. Final query state: ${state}`);
    const { bucket, prefix: key } = locationOf(execution.ResultConfiguration?.OutputLocation ?? '');
    const { Body } = await call.invoke<GetObjectCommandOutput>('s3', 'GetObject', { Bucket: bucket, Key: key });
    const rows = readCsv(Buffer.from(await bytesOf(Body)).toString());
    const size = input.MaxResults ?? LARGEST_RESULT_PAGE;
    const { items, next } = page(rows, input.NextToken, size, 'InvalidRequestException');
    return {
      UpdateCount: 0,
      ResultSet: {
        Rows: items.map((row) => ({
          Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })),
        })),
        ResultSetMetadata: { ColumnInfo: [...columns] },
      },
      NextToken: next,
    };
  },
});

/** Every query has ended by the time it can be stopped; stopping an ended query changes nothing. */
const stopQueryExecution = operation<StopQueryExecutionInput, StopQueryExecutionOutput>({
  needs: executionNeed('athena:StopQueryExecution'),
  access: 'write',
  handle: () => ({}),
});

const listQueryExecutions = operation<ListQueryExecutionsInput, ListQueryExecutionsOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:ListQueryExecutions', input.WorkGroup ?? 'primary'),
  access: 'read',
  handle: (input, call) => {
    const ids = [...history(call).values()]
      .filter(({ execution }) => execution.WorkGroup === (input.WorkGroup ?? 'primary'))
      .map(({ execution }) => execution.QueryExecutionId ?? '')
      .reverse();
    const { items, next } = page(ids, input.NextToken, input.MaxResults ?? LARGEST_PAGE, 'InvalidRequestException');
    return { QueryExecutionIds: items, NextToken: next };
  },
});

const batchGetQueryExecution = operation<BatchGetQueryExecutionInput, BatchGetQueryExecutionOutput>({
  needs: () => [],
  access: 'read',
  handle: (input, call) => {
    const found: QueryExecution[] = [];
    const unprocessed = [];
    for (const id of input.QueryExecutionIds ?? []) {
      const record = history(call).get(id);
      const needs = record ? workGroupNeed(call, 'athena:BatchGetQueryExecution', record.execution.WorkGroup) : [];
      if (record && needs.every((need) => call.isAllowed(need))) found.push(structuredClone(record.execution));
      else unprocessed.push({ QueryExecutionId: id, ErrorCode: 'INVALID_QUERY_EXECUTION_ID' });
    }
    return { QueryExecutions: found, UnprocessedQueryExecutionIds: unprocessed };
  },
});

export const executionOperations = {
  StartQueryExecution: startQueryExecution,
  GetQueryExecution: getQueryExecution,
  GetQueryResults: getQueryResults,
  StopQueryExecution: stopQueryExecution,
  ListQueryExecutions: listQueryExecutions,
  BatchGetQueryExecution: batchGetQueryExecution,
};
