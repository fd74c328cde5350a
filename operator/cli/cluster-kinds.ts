// Objects of Kubernetes itself that an installation has, as far as the command line reads them.

import type { Kind, KubeObject } from '../kernel/kind.ts';
import type { RbacObject } from '../resources/authority/rbac.ts';
import type { StoredDefinition } from './check/findings.ts';

export const definitionKind: Kind<KubeObject & StoredDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  scope: 'Cluster',
};

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseDurationSeconds?: number;
  };
}

export const leaseKind: Kind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  scope: 'Namespaced',
};

export interface Deployment extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image: string }[] } };
  };
}

export const deploymentKind: Kind<Deployment> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  scope: 'Namespaced',
};

export const namespaceKind: Kind = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  scope: 'Cluster',
};

/** Where the operator is, unless somebody chose otherwise. */
export const SYSTEM_NAMESPACE = 'dataall-system';

const rbacKind = (kind: RbacObject['kind'], scope: Kind['scope']): Kind => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: `${kind.toLowerCase()}s`,
  kind,
  scope,
});

export const rbacKinds: Readonly<Record<RbacObject['kind'], Kind>> = {
  Role: rbacKind('Role', 'Namespaced'),
  RoleBinding: rbacKind('RoleBinding', 'Namespaced'),
  ClusterRole: rbacKind('ClusterRole', 'Cluster'),
  ClusterRoleBinding: rbacKind('ClusterRoleBinding', 'Cluster'),
};
