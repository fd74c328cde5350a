// A stage for end-to-end tests of imports: two linked accounts on the stage of environments, a role that analysts work as, and what
// people had in AWS before.
import { expect, vi } from 'vitest';
import type { RoleSessionPrincipal } from '../../hack/aws/core/principal.ts';
import { eventKind } from '../../operator/kernel/runtime/event-recorder.ts';
import { findCondition, isTrue } from '../../operator/kernel/conditions.ts';
import type { Stored } from '../../operator/kernel/kind.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../operator/resources/share-request.ts';
import { openEnvironmentScene, type EnvironmentScene } from './environment-scene.ts';
import { REGION } from './operator-in-process.ts';

export const PRODUCER = 'sales-prod';
export const CONSUMER = 'marketing-prod';
const OWNERS = { [PRODUCER]: 'sales', [CONSUMER]: 'marketing' } as const;
const ACCOUNTS = { [PRODUCER]: 'producer', [CONSUMER]: 'consumer' } as const;
const RESULTS = 'acme-analyst-results';
const ANALYSTS = 'analysts';

export interface ImportScene extends EnvironmentScene {
  /** As the administrator of the producer's account. */
  produce<O = unknown>(service: string, operation: string, input: object): Promise<O>;
  makeBucket(name: string, objects?: Readonly<Record<string, string>>): Promise<void>;
  makeDatabase(name: string, tables?: Readonly<Record<string, string>>): Promise<void>;
  /** Applies an import, and waits until `holds`; without it, until it is Ready. */
  import(name: string, s3: object, holds?: (dataset: Stored<Dataset>) => boolean): Promise<Stored<Dataset>>;
  /** Asks for items of a dataset for the analysts, and approves them; waits until `holds`; without it, until it is granted. */
  share(
    dataset: string,
    items: readonly object[],
    holds?: (share: Stored<ShareRequest>) => boolean,
  ): Promise<Stored<ShareRequest>>;
  session(account: 'producer' | 'consumer', role: string): Promise<RoleSessionPrincipal>;
  /** What a query answers, or why it does not. */
  query(database: string, table: string): Promise<string>;
  /** What Events say about an object by now. */
  notes(name: string): Promise<readonly string[]>;
}

/** The share of a dataset with the analysts. */
export const shareOf = (dataset: string) => ({ namespace: CONSUMER, name: `${dataset}-for-analysts` });

export const readyOf = ({ status }: Pick<Dataset, 'status'>): string => {
  const ready = findCondition(status.conditions, 'Ready');
  return `${ready?.reason}: ${ready?.message}`;
};

export const openImportScene = async (groups: readonly string[] = []): Promise<ImportScene> => {
  const scene = await openEnvironmentScene();
  const administrator = `arn:aws:iam::${scene.accountId('producer')}:user/administrator`;
  await scene.administer('producer', 'lakeformation', 'PutDataLakeSettings', {
    DataLakeSettings: { DataLakeAdmins: [{ DataLakePrincipalIdentifier: administrator }] },
  });
  const teams = [...Object.values(OWNERS), ...groups].map((group) => ({ group, permissions: ['LINK_ENVIRONMENT'] }));
  await scene.apply(organizationKind, { name: 'acme' }, { label: 'ACME', owner: 'platform', teams });
  await Promise.all([PRODUCER, CONSUMER].map(async (name) => link(scene, name as typeof PRODUCER)));
  await makeAnalysts(scene);
  const produce: ImportScene['produce'] = async (service, operation, input) =>
    await scene.administer('producer', service, operation, input);
  const session: ImportScene['session'] = async (account, role) => await sessionOf(scene, account, role);
  return {
    ...scene,
    produce,
    session,
    async makeBucket(name, objects = {}) {
      await produce('s3', 'CreateBucket', {
        Bucket: name,
        CreateBucketConfiguration: { LocationConstraint: REGION },
      });
      for (const [Key, Body] of Object.entries(objects))
        await produce('s3', 'PutObject', { Bucket: name, Key, Body: new TextEncoder().encode(Body) });
    },
    async makeDatabase(name, tables = {}) {
      await produce('glue', 'CreateDatabase', { DatabaseInput: { Name: name } });
      for (const [table, location] of Object.entries(tables))
        await produce('glue', 'CreateTable', { DatabaseName: name, TableInput: tableAt(table, location) });
    },
    async import(name, s3, holds = ({ status }) => isTrue(status.conditions, 'Ready')) {
      const key = { namespace: PRODUCER, name };
      await scene.apply(datasetKind, key, {
        label: name,
        owner: OWNERS[PRODUCER],
        confidentiality: 'Official',
        deletionPolicy: 'DeleteWithData',
        s3: { origin: 'Import', lakeFormation: 'Enforced', ...s3 },
      });
      return await scene.until(datasetKind, key, holds);
    },
    async share(dataset, items, holds = ({ status }) => status.phase === 'Granted') {
      const terms = { requester: OWNERS[CONSUMER], permissions: ['Read'], items };
      const key = shareOf(dataset);
      await scene.apply(shareRequestKind, key, {
        ...terms,
        datasetRef: { namespace: PRODUCER, name: dataset },
        principal: { kind: 'ConsumptionRole', name: ANALYSTS },
      });
      await scene.apply(
        shareApprovalKind,
        { namespace: PRODUCER, name: `${key.namespace}.${key.name}` },
        {
          ...terms,
          approver: OWNERS[PRODUCER],
          datasetRef: { name: dataset },
          requestRef: key,
          principal: { kind: 'ConsumptionRole', name: ANALYSTS, arn: roleArn(scene, 'consumer', ANALYSTS) },
          decision: 'Approved',
        },
      );
      return await scene.until(shareRequestKind, key, holds);
    },
    async query(database, table) {
      const analyst = await session('consumer', ANALYSTS);
      const athena = async <O>(operation: string, input: object): Promise<O> =>
        await scene.aws.invoke('athena', operation, input, analyst, REGION);
      const { QueryExecutionId } = await athena<{ QueryExecutionId: string }>('StartQueryExecution', {
        QueryString: `SELECT * FROM ${table}`,
        WorkGroup: ANALYSTS,
        QueryExecutionContext: { Database: database },
      });
      const { QueryExecution } = await athena<{
        QueryExecution: { Status: { State: string; StateChangeReason?: string } };
      }>('GetQueryExecution', { QueryExecutionId });
      const { State, StateChangeReason = '' } = QueryExecution.Status;
      if (State !== 'SUCCEEDED') return StateChangeReason;
      const { ResultSet } = await athena<{
        ResultSet: { Rows: { Data: { VarCharValue?: string }[] }[] };
      }>('GetQueryResults', { QueryExecutionId });
      return ResultSet.Rows.map(({ Data }) => Data.map(({ VarCharValue }) => VarCharValue).join()).join(' ');
    },
    async notes(name) {
      const { items } = await scene.api.list(eventKind);
      return items
        .filter(({ regarding }) => (regarding as { name?: string }).name === name)
        .map(({ reason, note }) => `${String(reason)}: ${String(note)}`);
    },
  };
};

