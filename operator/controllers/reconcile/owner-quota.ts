// Cluster-wide objects that are too many of one owner: they say so and cost nothing, and admission is told of owners that have enough.
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
  type Watch,
} from '../../kernel/runtime/reconciler.ts';
import type { Indexer } from '../../kernel/cache/indexed-objects.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { OWNERS_AT_QUOTA } from '../../resources/authority/installation.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { defaultOwnerQuota, isBeyond } from '../../resources/object-quota.ts';
import { organizationKind, type Organization } from '../../resources/organization.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { tenantKind } from '../../resources/tenant.ts';
import type { Platform } from './platform.ts';
import { groupsWithManyWaiting, isWaiting } from './waiting-decisions.ts';
import { watch } from './watch.ts';

type Owned = Stored<Organization> | Stored<Environment>;
type Resource = keyof typeof defaultOwnerQuota;

const INDEX = 'owner';

/** For the stores of both kinds. */
export const ownerIndexers: Readonly<Record<string, Indexer<Owned>>> = { [INDEX]: ({ spec }) => [spec.owner] };

/** Why an object is too many, one sentence; undefined when it is not, and of what was let in before there were too many. */
export const quotaExceeded = (stores: Stores, object: Owned): string | undefined => {
  const resource: Resource = object.kind === 'Organization' ? 'organizations' : 'environments';
  if (isLetIn(object)) return undefined;
  const most = mostOf(stores, resource);
  const { owner } = object.spec;
  return isBeyond(ofOwner(stores, resource, owner), object, most)
    ? `group ${owner} may own ${most} ${resource} and has older ones: delete one of them or this one, or ask a platform administrator to raise spec.ownerQuota of the Tenant`
    : undefined;
};

const isLetIn = ({ status }: Owned): boolean =>
  ('pivotRole' in status && status.pivotRole !== undefined) || ('environments' in status && status.id !== undefined);

const ofOwner = (stores: Stores, resource: Resource, owner: string): readonly Owned[] =>
  stores.get<Owned>(kinds[resource]).byIndex(INDEX, owner);

const mostOf = (stores: Stores, resource: Resource): number => {
  const { ownerQuota } = stores.get(tenantKind).get(undefined, 'default')?.spec ?? {};
  return ownerQuota?.[resource] ?? defaultOwnerQuota[resource];
};

const kinds = { organizations: organizationKind, environments: environmentKind } as unknown as Readonly<
  Record<Resource, Kind<Owned>>
>;

/** Wakes what may be within the quota now: others of an owner that has one less, and all when the quota is another. */
export const whenQuotaIsFree = (stores: Stores, resource: Resource): readonly Watch[] => [
  watch(kinds[resource], ({ spec }, _old, event) =>
    event === 'deleted' ? ofOwner(stores, resource, spec.owner).map(({ metadata }) => ({ key: metadata.name })) : [],
  ),
  watch(tenantKind, ({ spec }, old) =>
    old === undefined || old.spec.ownerQuota?.[resource] === spec.ownerQuota?.[resource]
      ? []
      : stores
          .get<Owned>(kinds[resource])
          .list()
          .map(({ metadata }) => ({ key: metadata.name })),
  ),
];

/** Owners that may make no more, by resource; of decisions that wait for a request, groups that decide. */
const ownersAtQuota = (stores: Stores): Readonly<Record<string, string>> => {
  const full = (resource: Resource): string => {
    const most = mostOf(stores, resource);
    const counts = Map.groupBy(stores.get<Owned>(kinds[resource]).list(), ({ spec }) => spec.owner);
    const owners = [...counts].filter(([, objects]) => objects.length >= most).map(([owner]) => owner);
    return owners.toSorted().join('\n');
  };
  const deciding = groupsWithManyWaiting(stores);
  return {
    organizations: full('organizations'),
    environments: full('environments'),
    ...(deciding.length > 0 && { shareapprovals: deciding.join('\n') }),
  };
};

const configMapKind: Kind<KubeObject & { data?: Record<string, string> }> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  scope: 'Namespaced',
};

const ALL = 'all';
/** Many objects change together; their owners are listed once. */
const BATCH_MS = 100;

/** One work item: the list of owners for the policy `owner-quota`. */
export const defineOwnerQuotaController = ({ stores, config }: Platform): ControllerDefinition => {
  let listed = '';
  const reconcile = async (_key: string, context: ReconcileContext): Promise<Result> => {
    const data = ownersAtQuota(stores);
    if (JSON.stringify(data) === listed) return done;
    await context.writer.apply(configMapKind, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: config.namespace, name: OWNERS_AT_QUOTA },
      data,
    });
    listed = JSON.stringify(data);
    return done;
  };
  const all = [{ key: ALL, afterMs: BATCH_MS }];
  const whenCounted = (kind: Kind<Owned>): Watch =>
    watch(kind, ({ spec }, old) => (old === undefined || old.spec.owner !== spec.owner ? all : []));
  return {
    name: 'owner-quota',
    watches: [
      whenCounted(kinds.organizations),
      watch(organizationKind, (_object, _old, event) => (event === 'deleted' ? all : [])),
      whenCounted(kinds.environments),
      watch(environmentKind, (_object, _old, event) => (event === 'deleted' ? all : [])),
      watch(tenantKind, () => all),
      watch(shareApprovalKind, (approval, old, event) =>
        event === 'deleted' || old === undefined || isWaiting(old) !== isWaiting(approval) ? all : [],
      ),
    ],
    maxConcurrentReconciles: 1,
    reconcile,
  };
};
