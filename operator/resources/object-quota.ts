// How many objects there may be: in the namespace of an environment, which the API server counts, and of cluster-wide kinds for one owner,
// which the operator counts because no ResourceQuota and no admission policy can.
import { consumptionRoleKind } from './consumption-role.ts';
import { datasetKind } from './dataset.ts';
import { datasetTableKind } from './dataset-table.ts';
import type { EnvironmentSpec } from './environment.ts';
import { compareAge } from './age.ts';
import { shareApprovalKind } from './share-approval.ts';
import { shareRequestKind } from './share-request.ts';
import { teamKind } from './team.ts';
import type { TenantSpec } from './tenant.ts';

type NamespaceQuota = Numbers<NonNullable<EnvironmentSpec['quota']>>;
type OwnerQuota = Numbers<NonNullable<TenantSpec['ownerQuota']>>;
type Numbers<T> = Readonly<Record<keyof T, number>>;

/** More than a team makes by hand, and few enough that nobody else notices them (docs/benchmarks.md). */
export const defaultNamespaceQuota: NamespaceQuota = {
  datasets: 500,
  datasetTables: 5_000,
  teams: 500,
  consumptionRoles: 500,
  shareRequests: 1_000,
  shareApprovals: 2_000,
};

export const defaultOwnerQuota: OwnerQuota = { organizations: 20, environments: 200 };

/**
 * Decisions of one group for requests that do not exist: half of what the namespace of an environment has room for, so that no group alone
 * keeps others from deciding.
 */
export const mostWaitingDecisions = (quota: EnvironmentSpec['quota']): number =>
  Math.ceil((quota?.shareApprovals ?? defaultNamespaceQuota.shareApprovals) / 2);

const counted = {
  datasets: datasetKind,
  datasetTables: datasetTableKind,
  teams: teamKind,
  consumptionRoles: consumptionRoleKind,
  shareRequests: shareRequestKind,
  shareApprovals: shareApprovalKind,
} as const satisfies Record<keyof NamespaceQuota, unknown>;

/** `spec.hard` of the ResourceQuota. https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-on-object-count */
export const hardLimits = (quota: EnvironmentSpec['quota']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...defaultNamespaceQuota, ...quota }).map(([name, most]) => {
      const { plural, group } = counted[name as keyof NamespaceQuota];
      return [`count/${plural}.${group}`, String(most)];
    }),
  );

/** An object of a cluster-wide kind that somebody owns. */
interface Owned {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly creationTimestamp: string;
  };
}

/**
 * Whether as many of its owner's are older as an owner may have.
 * @param ofOwner all of one kind that belong to its owner
 */
export const isBeyond = (ofOwner: readonly Owned[], object: Owned, most: number): boolean =>
  ofOwner.length > most &&
  ofOwner
    .toSorted(compareAge)
    .slice(most)
    .some(({ metadata }) => metadata.uid === object.metadata.uid);
