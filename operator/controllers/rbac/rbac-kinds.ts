// Kubernetes RBAC as the kernel reads and writes it, and the one work item that keeps all of it.
import type { Kind } from '../../kernel/kind.ts';
import type { RbacObject } from '../../resources/authority/rbac.ts';

const rbacKind = (kind: string, plural: string, scope: Kind['scope']): Kind => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural,
  kind,
  scope,
});

export const rbacKinds: Readonly<Record<RbacObject['kind'], Kind>> = {
  Role: rbacKind('Role', 'roles', 'Namespaced'),
  RoleBinding: rbacKind('RoleBinding', 'rolebindings', 'Namespaced'),
  ClusterRole: rbacKind('ClusterRole', 'clusterroles', 'Cluster'),
  ClusterRoleBinding: rbacKind('ClusterRoleBinding', 'clusterrolebindings', 'Cluster'),
};

export const rbacController = 'rbac';
/** Everything is compiled together. */
export const ALL_RIGHTS = 'all';
