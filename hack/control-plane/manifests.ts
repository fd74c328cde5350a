/** Manifests: YAML from files, applied server-side in an order that works (definitions before what they define). */
import {
  ApiException,
  KubernetesObjectApi,
  PatchStrategy,
  type KubeConfig,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';

/** A new definition is served within a second; a busy API server takes longer. */
const SERVED_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const FIELD_MANAGER = 'dataall-install';

/** The objects in a YAML file, or in all of a folder's `.yaml` files in the order of their names. */
export function readManifests(path: string): KubernetesObject[] {
  if (statSync(path).isDirectory()) {
    const files = readdirSync(path).filter((name) => name.endsWith('.yaml'));
    return files.toSorted().flatMap((name) => readManifests(join(path, name)));
  }
  const documents = parseAllDocuments(readFileSync(path, 'utf8'));
  return documents.map((document): KubernetesObject | null => document.toJS()).filter((object) => object !== null);
}

/**
 * Applies `objects` as the user of `kubeconfig` and returns them as the API server stores them. CustomResourceDefinitions go
 * first, and the rest waits until they are served. Applying again changes nothing. Rejects with {@link ManifestRefusal}.
 */
export async function applyManifests(
  kubeconfig: KubeConfig,
  objects: readonly KubernetesObject[],
): Promise<KubernetesObject[]> {
  const definitions = objects.filter(isDefinition);
  const established = await Promise.all(definitions.map((definition) => establish(kubeconfig, definition)));
  const others: KubernetesObject[] = [];
  for (const object of objects) {
    if (!isDefinition(object)) others.push(await apply(kubeconfig, object));
  }
  return [...established, ...others];
}

function isDefinition({ kind }: KubernetesObject): boolean {
  return kind === 'CustomResourceDefinition';
}

async function establish(kubeconfig: KubeConfig, definition: KubernetesObject): Promise<KubernetesObject> {
  const applied = await apply(kubeconfig, definition);
  return eventually(`${definition.metadata?.name} is established`, async () => {
    const current: Definition = await KubernetesObjectApi.makeApiClient(kubeconfig).read({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: applied.metadata?.name ?? '' },
    });
    const established = current.status?.conditions?.some(
      ({ type, status }) => type === 'Established' && status === 'True',
    );
    return established === true ? current : undefined;
  });
}

/** The API server refused an object; the message is its own, such as an admission policy's. */
class ManifestRefusal extends Error {
  override readonly name = 'ManifestRefusal';
  /** The HTTP status: 403 forbidden, 409 conflict, 422 invalid. */
  readonly code: number;

  constructor(object: KubernetesObject, refusal: ApiException<unknown>) {
    super(`${object.kind} ${object.metadata?.name ?? ''}: ${statusMessage(refusal.body)}`);
    this.code = refusal.code;
  }
}

/** The `message` of a Kubernetes Status, https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
function statusMessage(body: unknown): string {
  const text = String(body);
  try {
    const status: { message?: string } = JSON.parse(text);
    return status.message ?? text;
  } catch {
    return text;
  }
}

interface Definition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function apply(kubeconfig: KubeConfig, object: KubernetesObject): Promise<KubernetesObject> {
  return eventually(`${object.kind} is served`, async () => {
    // A fresh client each time: it remembers which kinds a server has, and forgets to ask again.
    const api = KubernetesObjectApi.makeApiClient(kubeconfig);
    try {
      return await api.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
    } catch (error) {
      if (isNotServedYet(error)) return undefined;
      if (error instanceof ApiException) throw new ManifestRefusal(object, error);
      throw error;
    }
  });
}

/** Discovery learns of a definition a moment after it is established. */
function isNotServedYet(error: unknown): boolean {
  if (error instanceof ApiException) return error.code === 404 && String(error.body).startsWith('404 page not found');
  return error instanceof Error && error.message.startsWith('Unrecognized API version and kind');
}

async function eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + SERVED_TIMEOUT_MS;
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() > deadline) throw new Error(`not so after ${SERVED_TIMEOUT_MS / 1000} s: ${what}`);
    await delay(POLL_MS);
  }
}
