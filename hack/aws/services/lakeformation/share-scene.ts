// A stage for tests: a producer with a table, a consumer with an analyst, and the steps of a cross-account share one by one.
import { GlueClient } from '@aws-sdk/client-glue';
import * as glue from '@aws-sdk/client-glue';
import { IAMClient } from '@aws-sdk/client-iam';
import * as iam from '@aws-sdk/client-iam';
import type { Permission, Resource } from '@aws-sdk/client-lakeformation';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import * as lake from '@aws-sdk/client-lakeformation';
import { RAMClient } from '@aws-sdk/client-ram';
import * as ram from '@aws-sdk/client-ram';
import * as sts from '@aws-sdk/client-sts';
import { STSClient } from '@aws-sdk/client-sts';
import type { Credentials, SimulatedAws } from '../../aws.ts';
import { startAws } from '../../aws.ts';

export const REGION = 'eu-west-1';
export const PRODUCER = '222222222222';
export const CONSUMER = '333333333333';
export const DATABASE = 'sales';
export const TABLE = 'orders';
export const BUCKET = 'sales-data';
export const LINKS = 'sales_shared';
export const ANALYST = `arn:aws:iam::${CONSUMER}:role/analyst`;
export const LAKE_ROLE = `arn:aws:iam::${PRODUCER}:role/lake`;

/** The clients of one identity. */
export interface Clients {
  readonly glue: GlueClient;
  readonly lake: LakeFormationClient;
  readonly ram: RAMClient;
  readonly iam: IAMClient;
  readonly sts: STSClient;
}

export interface Scene {
  readonly aws: SimulatedAws;
  readonly producer: Clients;
  readonly consumer: Clients;
  /** A fresh session of a role of either account. */
  assume(roleArn: string): Promise<Clients & { readonly credentials: Credentials }>;
}

const clientsOf = (aws: SimulatedAws, who: string | Credentials): Clients => {
  const config = aws.clientConfig(who, REGION);
  return {
    glue: new GlueClient(config),
    lake: new LakeFormationClient(config),
    ram: new RAMClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
  };
};

/** An empty world of two accounts whose administrators are data lake administrators and where Lake Formation decides. */
export const openScene = async (): Promise<Scene> => {
  const aws = await startAws({ inProcess: true });
  const producer = clientsOf(aws, 'producer');
  const consumer = clientsOf(aws, 'consumer');
  return {
    aws,
    producer,
    consumer,
    assume: async (roleArn) => {
      const owner = roleArn.split(':')[4] === PRODUCER ? producer : consumer;
      const { Credentials: session } = await owner.sts.send(
        new sts.AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test' }),
      );
      const credentials: Credentials = {
        accessKeyId: session?.AccessKeyId ?? '',
        secretAccessKey: session?.SecretAccessKey ?? '',
        sessionToken: session?.SessionToken ?? '',
      };
      return { ...clientsOf(aws, credentials), credentials };
    },
  };
};

const administrator = (account: string): string => `arn:aws:iam::${account}:user/administrator`;

/** Makes the account's administrator the data lake administrator; new tables are under Lake Formation alone. */
export const governLake = async (clients: Clients, account: string, version = '3'): Promise<void> => {
  await clients.lake.send(
    new lake.PutDataLakeSettingsCommand({
      DataLakeSettings: {
        DataLakeAdmins: [{ DataLakePrincipalIdentifier: administrator(account) }],
        CreateDatabaseDefaultPermissions: [],
        CreateTableDefaultPermissions: [],
        Parameters: { CROSS_ACCOUNT_VERSION: version },
      },
    }),
  );
};

