// The custom resources as the sharing engine reads them, over the kernel's stores. Registers the indexes that make every look-up cheap.
import { isOwnStackRole } from '../../access/parties.ts';
import { type InstallationPause } from '../../access/consent.ts';
import { isTableOf } from '../../access/item-decision.ts';
import { oncePerObject } from '../../access/once-per-object.ts';
import { principalObject, type SharePrincipal } from '../../access/parties.ts';
import type { Specs } from '../../access/specs.ts';
import type { CacheOptions } from '../../kernel/runtime/manager.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import type { ReadStore } from '../../kernel/cache/store.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import type { Resource } from '../../resources/kind.ts';
import { approvalName, foldedName } from '../../resources/names.ts';
import { organizationKind } from '../../resources/organization.ts';
import { compareAge } from '../../resources/age.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { tenantKind, type Tenant } from '../../resources/tenant.ts';
import { idIndexers } from './object-id.ts';
import { ownerIndexers } from './owner-quota.ts';

/** Where kinds are cached: the kernel's manager. */
export interface Caches {
  cache<T extends KubeObject>(kind: Kind<T>, options?: CacheOptions<T>): ReadStore<T>;
}

export interface SpecStoreOptions extends Pick<Specs['installation'], 'allowWrite' | 'allowSelfApproval'> {
  /** What is wrong with the admission policies; empty when they are as shipped. */
  readonly policiesMissing: () => readonly string[];
}

const of = (...parts: readonly (string | undefined)[]): string => parts.join(' ');

const isDefined = (value: string | undefined): value is string => value !== undefined;

/** What makes every look-up cheap. */
const cacheKinds = (caches: Caches) => ({
  tenants: caches.cache(tenantKind),
  organizations: caches.cache(organizationKind, { indexers: { ...idIndexers, ...ownerIndexers } }),
  environments: caches.cache(environmentKind, {
    indexers: {
      ...idIndexers,
      ...ownerIndexers,
      account: ({ spec }) => [spec.account.id, of(spec.account.id, spec.account.region)],
    },
  }),
  teams: caches.cache(teamKind, {
    indexers: {
      ...idIndexers,
      group: ({ metadata, spec }) => [of(metadata.namespace, spec.group)],
      arn: ({ spec, status }) => [status.roleArn ?? spec.roleArn].filter(isDefined),
    },
  }),
  roles: caches.cache(consumptionRoleKind, {
    indexers: { ...idIndexers, arn: ({ spec }) => [spec.principalArn] },
  }),
  datasets: caches.cache(datasetKind, {
    indexers: {
      ...idIndexers,
      id: ({ status }) => [status.id].filter(isDefined),
      bucket: ({ status }) => [status.bucket].filter(isDefined),
      role: ({ spec, status }) => [status.roleArn ?? spec.s3.roleArn].filter(isDefined),
      key: ({ status }) => [status.keyArn].filter(isDefined),
      database: ({ status }) => [of(status.account, status.region, foldedName(status.glueDatabase ?? ''))],
    },
  }),
  tables: caches.cache(datasetTableKind, {
    indexers: {
      dataset: ({ metadata, spec }) => [of(metadata.namespace, spec.datasetRef.name)],
      table: ({ metadata, spec }) => [of(metadata.namespace, spec.datasetRef.name, foldedName(spec.table))],
    },
  }),
  shares: caches.cache(shareRequestKind, {
    indexers: {
      dataset: ({ spec }) => [of(spec.datasetRef.namespace, spec.datasetRef.name)],
      principal: ({ metadata, spec }) => [of(metadata.namespace, spec.principal.kind, spec.principal.name)],
    },
  }),
  approvals: caches.cache(shareApprovalKind, {
    indexers: { dataset: ({ metadata, spec }) => [of(metadata.namespace, spec.datasetRef.name)] },
  }),
});

/** No index has them: requests of hundreds of items would make it the largest of all, and each write of their statuses go through it. */
const tablesIn = oncePerObject(
  ({ items }: ShareRequest['spec']): ReadonlySet<string> =>
    new Set(items.flatMap(({ kind, name }) => (kind === 'Table' ? [foldedName(name)] : []))),
);

