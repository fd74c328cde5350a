// Somebody who tries things on an API server, with credentials of their own, and is told its answer.

import type { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { kubeConfigCredentials, type Credentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { getIfPresent, isKubeError, type Patch } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, Stored } from '../../operator/kernel/kind.ts';
import { kinds } from '../../operator/resources/kinds.ts';

/** Any object, as far as tests look into it. */
export interface AnyObject extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

/** What an attempt came to: the object as stored, or what the API server said. */
export type Outcome =
  { readonly ok: true; readonly object?: Stored<AnyObject> } | { readonly ok: false; readonly message: string };

const others: readonly Kind[] = [
  { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' },
  { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount', scope: 'Namespaced' },
  { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', scope: 'Namespaced' },
  { group: '', version: 'v1', plural: 'resourcequotas', kind: 'ResourceQuota', scope: 'Namespaced' },
  ...(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'] as const).map((kind): Kind => ({
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural: `${kind.toLowerCase()}s`,
    kind,
    scope: kind.startsWith('Cluster') ? 'Cluster' : 'Namespaced',
  })),
  ...(['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy'] as const).flatMap((kind): Kind[] => {
    const at = { group: 'admissionregistration.k8s.io', version: 'v1', scope: 'Cluster' } as const;
    const stem = kind.toLowerCase().replace(/y$/, '');
    return [
      { ...at, plural: `${stem}ies`, kind },
      { ...at, plural: `${stem}ybindings`, kind: `${kind}Binding` },
    ];
  }),
];

const byName = new Map<string, Kind>([...(kinds as readonly Kind[]), ...others].map((kind) => [kind.kind, kind]));

export function kindOf({ kind }: Pick<KubeObject, 'kind'>): Kind<AnyObject> {
  const found = byName.get(kind);
  if (found === undefined) throw new Error(`the tests know no kind ${kind}`);
  return found as Kind<AnyObject>;
}

export class Actor {
  readonly api: HttpKubeApi;
  readonly credentials: Credentials;

  constructor(kubeconfig: KubeConfig) {
    this.credentials = kubeConfigCredentials(kubeconfig);
    this.api = new HttpKubeApi({ credentials: this.credentials, userAgent: 'authority-test' });
  }

  create(object: KubeObject, dryRun = false): Promise<Outcome> {
    return attempt(() => this.api.create<AnyObject>(kindOf(object), { ...object }, { dryRun }));
  }

  /** Server-side apply. */
  apply(object: KubeObject & Record<string, unknown>, dryRun = false): Promise<Outcome> {
    return attempt(() => this.api.apply(kindOf(object), object, { fieldManager: 'test', force: true, dryRun }));
  }

  /** Server-side apply under the name of a field manager, which is refused where another one wrote something else. */
  applyAs(fieldManager: string, object: KubeObject & Record<string, unknown>): Promise<Outcome> {
    return attempt(() => this.api.apply(kindOf(object), object, { fieldManager, force: false }));
  }

  /** A merge patch. */
  change(object: KubeObject, body: Record<string, unknown>): Promise<Outcome> {
    return this.patch(object, { type: 'merge', body });
  }

  status(object: KubeObject, status: Record<string, unknown>): Promise<Outcome> {
    return this.patch(object, { type: 'merge', body: { status } }, 'status');
  }

  patch(object: KubeObject, patch: Patch, subresource?: string): Promise<Outcome> {
    const options = subresource === undefined ? {} : { subresource };
    return attempt(() => this.api.patch(kindOf(object), object.metadata, patch, options));
  }

  delete(object: KubeObject): Promise<Outcome> {
    return attempt(async () => {
      await this.api.delete(kindOf(object), object.metadata);
      return undefined;
    });
  }

  get(object: KubeObject): Promise<Outcome> {
    return attempt(() => this.api.get(kindOf(object), object.metadata));
  }

  list(kind: string, namespace?: string): Promise<Outcome> {
    return attempt(async () => {
      await this.api.list(kindOf({ kind }), { namespace });
      return undefined;
    });
  }

  /** As stored now, undefined if there is none. */
  read(object: KubeObject): Promise<Stored<AnyObject> | undefined> {
    return getIfPresent(this.api, kindOf(object), object.metadata);
  }
}

async function attempt(request: () => Promise<Stored<AnyObject> | undefined>): Promise<Outcome> {
  try {
    const object = await request();
    return { ok: true, ...(object && { object }) };
  } catch (error) {
    if (isKubeError(error)) return { ok: false, message: error.message };
    throw error;
  }
}

/** The stored object; the test fails with the API server's answer when it refused. */
export async function allowed(outcome: Promise<Outcome>): Promise<Stored<AnyObject>> {
  const result = await outcome;
  if (!result.ok) throw new Error(`should be allowed: ${result.message}`);
  return result.object ?? { apiVersion: '', kind: '', metadata: { name: '', uid: '', resourceVersion: '' } };
}

/** Fails when it was accepted, or refused for another reason. */
export async function refused(outcome: Promise<Outcome>, message: string): Promise<void> {
  const result = await outcome;
  expect(result.ok ? 'accepted' : result.message).toContain(message);
}
