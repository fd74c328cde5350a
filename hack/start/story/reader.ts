/** Reader: an AWS identity that tries to get at data, through the AWS SDK and over HTTP like anybody. */
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientConfig, SimulatedAws } from '../../aws/aws.ts';
import { ACCOUNTS, REGION, type AccountName } from '../cast.ts';
import { ANALYTICS } from '../sample-data/analytics.ts';
import { until } from './until.ts';

/** What AWS gave, or how it said no. */
export type Answer<T> = { readonly given: T } | { readonly denied: string };

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Ways of saying no: by IAM, by Lake Formation, by Athena, and by not even knowing the name. */
const REFUSALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'Forbidden',
  'NoSuchBucket',
  'NoSuchAccessPoint',
  'EntityNotFoundException',
]);

export class Reader {
  readonly #s3: S3Client;
  readonly #athena: AthenaClient;
  readonly #signal: AbortSignal;

  constructor(config: ClientConfig, signal: AbortSignal) {
    this.#s3 = new S3Client(config);
    this.#athena = new AthenaClient(config);
    this.#signal = signal;
  }

  /** A session of the role, as the administrators of its account may have. */
  static async assume(aws: SimulatedAws, account: AccountName, role: string, signal: AbortSignal): Promise<Reader> {
    const sts = new STSClient(aws.clientConfig(account, REGION));
    const RoleArn = `arn:aws:iam::${ACCOUNTS[account].id}:role/${role}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'story' }));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    return new Reader(aws.clientConfig(session, REGION), signal);
  }

  /** `bucket` may be an access point's alias. */
  async get(bucket: string, key: string): Promise<Answer<string>> {
    return await answer(async () => {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    });
  }

  async list(bucket: string, prefix: string): Promise<Answer<readonly string[]>> {
    return await answer(async () => {
      const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return Contents.map(({ Key = '' }) => Key);
    });
  }

  async query(database: string, sql: string): Promise<Answer<Rows>> {
    return await answer(async () => {
      const { QueryExecutionId } = await this.#athena.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: ANALYTICS.workgroup,
          QueryExecutionContext: { Database: database },
        }),
      );
      const status = await until('the query ends', () => this.#ended(QueryExecutionId), this.#signal);
      if (status.State !== 'SUCCEEDED') throw new QueryFailed(status.StateChangeReason ?? 'no reason given');
      const { ResultSet } = await this.#athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      const [columns = [], ...rows] = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Data.map(({ VarCharValue = '' }) => VarCharValue),
      );
      return { columns, rows };
    });
  }

  async #ended(QueryExecutionId: string | undefined) {
    const { QueryExecution } = await this.#athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const status = QueryExecution?.Status ?? {};
    return ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status.State ?? '') ? status : undefined;
  }
}

/** Athena tells of missing rights as of any other failure of a query. */
class QueryFailed extends Error {
  override readonly name = 'QueryFailed';
}

const NO_RIGHT = /permission|access denied|not authorized|does not exist|not found|cannot be resolved/i;

async function answer<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { given: await call() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof QueryFailed && NO_RIGHT.test(error.message)) return { denied: `Athena: ${error.message}` };
    if (REFUSALS.has(error.name)) return { denied: `${error.name}: ${error.message}` };
    throw error;
  }
}
