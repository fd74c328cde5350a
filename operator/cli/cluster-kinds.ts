// Objects of Kubernetes itself that an installation has, as far as the command line reads them.

import type { Kind, KubeObject } from '../kernel/kind.ts';
import type { StoredDefinition } from './check/findings.ts';

export const definitionKind: Kind<KubeObject & StoredDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  scope: 'Cluster',
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

/** Where the operator is, unless somebody chose otherwise. */
export const SYSTEM_NAMESPACE = 'dataall-system';
