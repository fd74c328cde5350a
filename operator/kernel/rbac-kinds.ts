// Kubernetes RBAC as it is read and written through the kernel.
import type { Kind } from './kind.ts';

const rbacKind = (kind: string, plural: string, scope: Kind['scope']): Kind => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural,
  kind,
  scope,
});

type RbacKind = 'Role' | 'RoleBinding' | 'ClusterRole' | 'ClusterRoleBinding';

export const rbacKinds: Readonly<Record<RbacKind, Kind>> = {
  Role: rbacKind('Role', 'roles', 'Namespaced'),
  RoleBinding: rbacKind('RoleBinding', 'rolebindings', 'Namespaced'),
  ClusterRole: rbacKind('ClusterRole', 'clusterroles', 'Cluster'),
  ClusterRoleBinding: rbacKind('ClusterRoleBinding', 'clusterrolebindings', 'Cluster'),
};
