// A stage for end-to-end tests of sharing: real API server, simulated AWS, the operator in this process, and environments and a
// dataset whose status is written by hand, so that only sharing is on trial.
import * as glueSdk from '@aws-sdk/client-glue';
import * as iamSdk from '@aws-sdk/client-iam';
import * as s3Sdk from '@aws-sdk/client-s3';
import * as stsSdk from '@aws-sdk/client-sts';
import { startAws, type ClientConfig, type SimulatedAws } from '../../hack/aws/aws.ts';
import { untilPoliciesAct } from '../../hack/start/policies-act.ts';
import { formatDocumentKey, type DocumentKey } from '../../operator/access/document-key.ts';
import { documentController } from '../../operator/controllers/aws-document/controller-names.ts';
import { isCounted, quotaKind } from '../../operator/controllers/environment/namespace-quota.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import type { Operator } from '../../operator/operator.ts';
import { annotations, FINALIZER, labels } from '../../operator/resources/annotations.ts';
import {
  defaultInstallation,
  operatorUsername,
  SERVICE_ACCOUNT,
} from '../../operator/resources/authority/installation.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { startHarness, type Harness } from './harness.ts';
import { makeLakeTable } from './lake-table.ts';
import { REGION, startOperator } from './operator-in-process.ts';
import { objectWaits, untilRead, type ObjectWaits } from './object-waits.ts';

const EXTERNAL_ID = 'external-id-of-the-test';
const namespaces: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };

export interface SharingScene extends AsyncDisposable, ObjectWaits {
  readonly aws: SimulatedAws;
  readonly api: KubeApi;
  readonly harness: Harness;
  readonly operator: Operator;
  readonly roleArn: string;
  /** A fresh session of the consumer role. */
  assume(): Promise<ClientConfig>;
  /** Waits until the API server counts what a namespace holds: from the moment it has a quota until then, it refuses new objects. */
  untilCounted(namespace: string): Promise<void>;
}

/** Manifests of one share of the scene's dataset with its consumer role: what is asked for, and the consent to it. */
interface Terms {
  readonly items: readonly object[];
  readonly expiresAt?: string | undefined;
}
type Manifest = KubeObject & { spec: object };

const TERMS = { requester: 'marketing', permissions: ['Read'] };
const PRINCIPAL = { kind: 'ConsumptionRole', name: 'analysts' };

export const requestOf = (name: string, terms: Terms): Manifest => ({
  apiVersion: 'dataall.io/v1alpha1',
  kind: 'ShareRequest',
  metadata: { namespace: 'marketing-prod', name },
  spec: { ...TERMS, ...terms, principal: PRINCIPAL, datasetRef: { namespace: 'sales-prod', name: 'orders' } },
});

/** @param roleArn of the scene */
export const approvalOf = (name: string, roleArn: string, terms: Terms): Manifest => ({
  apiVersion: 'dataall.io/v1alpha1',
  kind: 'ShareApproval',
  metadata: { namespace: 'sales-prod', name: `marketing-prod.${name}` },
  spec: {
    ...TERMS,
    ...terms,
    principal: { ...PRINCIPAL, arn: roleArn },
    datasetRef: { name: 'orders' },
    requestRef: { namespace: 'marketing-prod', name },
    approver: 'sales',
    decision: 'Approved',
  },
});

interface SceneOptions {
  /** Serves the simulated AWS over HTTP too, for clients outside this process: `aws.endpoint`. */
  readonly http?: boolean;
  /** CSV of tables in the dataset's database, beside `orders`. Once the operator has registered the bucket, nobody may make any. */
  readonly tables?: Readonly<Record<string, string>>;
}

export const openSharingScene = async ({ http = false, tables = {} }: SceneOptions = {}): Promise<SharingScene> => {
  const harness = await startHarness({ authority: true });
  const own = await harness.controlPlane.serviceAccount(defaultInstallation.namespace, SERVICE_ACCOUNT);
  await untilPoliciesAct(harness.controlPlane, own);
  const aws = await startAws({ inProcess: !http });
  const [hub, producer, consumer] = [account(aws, 'hub'), account(aws, 'producer'), account(aws, 'consumer')];
  await makePivotRole(aws, 'producer', hub);
  await makePivotRole(aws, 'consumer', hub);
  await makeData(aws, tables);
  const roleArn = await makeConsumerRole(aws, consumer);

  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(harness.controlPlane.kubeconfig()) });
  const environments = { 'sales-prod': producer, 'marketing-prod': consumer };
  for (const [name, id] of Object.entries(environments)) await makeEnvironment(api, name, id);
  await makeDataset(api, producer);
  await api.create(consumptionRoleKind, {
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'ConsumptionRole',
    metadata: { namespace: 'marketing-prod', name: 'analysts', finalizers: [FINALIZER] },
    spec: { label: 'Analysts', owner: 'marketing', principalArn: roleArn, policyManagement: 'Fully' },
  } as never);

  const running = startOperator(aws, kubeConfigCredentials(own));
  const { operator } = running;
  // What the Environment and Dataset controllers ask for before they are Ready.
  for (const key of preparations(producer, consumer))
    operator.platform.enqueue(documentController, formatDocumentKey(key));
  const stop = async (): Promise<void> => {
    await running[Symbol.asyncDispose]();
    await aws.stop();
    await api.close();
    await harness.stop();
  };
  return {
    aws,
    api,
    harness,
    operator,
    roleArn,
    assume: async () => await assume(aws, roleArn),
    ...objectWaits(api),
    untilCounted: async (namespace) => await untilCounted(operator, namespace),
    [Symbol.asyncDispose]: stop,
  };
};