/** A role that `trusted` may assume, with one inline policy. */
export const makeRole = async (
  clients: Clients,
  name: string,
  trusted: { readonly AWS: string } | { readonly Service: string },
  statements: readonly object[],
): Promise<void> => {
  await clients.iam.send(
    new iam.CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: trusted, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  if (statements.length > 0) await setRolePolicy(clients, name, statements);
};

export const setRolePolicy = async (clients: Clients, name: string, statements: readonly object[]): Promise<void> => {
  await clients.iam.send(
    new iam.PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'rights',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  );
};

const arn = (account: string, rest: string): string => `arn:aws:glue:${REGION}:${account}:${rest}`;

/** Glue rights of a reader on source and link, as a share policy writes them. */
export const glueStatement = (parts: { readonly source: boolean; readonly link: boolean }): object => ({
  Effect: 'Allow',
  Action: [
    'glue:GetDatabase',
    'glue:GetDatabases',
    'glue:GetTable',
    'glue:GetTables',
    'glue:GetPartition*',
    'glue:BatchGetPartition',
  ],
  Resource: [
    ...(parts.source
      ? [arn(PRODUCER, 'catalog'), arn(PRODUCER, `database/${DATABASE}`), arn(PRODUCER, `table/${DATABASE}/${TABLE}`)]
      : []),
    ...(parts.link
      ? [arn(CONSUMER, 'catalog'), arn(CONSUMER, `database/${LINKS}`), arn(CONSUMER, `table/${LINKS}/${TABLE}`)]
      : []),
  ],
});

export const dataAccessStatement: object = { Effect: 'Allow', Action: 'lakeformation:GetDataAccess', Resource: '*' };

/** The producer's database and table over `s3://sales-data/orders/`. */
export const makeTable = async (clients: Clients, name = TABLE): Promise<void> => {
  await clients.glue
    .send(new glue.CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE, LocationUri: `s3://${BUCKET}/` } }))
    .catch((error: unknown) => {
      if (!(error instanceof glue.AlreadyExistsException)) throw error;
    });
  await clients.glue.send(
    new glue.CreateTableCommand({
      DatabaseName: DATABASE,
      TableInput: {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: { classification: 'csv', 'skip.header.line.count': '1' },
        StorageDescriptor: {
          Location: `s3://${BUCKET}/${name}/`,
          Columns: [
            { Name: 'id', Type: 'bigint' },
            { Name: 'region', Type: 'string' },
            { Name: 'customer', Type: 'string' },
            { Name: 'amount', Type: 'decimal(10,2)' },
          ],
          InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          SerdeInfo: {
            SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            Parameters: { 'field.delim': ',' },
          },
        },
      },
    }),
  );
};

export const tableResource: Resource = { Table: { CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE } };
export const linkResource: Resource = { Table: { CatalogId: CONSUMER, DatabaseName: LINKS, Name: TABLE } };

export const grant = async (
  clients: Clients,
  principal: string,
  resource: Resource,
  permissions: Permission[],
  grantable: Permission[] = [],
): Promise<void> => {
  await clients.lake.send(
    new lake.GrantPermissionsCommand({
      Principal: { DataLakePrincipalIdentifier: principal },
      Resource: resource,
      Permissions: permissions,
      PermissionsWithGrantOption: grantable,
    }),
  );
};

export const revoke = async (
  clients: Clients,
  principal: string,
  resource: Resource,
  permissions: Permission[],
): Promise<void> => {
  await clients.lake.send(
    new lake.RevokePermissionsCommand({
      Principal: { DataLakePrincipalIdentifier: principal },
      Resource: resource,
      Permissions: permissions,
    }),
  );
};

/** Invitations the consumer has, by status. */
export const invitations = async (clients: Clients): Promise<ram.ResourceShareInvitation[]> => {
  const { resourceShareInvitations } = await clients.ram.send(new ram.GetResourceShareInvitationsCommand({}));
  return resourceShareInvitations ?? [];
};

export const acceptAll = async (clients: Clients): Promise<void> => {
  for (const invitation of await invitations(clients))
    if (invitation.status === 'PENDING')
      await clients.ram.send(
        new ram.AcceptResourceShareInvitationCommand({
          resourceShareInvitationArn: invitation.resourceShareInvitationArn,
        }),
      );
};

/** The consumer's database of links, empty of defaults. */
export const makeLinkDatabase = async (clients: Clients): Promise<void> => {
  await clients.glue.send(
    new glue.CreateDatabaseCommand({ DatabaseInput: { Name: LINKS, CreateTableDefaultPermissions: [] } }),
  );
};

export const makeLink = async (clients: Clients, catalog = PRODUCER): Promise<void> => {
  await clients.glue.send(
    new glue.CreateTableCommand({
      DatabaseName: LINKS,
      TableInput: { Name: TABLE, TargetTable: { CatalogId: catalog, DatabaseName: DATABASE, Name: TABLE } },
    }),
  );
};