export const tableAt = (name: string, location: string, more: object = {}): object => ({
  Name: name,
  TableType: 'EXTERNAL_TABLE',
  ...more,
  StorageDescriptor: {
    Location: location,
    Columns: [
      { Name: 'id', Type: 'bigint' },
      { Name: 'what', Type: 'string' },
    ],
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
  },
});

const roleArn = (scene: EnvironmentScene, account: string, role: string): string =>
  `arn:aws:iam::${scene.accountId(account)}:role/${role}`;

const link = async (scene: EnvironmentScene, name: typeof PRODUCER | typeof CONSUMER): Promise<void> => {
  const account = ACCOUNTS[name];
  await scene.apply(
    environmentKind,
    { name },
    {
      organization: 'acme',
      label: name,
      owner: OWNERS[name],
      account: { id: scene.accountId(account), region: REGION },
      pivotRole: { mode: 'Managed' },
    },
  );
  const { status } = await scene.until(
    environmentKind,
    { name },
    (found) => findCondition(found.status.conditions, 'Ready')?.reason === 'ConsentMissing',
  );
  await scene.administer(account, 'ssm', 'PutParameter', {
    Name: '/dataall/dataall/consent',
    Value: status.externalId,
    Type: 'String',
  });
  await scene.until(environmentKind, { name }, (found) => isTrue(found.status.conditions, 'Ready'));
};

/** A role of the consumer that may query, and nothing else but what shares give it. */
const makeAnalysts = async (scene: EnvironmentScene): Promise<void> => {
  const consume = async (service: string, operation: string, input: object): Promise<unknown> =>
    await scene.administer('consumer', service, operation, input);
  await consume('s3', 'CreateBucket', {
    Bucket: RESULTS,
    CreateBucketConfiguration: { LocationConstraint: REGION },
  });
  await consume('athena', 'CreateWorkGroup', {
    Name: ANALYSTS,
    Configuration: { ResultConfiguration: { OutputLocation: `s3://${RESULTS}/` } },
  });
  const allow = (Action: string, Resource: string | readonly string[]): object => ({
    Effect: 'Allow',
    Action,
    Resource,
  });
  const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  await consume('iam', 'CreateRole', {
    RoleName: ANALYSTS,
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${scene.accountId('consumer')}:root` },
      Action: 'sts:AssumeRole',
    }),
  });
  await consume('iam', 'PutRolePolicy', {
    RoleName: ANALYSTS,
    PolicyName: 'queries',
    PolicyDocument: policy(
      allow('athena:*', '*'),
      allow('s3:*', [`arn:aws:s3:::${RESULTS}`, `arn:aws:s3:::${RESULTS}/*`]),
    ),
  });
  await scene.apply(
    consumptionRoleKind,
    { namespace: CONSUMER, name: ANALYSTS },
    { label: 'Analysts', owner: OWNERS[CONSUMER], principalArn: roleArn(scene, 'consumer', ANALYSTS) },
  );
};

const sessionOf = async (
  scene: EnvironmentScene,
  account: 'producer' | 'consumer',
  role: string,
): Promise<RoleSessionPrincipal> => {
  const { Role } = await scene.administer<{ Role: { RoleId: string } }>(account, 'iam', 'GetRole', { RoleName: role });
  const id = scene.accountId(account);
  return {
    kind: 'role-session',
    account: id,
    arn: `arn:aws:sts::${id}:assumed-role/${role}/test`,
    roleArn: `arn:aws:iam::${id}:role/${role}`,
    roleId: Role.RoleId,
    roleName: role,
    sessionName: 'test',
  };
};

/** Until `read` answers what is expected: AWS is told of some things by events, and knows some things late. */
export const eventually = async <T>(read: () => Promise<T>, expected: unknown): Promise<void> => {
  await vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout: 60_000, interval: 100 });
};
