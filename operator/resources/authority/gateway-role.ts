// What the gateway may do in the cluster: read our kinds for its read model, and act for people on our kinds and on nothing else.
//
// Constrained impersonation (Kubernetes 1.36, KEP-5284): whom (`impersonate:user-info`) and what then (`impersonate-on:user-info:<verb>`) are
// rights of their own, so that its token opens neither Secrets nor the rights of the cluster's administrators, whoever it says it is.
// @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/

import { group } from '../kind.ts';
import { installationLabels, type Installation } from './installation.ts';
import type { PolicyRule } from './permission-sets.ts';
import type { RbacObject } from './rbac.ts';
import { ourResources } from './resources.ts';

/** Name of the gateway's ServiceAccount. */
export const GATEWAY_SERVICE_ACCOUNT = 'dataall-gateway';

const ROLE = 'dataall:gateway';
/** Of the shipped roles (permission-sets.ts). */
const CATALOG_READER = 'dataall:catalog-reader';

/** What people do through the gateway: they read, create, change and delete objects of ours, in their own name. */
const actions = ['get', 'create', 'patch', 'delete'] as const;

const clusterRules: readonly PolicyRule[] = [
  { apiGroups: [group], resources: ourResources, verbs: ['get', 'list', 'watch'] },
  // Tells one cluster from another, and a restored one from what it was.
  { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
  { apiGroups: ['authentication.k8s.io'], resources: ['users', 'groups'], verbs: ['impersonate:user-info'] },
  { apiGroups: [group], resources: ourResources, verbs: actions.map((verb) => `impersonate-on:user-info:${verb}`) },
];

/** Of the one indexer that writes. */
export const INDEXER_LEASE = 'dataall-indexer';

/**
 * In the installation's namespace that Lease alone, which is shipped: the others stand for the operator that leads and for accounts that are
 * linked, and RBAC cannot say which may be created.
 */
const ownNamespaceRules: readonly PolicyRule[] = [
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: [INDEXER_LEASE],
    verbs: ['get', 'update'],
  },
];

/** Who holds it is written by them: an installation that is applied again takes it from nobody. */
export const indexerLease = ({ namespace }: Installation) =>
  ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name: INDEXER_LEASE, labels: installationLabels },
  }) as const;

/** Its ClusterRole and Role with their bindings. */
export function gatewayRbac({ namespace }: Installation): RbacObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  const metadata = { name: ROLE, labels: installationLabels };
  const subjects = [{ kind: 'ServiceAccount', namespace, name: GATEWAY_SERVICE_ACCOUNT }] as const;
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules: clusterRules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup, kind: 'ClusterRole', name: ROLE },
      subjects,
    },
    {
      // For the indexer, which asks the operator for every catalogue in its own name.
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { ...metadata, name: CATALOG_READER },
      roleRef: { apiGroup, kind: 'ClusterRole', name: CATALOG_READER },
      subjects,
    },
    { apiVersion, kind: 'Role', metadata: { ...metadata, namespace }, rules: ownNamespaceRules },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { ...metadata, namespace },
      roleRef: { apiGroup, kind: 'Role', name: ROLE },
      subjects,
    },
  ];
}
