// The usual cast of tests about sharing: a producer with a dataset, a consumer with roles, a request and its approval. Each maker
// takes what is to be different.
import type { ConsumptionRole } from '../../resources/consumption-role.ts';
import type { DatasetTable } from '../../resources/dataset-table.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import type { Organization } from '../../resources/organization.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import type { Team } from '../../resources/team.ts';
import type { DatasetBaseline } from '../desired.ts';
import type { ShareInputs } from '../consent.ts';
import type { Grant, GrantedItem, GrantPrincipal } from '../grant.ts';
import type { DocumentOutcome } from '../reconcile-document.ts';

export const PRODUCER = '111111111111';
export const CONSUMER = '222222222222';
export const REGION = 'eu-west-1';
export const ROLE_ARN = `arn:aws:iam::${CONSUMER}:role/analysts`;
export const ROLE_ID = 'AROAANALYSTS';
export const KEY_ARN = `arn:aws:kms:${REGION}:${PRODUCER}:key/11111111-2222-3333-4444-555555555555`;

interface Changes<Spec, Status> {
  readonly metadata?: Record<string, unknown>;
  readonly spec?: Partial<Spec>;
  readonly status?: Partial<Status>;
}

const metadata = (namespace: string | undefined, name: string, changes: Record<string, unknown> = {}) => ({
  ...(namespace === undefined ? {} : { namespace }),
  name,
  uid: `uid-${name}`,
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...changes,
});

/** The producer's environment is `sales-prod`, the consumer's `marketing-prod`. */
export const environment = (
  name: 'sales-prod' | 'marketing-prod',
  changes: Changes<Environment['spec'], Environment['status']> = {},
): Environment => {
  const id = name === 'sales-prod' ? PRODUCER : CONSUMER;
  return {
    metadata: metadata(undefined, name, changes.metadata),
    spec: {
      organization: 'acme',
      owner: name === 'sales-prod' ? 'sales' : 'marketing',
      account: { id, region: REGION },
      resourcePrefix: 'dataall',
      remediation: 'Repair',
      ...changes.spec,
    },
    status: {
      id: name === 'sales-prod' ? 'envsales' : 'envmarke',
      pivotRole: { arn: `arn:aws:iam::${id}:role/dataallPivotRole` },
      ...changes.status,
    },
  } as unknown as Environment;
};

export const dataset = (changes: Changes<Dataset['spec'], Dataset['status']> = {}): Dataset =>
  ({
    metadata: metadata('sales-prod', 'orders', changes.metadata),
    spec: {
      owner: 'sales',
      s3: { origin: 'Create' },
      folders: [
        { name: 'raw', prefix: 'raw/' },
        { name: 'raw2', prefix: 'raw2/' },
      ],
      ...changes.spec,
    },
    status: {
      id: 'a1b2c3d4',
      account: PRODUCER,
      region: REGION,
      bucket: 'orders-data',
      glueDatabase: 'orders',
      keyArn: KEY_ARN,
      roleArn: `arn:aws:iam::${PRODUCER}:role/orders-dataset`,
      lakeFormation: 'Enforced',
      ...changes.status,
    },
  }) as unknown as Dataset;

export const consumptionRole = (
  changes: Changes<ConsumptionRole['spec'], ConsumptionRole['status']> = {},
): ConsumptionRole =>
  ({
    metadata: metadata('marketing-prod', 'analysts', changes.metadata),
    spec: { owner: 'marketing', principalArn: ROLE_ARN, policyManagement: 'Fully', ...changes.spec },
    status: { id: 'roleanal', principalId: ROLE_ID, ...changes.status },
  }) as unknown as ConsumptionRole;

export const team = (namespace: string, changes: Changes<Team['spec'], Team['status']> = {}): Team =>
  ({
    metadata: metadata(namespace, 'analysts', changes.metadata),
    spec: { group: 'marketing', ...changes.spec },
    status: { id: 'teamanal', roleArn: ROLE_ARN, roleId: ROLE_ID, ...changes.status },
  }) as unknown as Team;

/** Of the environments in the cast. */
export const organization = (groups: readonly string[]): Organization =>
  ({
    metadata: metadata(undefined, 'acme'),
    spec: { owner: 'platform', teams: groups.map((group) => ({ group, permissions: [] })) },
  }) as unknown as Organization;

/** Its group was taken out of the organization. */
export const uninvitedTeam = (namespace: string, group: string): Team =>
  team(namespace, {
    spec: { group },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'NotInvited',
          message: '',
          observedGeneration: 1,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    },
  });

export const datasetTable = (
  table: string,
  filters: DatasetTable['spec']['filters'],
  changes: Record<string, unknown> = {},
): DatasetTable =>
  ({
    metadata: metadata('sales-prod', `orders.${table}`, changes),
    spec: { datasetRef: { name: 'orders' }, table, filters },
    status: {},
  }) as unknown as DatasetTable;

export const ALL_ITEMS: readonly ShareItem[] = [
  { kind: 'Table', name: 'orders' },
  { kind: 'Folder', name: 'raw' },
  { kind: 'Bucket', name: 'orders-data' },
];