/** Call before the manager runs. */
export const specStore = (caches: Caches, options: SpecStoreOptions): Specs => {
  const { tenants, organizations, environments, teams, roles, datasets, tables, shares, approvals } =
    cacheKinds(caches);
  return {
    organization: (name) => organizations.get(undefined, name),
    environment: (name) => environments.get(undefined, name),
    environmentsOf: (account, region) => byAge(environments.byIndex('account', of(account, region)).filter(isLinked)),
    environmentsOfAccount: (account) => byAge(environments.byIndex('account', account).filter(isLinked)),
    team: (namespace, name) => teams.get(namespace, name),
    teamOfGroup: (namespace, group) => byAge(teams.byIndex('group', of(namespace, group)))[0],
    consumptionRole: (namespace, name) => roles.get(namespace, name),
    principalsOf(arn) {
      const found: readonly SharePrincipal[] = [
        ...teams.byIndex('arn', arn).map((team): SharePrincipal => ({ kind: 'Team', team })),
        ...roles.byIndex('arn', arn).map((role): SharePrincipal => ({ kind: 'ConsumptionRole', role })),
      ];
      return found
        .filter((principal) => {
          const environment = environments.get(undefined, principalObject(principal).metadata.namespace);
          return environment !== undefined && isLinked(environment);
        })
        .toSorted(
          (a, b) =>
            Number(isOwnStackRole(b)) - Number(isOwnStackRole(a)) || compareAge(principalObject(a), principalObject(b)),
        );
    },
    dataset: (namespace, name) => datasets.get(namespace, name),
    datasetById: (id) => datasets.byIndex('id', id)[0],
    datasetsOfBucket: (bucket): readonly Dataset[] => byAge(datasets.byIndex('bucket', bucket)),
    datasetsOfRole: (arn) => byAge(datasets.byIndex('role', arn)),
    datasetsOfKey: (keyArn) => byAge(datasets.byIndex('key', keyArn)),
    datasetsOfDatabase: (account, region, database) =>
      byAge(datasets.byIndex('database', of(account, region, foldedName(database)))),
    datasetTables: (namespace, name) =>
      ofDataset(tables.byIndex('dataset', of(namespace, name)), datasets.get(namespace, name)?.metadata),
    datasetTablesOf: (namespace, name, table) =>
      ofDataset(
        tables.byIndex('table', of(namespace, name, foldedName(table))),
        datasets.get(namespace, name)?.metadata,
      ),
    shareRequest: (namespace, name) => shares.get(namespace, name),
    sharesOfDataset: (namespace, name) => shares.byIndex('dataset', of(namespace, name)),
    sharesOfTable: (namespace, dataset, table) =>
      shares.byIndex('dataset', of(namespace, dataset)).filter(({ spec }) => tablesIn(spec).has(foldedName(table))),
    sharesOfPrincipal: (namespace, kind, name) => shares.byIndex('principal', of(namespace, kind, name)),
    sharesOfEnvironment: (name) => shares.list(name),
    approvalFor: (request: ShareRequest) =>
      approvals.get(request.spec.datasetRef.namespace, approvalName(request.metadata)),
    get installation() {
      const { allowWrite, allowSelfApproval } = options;
      return { allowWrite, allowSelfApproval, pause: pauseOf(tenants.get(undefined, 'default'), options) };
    },
  };
};

/** Those that were not made for a dataset before it. The same list for the same two, so that what follows from it is found out once. */
const ofDataset = (
  tables: readonly DatasetTable[],
  dataset: Dataset['metadata'] | undefined,
): readonly DatasetTable[] => {
  if (tables.length === 0) return tables;
  const known = filtered.get(tables);
  if (known !== undefined && known.uid === dataset?.uid) return known.tables;
  const own = tables.filter((table) => isTableOf(table, dataset));
  filtered.set(tables, { uid: dataset?.uid, tables: own });
  return own;
};
const filtered = new WeakMap<
  readonly DatasetTable[],
  { readonly uid: string | undefined; readonly tables: readonly DatasetTable[] }
>();

/**
 * Anybody may make an Environment that names any account, and objects that name roles in it: none of it counts before the account let the
 * environment in, which is when the pivot role is first written down.
 */
const isLinked = ({ status }: Environment): boolean => status.pivotRole !== undefined;

const pauseOf = (tenant: Tenant | undefined, options: SpecStoreOptions): InstallationPause | undefined => {
  if (options.policiesMissing().length > 0) return 'PoliciesMissing';
  return tenant?.spec.maintenance === undefined ? undefined : 'Maintenance';
};

const byAge = <T extends Resource>(objects: readonly T[]): readonly T[] => objects.toSorted(compareAge);