const untilCounted = async ({ platform }: Operator, namespace: string): Promise<void> => {
  const read = () => platform.stores.get(quotaKind).get(namespace, 'dataall');
  await untilRead(
    'not counted',
    read,
    (quota): quota is NonNullable<typeof quota> => quota !== undefined && isCounted(quota),
  );
};

const preparations = (producer: string, consumer: string): readonly DocumentKey[] => [
  { kind: 'lake-settings', account: producer, region: REGION },
  { kind: 'lake-settings', account: consumer, region: REGION },
  { kind: 'registration', account: producer, region: REGION, bucket: 'orders-data' },
];

export const account = (aws: SimulatedAws, name: string): string => aws.accounts[name]?.id ?? '';

const makePivotRole = async (aws: SimulatedAws, who: string, hub: string): Promise<void> => {
  const iam = new iamSdk.IAMClient(aws.clientConfig(who, REGION));
  await iam.send(
    new iamSdk.CreateRoleCommand({
      RoleName: 'dataallPivotRole',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${hub}:root` },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
          },
        ],
      }),
    }),
  );
  await iam.send(
    new iamSdk.PutRolePolicyCommand({
      RoleName: 'dataallPivotRole',
      PolicyName: 'all',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    }),
  );
};

const ORDERS = 'id,region,amount\n1,eu,10\n2,us,20\n3,eu,30\n';

const makeData = async (aws: SimulatedAws, tables: Readonly<Record<string, string>>): Promise<void> => {
  const config = aws.clientConfig('producer', REGION);
  const iam = new iamSdk.IAMClient(config);
  const s3 = new s3Sdk.S3Client(config);
  const glue = new glueSdk.GlueClient(config);
  await s3.send(
    new s3Sdk.CreateBucketCommand({ Bucket: 'orders-data', CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  await s3.send(new s3Sdk.PutObjectCommand({ Bucket: 'orders-data', Key: 'raw/a.txt', Body: 'raw data' }));
  await s3.send(new s3Sdk.PutObjectCommand({ Bucket: 'orders-data', Key: 'raw2/b.txt', Body: 'other data' }));
  await glue.send(
    new glueSdk.CreateDatabaseCommand({ DatabaseInput: { Name: 'orders', CreateTableDefaultPermissions: [] } }),
  );
  for (const [name, csv] of Object.entries({ orders: ORDERS, ...tables }))
    await makeLakeTable(config, { bucket: 'orders-data', database: 'orders', name, csv });
  await iam.send(
    new iamSdk.CreateRoleCommand({
      RoleName: 'orders-dataset',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lakeformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  await iam.send(
    new iamSdk.PutRolePolicyCommand({
      RoleName: 'orders-dataset',
      PolicyName: 'data',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::orders-data', 'arn:aws:s3:::orders-data/*'] },
        ],
      }),
    }),
  );
};

const makeConsumerRole = async (aws: SimulatedAws, accountId: string): Promise<string> => {
  const iam = new iamSdk.IAMClient(aws.clientConfig('consumer', REGION));
  await iam.send(
    new iamSdk.CreateRoleCommand({
      RoleName: 'analysts',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  return `arn:aws:iam::${accountId}:role/analysts`;
};

const assume = async (aws: SimulatedAws, roleArn: string): Promise<ClientConfig> => {
  const sts = new stsSdk.STSClient(aws.clientConfig('consumer', REGION));
  const { Credentials: session } = await sts.send(
    new stsSdk.AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'analyst' }),
  );
  return aws.clientConfig(
    {
      accessKeyId: session?.AccessKeyId ?? '',
      secretAccessKey: session?.SecretAccessKey ?? '',
      sessionToken: session?.SessionToken ?? '',
    },
    REGION,
  );
};

const makeEnvironment = async (api: KubeApi, name: string, id: string): Promise<void> => {
  await asOperator(api).create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { [labels.environment]: name }, annotations: { [annotations.account]: id } },
  });
  const environment = await api.create(environmentKind, {
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'Environment',
    metadata: { name },
    spec: {
      organization: 'acme',
      label: name,
      owner: name === 'sales-prod' ? 'sales' : 'marketing',
      account: { id, region: REGION },
    },
  } as never);
  await api.patch(
    environmentKind,
    environment.metadata,
    {
      type: 'merge',
      body: {
        status: {
          observedGeneration: 1,
          id: name === 'sales-prod' ? 'envsales' : 'envmarke',
          externalId: EXTERNAL_ID,
          pivotRole: { arn: `arn:aws:iam::${id}:role/dataallPivotRole` },
        },
      },
    },
    { subresource: 'status' },
  );
};

/** Namespaces of environments are the operator's to make. */
const asOperator = (api: KubeApi): KubeApi =>
  api.as({ user: operatorUsername(defaultInstallation), groups: ['system:masters'] });

/** `orders`, as if its controller had found what is in the account. */
export const makeDataset = async (api: KubeApi, accountId: string, owner = 'sales'): Promise<void> => {
  const dataset = await api.create(datasetKind, {
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'Dataset',
    metadata: { namespace: 'sales-prod', name: 'orders' },
    spec: {
      label: 'Orders',
      owner,
      s3: { origin: 'Create' },
      confidentiality: 'Official',
      folders: [{ name: 'raw', prefix: 'raw/' }],
    },
  } as never);
  await api.patch(
    datasetKind,
    dataset.metadata,
    {
      type: 'merge',
      body: {
        status: {
          observedGeneration: 1,
          id: 'a1b2c3d4',
          account: accountId,
          region: REGION,
          bucket: 'orders-data',
          glueDatabase: 'orders',
          roleArn: `arn:aws:iam::${accountId}:role/orders-dataset`,
          lakeFormation: 'Enforced',
        },
      },
    },
    { subresource: 'status' },
  );
};
