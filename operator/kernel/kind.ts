// Names a kind of Kubernetes object, and the shape every object has.

/** Metadata as the API server gives it; `uid`, `resourceVersion` and the rest are absent on objects not yet created. */
interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
}

interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** An object that came from the API server, so its identity is known. */
export type Stored<T extends KubeObject = KubeObject> = T & { metadata: { uid: string; resourceVersion: string } };

/** Where objects of one kind live. `T` is carried for inference only: `stores.get(Shares)` knows what it holds. */
export interface Kind<T extends KubeObject = KubeObject> {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly objectType?: T;
}

/** Which object: `namespace` is absent for cluster-scoped kinds. */
export interface ObjectName {
  namespace?: string | undefined;
  name: string;
}

export function apiVersion(kind: Kind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** Identifies a kind within a process, e.g. `sharerequests.dataall.io` (one version of a kind is served to us). */
export function kindKey(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** `namespace/name`, or `name` for cluster-scoped objects: the usual work-item key. */
export function objectKey({ namespace, name }: ObjectName): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** The inverse of {@link objectKey}. */
export function parseObjectKey(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * The URL path of a collection, an object or a subresource.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function resourcePath(kind: Kind, namespace?: string, name?: string, subresource?: string): string {
  const parts = kind.group === '' ? ['api', kind.version] : ['apis', kind.group, kind.version];
  if (kind.scope === 'Namespaced' && namespace !== undefined) parts.push('namespaces', namespace);
  parts.push(kind.plural);
  if (name !== undefined) parts.push(name);
  if (subresource !== undefined) parts.push(...subresource.split('/'));
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/**
 * Orders two resource versions of one resource type (negative: `a` is older). They are decimal integers of any length, comparable
 * by contract since Kubernetes 1.35.
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/5504-comparable-resource-version
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
