// The stage of share-scene.ts with data: the producer's bucket, the role its location is registered with, the consumer's workgroup.
import { AthenaClient } from '@aws-sdk/client-athena';
import * as athena from '@aws-sdk/client-athena';
import * as lake from '@aws-sdk/client-lakeformation';
import { S3Client } from '@aws-sdk/client-s3';
import * as s3 from '@aws-sdk/client-s3';
import type { Credentials } from '../../aws.ts';
import type { Clients, Scene } from '../lakeformation/share-scene.ts';
import * as stage from '../lakeformation/share-scene.ts';

const RESULTS = 'analyst-results';
export const WORKGROUP = 'analysts';

export const ORDERS = [
  'id,region,customer,amount',
  '1,eu,Ann,10.50',
  '2,us,Bob,20.00',
  '3,eu,Cid,30.25',
  '4,ap,Dee,\\N',
  '',
].join('\n');

export const s3Of = (scene: Scene, who: string | Credentials): S3Client =>
  new S3Client(scene.aws.clientConfig(who, stage.REGION));

export const athenaOf = (scene: Scene, who: string | Credentials): AthenaClient =>
  new AthenaClient(scene.aws.clientConfig(who, stage.REGION));

export const makeBucket = async (client: S3Client, name: string): Promise<void> => {
  await client.send(
    new s3.CreateBucketCommand({
      Bucket: name,
      CreateBucketConfiguration: { LocationConstraint: stage.REGION },
    }),
  );
};

export const putObject = async (client: S3Client, key: string, body: string | Uint8Array): Promise<void> => {
  await client.send(new s3.PutObjectCommand({ Bucket: stage.BUCKET, Key: key, Body: body }));
};

/** Rights of the registered role: read below the bucket. */
export const lakeRoleStatements: readonly object[] = [
  { Effect: 'Allow', Action: ['s3:GetObject'], Resource: `arn:aws:s3:::${stage.BUCKET}/*` },
  { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: `arn:aws:s3:::${stage.BUCKET}` },
];

export const register = async (clients: Clients, hybrid = false): Promise<void> => {
  await clients.lake.send(
    new lake.RegisterResourceCommand({
      ResourceArn: `arn:aws:s3:::${stage.BUCKET}`,
      RoleArn: stage.LAKE_ROLE,
      HybridAccessEnabled: hybrid,
    }),
  );
};

export const athenaStatement: object = {
  Effect: 'Allow',
  Action: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
  Resource: `arn:aws:athena:${stage.REGION}:*:workgroup/${WORKGROUP}`,
};

export const resultStatement: object = {
  Effect: 'Allow',
  Action: ['s3:GetBucketLocation', 's3:PutObject', 's3:GetObject'],
  Resource: [`arn:aws:s3:::${RESULTS}`, `arn:aws:s3:::${RESULTS}/*`],
};

/** Buckets, objects, registered role and workgroup; nothing is registered or granted yet. */
export const openQueryScene = async (): Promise<Scene> => {
  const scene = await stage.openScene();
  await stage.governLake(scene.producer, stage.PRODUCER);
  await stage.governLake(scene.consumer, stage.CONSUMER);
  await stage.makeTable(scene.producer);
  await stage.makeRole(scene.producer, 'lake', { Service: 'lakeformation.amazonaws.com' }, lakeRoleStatements);
  const producer = s3Of(scene, 'producer');
  await makeBucket(producer, stage.BUCKET);
  await putObject(producer, `${stage.TABLE}/part-0.csv`, ORDERS);
  await makeBucket(s3Of(scene, 'consumer'), RESULTS);
  await athenaOf(scene, 'consumer').send(
    new athena.CreateWorkGroupCommand({
      Name: WORKGROUP,
      Configuration: { ResultConfiguration: { OutputLocation: `s3://${RESULTS}/athena/` } },
    }),
  );
  await stage.makeLinkDatabase(scene.consumer);
  await stage.makeRole(scene.consumer, 'analyst', { AWS: stage.CONSUMER }, [
    stage.glueStatement({ source: true, link: true }),
    stage.dataAccessStatement,
    athenaStatement,
    resultStatement,
  ]);
  return scene;
};

export interface Outcome {
  readonly state: string | undefined;
  readonly reason: string | undefined;
  /** Header first; empty unless the query succeeded. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** Runs a query as a role and reads its rows. */
export const query = async (scene: Scene, roleArn: string, sql: string, database = stage.LINKS): Promise<Outcome> => {
  const { credentials } = await scene.assume(roleArn);
  return queryAs(athenaOf(scene, credentials), sql, database);
};

export const queryAs = async (client: AthenaClient, sql: string, database = stage.LINKS): Promise<Outcome> => {
  const { QueryExecutionId } = await client.send(
    new athena.StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: WORKGROUP,
      QueryExecutionContext: { Database: database },
    }),
  );
  const { QueryExecution } = await client.send(new athena.GetQueryExecutionCommand({ QueryExecutionId }));
  const { State, StateChangeReason } = QueryExecution?.Status ?? {};
  if (State !== 'SUCCEEDED') return { state: State, reason: StateChangeReason, rows: [] };
  const { ResultSet } = await client.send(new athena.GetQueryResultsCommand({ QueryExecutionId }));
  const rows = (ResultSet?.Rows ?? []).map((row) => (row.Data ?? []).map((datum) => datum.VarCharValue));
  return { state: State, reason: undefined, rows };
};
