// The simulated AWS accounts as environments and datasets find them: pivot roles, buckets with keys, databases with tables, roles. Made
// directly, because not the making of these is measured.
import { startAws, type SimulatedAws } from '../aws/aws.ts';
import type { Interceptor } from '../aws/core/interceptor.ts';
import { makeOperatorUser } from '../start/simulated-accounts.ts';
import {
  FOLDER,
  REGION,
  TABLES,
  type BenchDataset,
  type BenchPrincipal,
  type Place,
  type Workload,
} from './workload.ts';

export const HUB = '111111111111';
export const EXTERNAL_ID = 'external-id-of-the-benchmark';
export const PIVOT_ROLE = 'dataallPivotRole';

export const pivotRoleArn = ({ account }: Place): string => `arn:aws:iam::${account}:role/${PIVOT_ROLE}`;

export const datasetRoleArn = ({ name, producer }: BenchDataset): string =>
  `arn:aws:iam::${producer.account}:role/${name}`;

export interface PreparedAccounts {
  readonly aws: SimulatedAws;
  /** Latency and limits go in here once all is prepared; the simulator looks at every call. */
  readonly conditions: Interceptor[];
  /** ARN of the KMS key of each dataset, by its name. */
  readonly keys: ReadonlyMap<string, string>;
  readonly operator: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts the simulator over HTTP and fills it; nothing is slow or limited while it does. */
export const prepareAccounts = async (workload: Workload): Promise<PreparedAccounts> => {
  const places = [...workload.producers, ...workload.consumers];
  const accounts = Object.fromEntries(places.map(({ name, account }) => [name, { id: account }]));
  const conditions: Interceptor[] = [];
  const aws = await startAws({ accounts: { hub: { id: HUB }, ...accounts }, interceptors: conditions });
  for (const place of places) await preparePlace(aws, place);
  const keys = new Map<string, string>();
  for (const dataset of workload.datasets) keys.set(dataset.name, await makeDataset(aws, dataset));
  for (const principal of workload.principals) await makePrincipal(aws, principal);
  return { aws, conditions, keys, operator: await makeOperatorUser(aws) };
};

type Call = <O = unknown>(service: string, operation: string, input: object) => Promise<O>;

const as = (aws: SimulatedAws, account: string): Call => {
  const administrator = aws.administrator(account);
  return async (service, operation, input) => await aws.invoke(service, operation, input, administrator, REGION);
};

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const trust = (principal: object, condition?: object): string =>
  policy({
    Effect: 'Allow',
    Principal: principal,
    Action: 'sts:AssumeRole',
    ...(condition !== undefined && { Condition: condition }),
  });

/** What linking an environment leaves: the pivot role, as administrator of a Lake Formation that shares with roles of other accounts. */
const preparePlace = async (aws: SimulatedAws, place: Place): Promise<void> => {
  const call = as(aws, place.name);
  await call('iam', 'CreateRole', {
    RoleName: PIVOT_ROLE,
    AssumeRolePolicyDocument: trust(
      { AWS: `arn:aws:iam::${HUB}:root` },
      { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
    ),
  });
  await call('iam', 'PutRolePolicy', {
    RoleName: PIVOT_ROLE,
    PolicyName: 'all',
    PolicyDocument: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
  });
  await call('lakeformation', 'PutDataLakeSettings', {
    DataLakeSettings: {
      DataLakeAdmins: [{ DataLakePrincipalIdentifier: pivotRoleArn(place) }],
      CreateDatabaseDefaultPermissions: [],
      CreateTableDefaultPermissions: [],
      Parameters: { CROSS_ACCOUNT_VERSION: '4' },
    },
  });
};

const makeDataset = async (aws: SimulatedAws, dataset: BenchDataset): Promise<string> => {
  const { bucket, database, name, producer } = dataset;
  const call = as(aws, producer.name);
  const { KeyMetadata } = await call<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {});
  await call('s3', 'CreateBucket', { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } });
  await call('s3', 'PutBucketEncryption', {
    Bucket: bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyMetadata.Arn } }],
    },
  });
  await call('s3', 'PutObject', { Bucket: bucket, Key: `${FOLDER.prefix}a.txt`, Body: new TextEncoder().encode('a') });
  await call('iam', 'CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: trust({ Service: 'lakeformation.amazonaws.com' }),
  });
  await call('iam', 'PutRolePolicy', {
    RoleName: name,
    PolicyName: 'data',
    PolicyDocument: policy({ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }),
  });
  await call('glue', 'CreateDatabase', { DatabaseInput: { Name: database, CreateTableDefaultPermissions: [] } });
  for (const table of TABLES)
    await call('glue', 'CreateTable', { DatabaseName: database, TableInput: tableInput(bucket, table) });
  await call('lakeformation', 'RegisterResource', {
    ResourceArn: `arn:aws:s3:::${bucket}`,
    RoleArn: datasetRoleArn(dataset),
  });
  return KeyMetadata.Arn;
};

const tableInput = (bucket: string, table: string): object => ({
  Name: table,
  TableType: 'EXTERNAL_TABLE',
  StorageDescriptor: {
    Location: `s3://${bucket}/${table}/`,
    Columns: [
      { Name: 'id', Type: 'bigint' },
      { Name: 'region', Type: 'string' },
    ],
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
  },
});

const makePrincipal = async (aws: SimulatedAws, { name, consumer }: BenchPrincipal): Promise<void> => {
  await as(aws, consumer.name)('iam', 'CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: trust({ AWS: `arn:aws:iam::${consumer.account}:root` }),
  });
};

/** How many managed policies a role has that the operator made and attached. */
export const attachedPolicies = async (aws: SimulatedAws, { name, consumer }: BenchPrincipal): Promise<number> => {
  const { AttachedPolicies } = await as(aws, consumer.name)<{ AttachedPolicies?: readonly unknown[] }>(
    'iam',
    'ListAttachedRolePolicies',
    { RoleName: name },
  );
  return AttachedPolicies?.length ?? 0;
};
