// Keeps Kubernetes RBAC equal to what the specs say about who may do what. One work item: everything is compiled together.
import type { Kind, KubeObject } from '../kernel/kind.ts';
import { deleteIfPresent } from '../kernel/kube-api.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
  type Source,
} from '../kernel/reconciler.ts';
import { labels, MANAGED_BY } from '../resources/annotations.ts';
import { compile } from '../resources/authority/compile.ts';
import { rbacKey, staleRbac, toRbac, type ObservedRbac, type RbacObject } from '../resources/authority/rbac.ts';
import { datasetKind } from '../resources/dataset.ts';
import { environmentKind } from '../resources/environment.ts';
import { organizationKind } from '../resources/organization.ts';
import { teamKind } from '../resources/team.ts';
import { tenantKind } from '../resources/tenant.ts';
import type { Platform } from './platform.ts';
import { source } from './sources.ts';
import type { Caches } from './spec-store.ts';

const rbacKind = (kind: string, plural: string, scope: Kind['scope']): Kind => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural,
  kind,
  scope,
});

const kinds: Readonly<Record<RbacObject['kind'], Kind>> = {
  Role: rbacKind('Role', 'roles', 'Namespaced'),
  RoleBinding: rbacKind('RoleBinding', 'rolebindings', 'Namespaced'),
  ClusterRole: rbacKind('ClusterRole', 'clusterroles', 'Cluster'),
  ClusterRoleBinding: rbacKind('ClusterRoleBinding', 'clusterrolebindings', 'Cluster'),
};

const ALL = 'all';
/** Many objects change together; their rights are written once. */
const GATHER_MS = 50;

export const defineRbacController = (
  { stores, api, rights, config }: Platform,
  caches: Caches,
): ControllerDefinition => {
  // Only what we made: rights that others give are nobody's business here.
  for (const kind of Object.values(kinds)) caches.cache(kind, { labelSelector: `${labels.managedBy}=${MANAGED_BY}` });

  const reconcile = async (_key: string, context: ReconcileContext): Promise<Result> => {
    const world = {
      tenant: stores.get(tenantKind).get(undefined, 'default'),
      organizations: stores.get(organizationKind).list(),
      environments: stores.get(environmentKind).list(),
      teams: stores.get(teamKind).list(),
      datasets: stores.get(datasetKind).list(),
    };
    const desired = toRbac(compile(world), config.authority);
    for (const object of desired) await context.write.apply(kinds[object.kind], object);
    const observed = Object.values(kinds).flatMap((kind): readonly ObservedRbac[] => stores.get(kind).list());
    for (const stale of staleRbac(observed, desired)) {
      context.log.info({ object: rbacKey(stale) }, 'rights end');
      await deleteIfPresent(api, kinds[stale.kind as RbacObject['kind']], stale.metadata);
    }
    rights.cover([...world.organizations, ...world.environments, ...world.teams, ...world.datasets]);
    return done;
  };

  const any = (kind: Kind): Source => source(kind, () => [{ key: ALL, after: GATHER_MS }]);
  return {
    name: 'rbac',
    sources: [tenantKind, organizationKind, environmentKind, teamKind, datasetKind]
      .map((kind) =>
        source(kind as Kind, (object, old) =>
          old !== undefined && rightsOf(old) === rightsOf(object) ? [] : [{ key: ALL, after: GATHER_MS }],
        ),
      )
      .concat(Object.values(kinds).map(any)),
    workers: 1,
    reconcile,
  };
};

/** What rights follow from: the spec, the end of the object, and whether its namespace is there. */
const rightsOf = (object: KubeObject): string => {
  const { metadata, status } = object as KubeObject & { status?: { namespace?: unknown } };
  return JSON.stringify([metadata.generation, metadata.deletionTimestamp, status?.namespace]);
};
