/**
 * Manifests: YAML from files, applied server-side in an order that works (definitions before what they define). Sent as they are
 * through the kernel's API client: client-node's typed serializer would drop every `x-kubernetes-*` key of a schema.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { isKubeError, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, Stored } from '../../operator/kernel/kind.ts';

/** A new definition is served within a second; a busy API server takes longer. */
const SERVED_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const FIELD_MANAGER = 'dataall-install';

/** The objects in a YAML file, or in all of a folder's `.yaml` files in the order of their names. */
export function readManifests(path: string): KubeObject[] {
  if (statSync(path).isDirectory()) {
    const files = readdirSync(path).filter((name) => name.endsWith('.yaml'));
    return files.toSorted().flatMap((name) => readManifests(join(path, name)));
  }
  const documents = parseAllDocuments(readFileSync(path, 'utf8'));
  return documents.map((document): KubeObject | null => document.toJS()).filter((object) => object !== null);
}

/**
 * Applies `objects` as the user of `kubeconfig` and returns them as the API server stores them. CustomResourceDefinitions go
 * first, and the rest waits until they are served. Applying again changes nothing. Rejects with the server's own KubeError.
 */
export async function applyManifests(kubeconfig: KubeConfig, objects: readonly KubeObject[]): Promise<Stored[]> {
  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(kubeconfig), userAgent: FIELD_MANAGER });
  try {
    const definitions = objects.filter(isDefinition);
    const established = await Promise.all(definitions.map((definition) => establish(api, definition)));
    const others: Stored[] = [];
    for (const object of objects) if (!isDefinition(object)) others.push(await apply(api, object));
    return [...established, ...others];
  } finally {
    await api.close();
  }
}

const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';

interface Definition extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function establish(api: KubeApi, definition: KubeObject): Promise<Stored> {
  const { metadata } = await apply(api, definition);
  const kind = await kindOf(api, definition);
  return eventually(`${metadata.name} is established`, async () => {
    const current: Stored<Definition> = await api.get(kind ?? unreachable(definition), metadata);
    const isEstablished = current.status?.conditions?.some(
      ({ type, status }) => type === 'Established' && status === 'True',
    );
    return isEstablished === true ? current : undefined;
  });
}

/** Discovery learns of a definition a moment after it is established. */
async function apply(api: KubeApi, object: KubeObject): Promise<Stored> {
  return eventually(`${object.kind} is served`, async () => {
    const kind = await kindOf(api, object);
    return kind && (await api.apply(kind, object, { fieldManager: FIELD_MANAGER, force: true }));
  });
}

interface Discovery {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** How the server names a kind, or undefined while it does not serve it. */
async function kindOf(api: KubeApi, { apiVersion, kind }: KubeObject): Promise<Kind | undefined> {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  try {
    const found: Discovery = JSON.parse(await api.raw(group === '' ? `/api/${version}` : `/apis/${group}/${version}`));
    const resource = found.resources.find((candidate) => candidate.kind === kind && !candidate.name.includes('/'));
    if (resource === undefined) return undefined;
    const scope = resource.namespaced ? 'Namespaced' : 'Cluster';
    return { group: group ?? '', version: version ?? '', plural: resource.name, kind, scope };
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

const unreachable = ({ kind }: KubeObject): never => {
  throw new Error(`${kind} was served and is no longer`);
};

async function eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + SERVED_TIMEOUT_MS;
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() > deadline) throw new Error(`not so after ${SERVED_TIMEOUT_MS / 1000} s: ${what}`);
    await delay(POLL_MS);
  }
}
