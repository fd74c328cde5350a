// The custom resources of the workload. Environments and datasets get the status that their controllers would write, by hand.
import pLimit from 'p-limit';
import { apiVersion, type Kind, type KubeObject, type Stored } from '../../operator/kernel/kind.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { annotations, FINALIZER, labels } from '../../operator/resources/annotations.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { approvalName } from '../../operator/resources/names.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { datasetRoleArn, EXTERNAL_ID, pivotRoleArn } from './accounts.ts';
import { CONSUMING_GROUP, PRODUCING_GROUP, type Person } from './people.ts';
import {
  FOLDER,
  REGION,
  TABLES,
  type BenchDataset,
  type BenchPrincipal,
  type BenchShare,
  type Place,
  type Workload,
} from './workload.ts';

const namespaces: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };
/** Writes at once: enough to keep the API server busy, few enough not to be turned away. */
const CONCURRENCY = 16;

export interface Writers extends Readonly<Record<Person, KubeApi>> {
  /** Writes the surroundings. */
  readonly administrator: KubeApi;
  /** Makes namespaces and writes status: nobody else may. */
  readonly operator: KubeApi;
}

/** Everything but requests and approvals. */
export const writeSurroundings = async (
  writers: Writers,
  workload: Workload,
  keys: ReadonlyMap<string, string>,
): Promise<void> => {
  for (const place of workload.producers) await writeEnvironment(writers, place, PRODUCING_GROUP);
  for (const place of workload.consumers) await writeEnvironment(writers, place, CONSUMING_GROUP);
  await inParallel(workload.datasets, (dataset) => writeDataset(writers, dataset, keys.get(dataset.name) ?? ''));
  await inParallel(workload.principals, (principal) => writePrincipal(writers, principal));
};

/** A request, then its approval: both made, neither looked at yet when the operator is not there. */
export const writeShare = async (
  { asker, decider }: Pick<Writers, 'asker' | 'decider'>,
  share: BenchShare,
  items: readonly object[] = itemsOf(share),
): Promise<void> => {
  await create(asker, shareRequestKind, requestOf(share, items));
  await create(decider, shareApprovalKind, approvalOf(share, items));
};

export const writeShares = async (writers: Writers, shares: readonly BenchShare[]): Promise<void> =>
  await inParallel(shares, (share) => writeShare(writers, share));

export const requestName = ({
  name,
  principal,
}: BenchShare): { readonly namespace: string; readonly name: string } => ({
  namespace: principal.consumer.name,
  name,
});

export const approvalNameOf = (share: BenchShare): { readonly namespace: string; readonly name: string } => ({
  namespace: share.dataset.producer.name,
  name: approvalName(requestName(share)),
});

export const inParallel = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> => {
  await pLimit(CONCURRENCY).map(items, work);
};

const writeEnvironment = async (writers: Writers, place: Place, owner: string): Promise<void> => {
  const environment = await create(writers.administrator, environmentKind, {
    metadata: { name: place.name },
    spec: { organization: 'bench', label: place.name, owner, account: { id: place.account, region: REGION } },
  });
  await create(writers.operator, namespaces, {
    metadata: {
      name: place.name,
      labels: { [labels.environment]: place.name },
      annotations: { [annotations.account]: place.account },
    },
  });
  await writeStatus(writers, environmentKind, environment, {
    id: place.id,
    externalId: EXTERNAL_ID,
    pivotRole: { arn: pivotRoleArn(place) },
  });
};

const writeDataset = async (writers: Writers, dataset: BenchDataset, keyArn: string): Promise<void> => {
  const { id, name, producer, bucket, database } = dataset;
  const stored = await create(writers.administrator, datasetKind, {
    metadata: { namespace: producer.name, name, finalizers: [FINALIZER] },
    spec: {
      label: name,
      owner: PRODUCING_GROUP,
      s3: { origin: 'Create' },
      confidentiality: 'Official',
      folders: [{ ...FOLDER }],
    },
  });
  await writeStatus(writers, datasetKind, stored, {
    id,
    account: producer.account,
    region: REGION,
    bucket,
    keyArn,
    glueDatabase: database,
    roleArn: datasetRoleArn(dataset),
    lakeFormation: 'Enforced',
  });
};

const writePrincipal = async ({ administrator }: Writers, { name, consumer, arn }: BenchPrincipal): Promise<void> => {
  await create(administrator, consumptionRoleKind, {
    metadata: { namespace: consumer.name, name },
    spec: { label: name, owner: CONSUMING_GROUP, principalArn: arn, policyManagement: 'Fully' },
  });
};

const itemsOf = ({ dataset }: BenchShare): readonly object[] => [
  ...TABLES.map((name) => ({ kind: 'Table', name })),
  { kind: 'Folder', name: FOLDER.name },
  { kind: 'Bucket', name: dataset.bucket },
];

const requestOf = (share: BenchShare, items: readonly object[]): Partial<KubeObject> & { readonly spec: object } => ({
  metadata: { ...requestName(share) },
  spec: {
    datasetRef: { namespace: share.dataset.producer.name, name: share.dataset.name },
    requester: CONSUMING_GROUP,
    principal: { kind: 'ConsumptionRole', name: share.principal.name },
    permissions: ['Read'],
    items,
    purpose: 'benchmark',
  },
});

const approvalOf = (share: BenchShare, items: readonly object[]): Partial<KubeObject> & { readonly spec: object } => ({
  metadata: { ...approvalNameOf(share) },
  spec: {
    datasetRef: { name: share.dataset.name },
    requestRef: requestName(share),
    approver: PRODUCING_GROUP,
    requester: CONSUMING_GROUP,
    principal: { kind: 'ConsumptionRole', name: share.principal.name, arn: share.principal.arn },
    decision: 'Approved',
    permissions: ['Read'],
    items,
  },
});

export const create = async <T extends KubeObject>(api: KubeApi, kind: Kind<T>, object: object): Promise<Stored<T>> =>
  await api.create(kind, { apiVersion: apiVersion(kind), kind: kind.kind, ...object } as T);

const writeStatus = async (writers: Writers, kind: Kind, { metadata }: Stored, status: object): Promise<void> => {
  await writers.operator.patch(
    kind,
    metadata,
    { type: 'merge', body: { status: { observedGeneration: 1, ...status } } },
    { subresource: 'status' },
  );
};