export const shareRequest = (changes: Changes<ShareRequest['spec'], ShareRequest['status']> = {}): ShareRequest =>
  ({
    metadata: metadata('marketing-prod', 'orders-for-analysts', changes.metadata),
    spec: {
      datasetRef: { namespace: 'sales-prod', name: 'orders' },
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts' },
      permissions: ['Read'],
      items: ALL_ITEMS,
      draft: false,
      ...changes.spec,
    },
    status: { observedGeneration: 1, ...changes.status },
  }) as unknown as ShareRequest;

/** Approves everything of `shareRequest()`, and is bound to it. */
export const shareApproval = (changes: Changes<ShareApproval['spec'], ShareApproval['status']> = {}): ShareApproval =>
  ({
    metadata: metadata('sales-prod', 'marketing-prod.orders-for-analysts', changes.metadata),
    spec: {
      datasetRef: { name: 'orders' },
      requestRef: { namespace: 'marketing-prod', name: 'orders-for-analysts' },
      approver: 'sales',
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts', arn: ROLE_ARN },
      decision: 'Approved',
      permissions: ['Read'],
      items: ALL_ITEMS,
      ...changes.spec,
    },
    status: {
      boundTo: {
        seenGeneration: 1,
        approvalGeneration: 1,
        approver: 'sales',
        requestUid: 'uid-orders-for-analysts',
        requestGeneration: 1,
        datasetUid: 'uid-orders',
        principalArn: ROLE_ARN,
        principalId: ROLE_ID,
        folders: { raw: 'raw/', raw2: 'raw2/' },
        at: '2026-01-01T00:00:00Z',
      },
      ...changes.status,
    },
  }) as unknown as ShareApproval;

/** Noon of a day after everything in the cast was made. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

/** A share in order: approved, bound, everything ready. */
export const shareInputs = (changes: Partial<ShareInputs> = {}): ShareInputs => ({
  request: shareRequest(),
  approval: shareApproval(),
  dataset: dataset(),
  tables: [],
  producer: environment('sales-prod'),
  consumer: environment('marketing-prod'),
  principal: { kind: 'ConsumptionRole', role: consumptionRole() },
  allowWrite: true,
  allowSelfApproval: false,
  pause: undefined,
  now: NOW,
  ...changes,
});

/** A run that found everything as it should be, and nothing to say. */
export const documentOutcome = (changes: Partial<DocumentOutcome> = {}): DocumentOutcome => ({
  verdicts: new Map(),
  clean: true,
  drift: [],
  reported: false,
  deferred: undefined,
  writes: 0,
  outputs: new Map(),
  ownReading: undefined,
  discovered: [],
  verifiedAt: NOW,
  ...changes,
});

export const grantPrincipal = (name: string, changes: Partial<GrantPrincipal> = {}): GrantPrincipal => ({
  reference: { kind: 'ConsumptionRole', namespace: 'marketing-prod', name, id: `id${name}`.slice(0, 8) },
  arn: `arn:aws:iam::${CONSUMER}:role/${name}`,
  uniqueId: `AROA${name.toUpperCase()}`,
  policyManagement: 'Fully',
  ...changes,
});

/** Reading `item` of the dataset `orders` by the role `analysts`. */
export const grant = (item: GrantedItem, changes: Partial<Grant> = {}): Grant => {
  const principal = changes.principal ?? grantPrincipal('analysts');
  return {
    share: { namespace: 'marketing-prod', name: `for-${principal.reference.name}`, uid: 'uid-share' },
    source: {
      dataset: { namespace: 'sales-prod', name: 'orders', uid: 'uid-orders', id: 'a1b2c3d4' },
      account: PRODUCER,
      region: REGION,
      bucket: 'orders-data',
      keyArn: KEY_ARN,
      database: 'orders',
    },
    consumer: {
      environment: { name: 'marketing-prod', uid: 'uid-marketing-prod', id: 'envmarke' },
      account: CONSUMER,
      region: REGION,
      resourcePrefix: 'dataall',
    },
    principal,
    permissions: ['Read'],
    item,
    suspended: false,
    ...changes,
  };
};

/** The same grants while nothing may be given or repaired. */
export const suspended = (grants: readonly Grant[]): readonly Grant[] =>
  grants.map((one) => ({ ...one, suspended: true }));

export const table = (name: string, ...filters: readonly string[]): GrantedItem => ({ kind: 'Table', name, filters });
export const folder = (name: string): GrantedItem => ({ kind: 'Folder', name, prefix: `${name}/` });
export const bucket: GrantedItem = { kind: 'Bucket', name: 'orders-data' };

export const baseline = (changes: Partial<DatasetBaseline> = {}): DatasetBaseline => ({
  namespace: 'sales-prod',
  name: 'orders',
  id: 'a1b2c3d4',
  origin: 'Create',
  bucket: 'orders-data',
  foreignSids: { bucket: [], key: [] },
  present: true,
  pivotRoleArn: `arn:aws:iam::${PRODUCER}:role/dataallPivotRole`,
  datasetRoleArn: `arn:aws:iam::${PRODUCER}:role/orders-dataset`,
  ownerRoleArns: [`arn:aws:iam::${PRODUCER}:role/sales`],
  lakeFormation: 'Enforced',
  hybridAccess: false,
  ...changes,
});
