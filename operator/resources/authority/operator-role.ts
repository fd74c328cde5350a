// What the operator itself may do in the cluster: no `escalate`, no `*`, and every verb that it puts into Roles.

import { group } from '../kind.ts';
import { installationLabels, OWNERS_AT_QUOTA, SERVICE_ACCOUNT, type Installation } from './installation.ts';
import { objectSets, type PolicyRule } from './permission-sets.ts';
import { bindableRoles, type RbacObject } from './rbac.ts';
import { ourResources } from './resources.ts';

/** What its caches do. */
const follow = ['list', 'watch'] as const;
/** A server-side apply of what is not there takes `create` as well as `patch`. */
const apply = ['create', 'patch'] as const;

const our = (resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups: [group],
  resources,
  verbs,
});

const clusterRules: readonly PolicyRule[] = [
  // Its annotations and finalizers; spec is people's, which policy and code both keep to.
  our(ourResources, ['get', ...follow, 'patch']),
  our(
    ourResources.map((resource) => `${resource}/status`),
    ['patch'],
  ),
  // Decisions of auto-approval, and their end with the request.
  our(['shareapprovals'], ['create', 'delete']),
  // The first one, of an installation that has none.
  our(['tenants'], ['create']),
  // They go with their dataset.
  our(['datasettables'], ['delete']),
  // What Roles for single objects hold: RBAC lets nobody give what they lack.
  ...heldToGive(),
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', ...apply, 'delete'] },
  { apiGroups: [''], resources: ['resourcequotas'], verbs: [...follow, ...apply, 'delete'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    verbs: [...follow, ...apply, 'delete'],
  },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['clusterroles'],
    resourceNames: bindableRoles,
    verbs: ['bind'],
  },
  // Of who calls the internal API, and of those it is called for.
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  {
    // To see that the policies are in force.
    apiGroups: ['admissionregistration.k8s.io'],
    resources: [
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ],
    verbs: follow,
  },
];

function heldToGive(): PolicyRule[] {
  const byResource = Map.groupBy(Object.values(objectSets), ({ resource }) => resource);
  return [...byResource].map(([resource, sets]) =>
    our([resource], [...new Set(sets.flatMap(({ verbs }) => [...verbs]))]),
  );
}

/** In its own namespace: Leases (leadership, account claims) and the installation key. */
const ownNamespaceRules: readonly PolicyRule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'delete'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] },
  // To list who may make no more; the settings of the policies are not its to change.
  { apiGroups: [''], resources: ['configmaps'], verbs: [...follow, 'create'] },
  { apiGroups: [''], resources: ['configmaps'], resourceNames: [OWNERS_AT_QUOTA], verbs: ['patch'] },
];

const ROLE = 'dataall:operator';

/** Its ClusterRole and Role with their bindings. */
export function operatorRbac({ namespace }: Installation): RbacObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  const metadata = { name: ROLE, labels: installationLabels };
  const subjects = [{ kind: 'ServiceAccount', namespace, name: SERVICE_ACCOUNT }] as const;
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules: clusterRules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup, kind: 'ClusterRole', name: ROLE },
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
