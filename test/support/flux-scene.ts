// A stage for tests with Flux: the installation, three Git repositories as examples/gitops has them, and the real kustomize-controller.
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { applyManifests, readManifests } from '../../hack/control-plane/manifests.ts';
import { writeKubeconfig } from '../../hack/control-plane/kubeconfig.ts';
import {
  ensureKustomizeController,
  fluxDefinitions,
  startKustomizeController,
} from '../../hack/flux/kustomize-controller.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { ArchiveServer, GitSource } from './git-source.ts';
import { openGitOpsScene, PATIENCE, type GitOpsScene } from './gitops-scene.ts';

/** The repositories, each a folder whose content is what a team would commit. */
export const REPOSITORIES = join(import.meta.dirname, '../../examples/gitops');
const NAMESPACE = 'gitops';
const CONTROLLER = { namespace: 'flux-system', name: 'kustomize-controller' };

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/#kustomization-status */
export interface Kustomization extends KubeObject {
  readonly spec: { readonly suspend?: boolean };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly lastHandledReconcileAt?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
  };
}

const kustomizationKind: Kind<Kustomization> = {
  group: 'kustomize.toolkit.fluxcd.io',
  version: 'v1',
  plural: 'kustomizations',
  kind: 'Kustomization',
  scope: 'Namespaced',
};

export interface FluxScene extends AsyncDisposable {
  readonly scene: GitOpsScene;
  readonly repositories: Readonly<Record<'platform' | 'producer' | 'consumer', GitSource>>;
  kustomization(name: string): Promise<Kustomization>;
  /** What Ready says of a Kustomization: `True ReconciliationSucceeded: ...`. */
  ready(name: string): Promise<string>;
  /** Asks for a sync now, as `flux reconcile` does, and waits until it has ended. */
  reconcile(name: string): Promise<void>;
  /** Waits until this revision is applied. */
  applied(name: string, revision: string): Promise<void>;
}

/** @param later paths in `<repository>/` that pull requests bring */
export async function openFluxScene(later: readonly string[]): Promise<FluxScene> {
  await using started = new AsyncDisposableStack();
  const program = await ensureKustomizeController();
  const scene = started.use(await openGitOpsScene());
  const { cluster } = scene.installation;
  const folder = await mkdtemp(join(tmpdir(), 'dataall-flux-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));

  await applyManifests(cluster.kubeconfig(), [...(await fluxDefinitions()), ...CONTROLLERS_RIGHTS]);
  await applyManifests(
    cluster.kubeconfig(),
    readManifests(join(REPOSITORIES, 'platform/flux')).toSorted(namespacesFirst),
  );
  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(cluster.kubeconfig()) });
  started.defer(() => api.close());

  const archives = started.use(await ArchiveServer.start());
  const source = (name: string): Promise<GitSource> =>
    GitSource.create(api, archives, { namespace: NAMESPACE, name }, join(folder, name), async (tree) => {
      await cp(join(REPOSITORIES, name), tree, { recursive: true });
      for (const path of later) if (path.startsWith(`${name}/`)) await rm(join(tree, path.slice(name.length)));
    });
  const repositories = {
    platform: await source('platform'),
    producer: await source('producer'),
    consumer: await source('consumer'),
  };

  const kubeconfig = join(folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, await cluster.serviceAccount(CONTROLLER.namespace, CONTROLLER.name));
  const log = join(folder, 'kustomize-controller.log');
  const controller = started.use(startKustomizeController({ program, kubeconfig, log, temporary: folder }));

  const kustomization = (name: string) => api.get(kustomizationKind, { namespace: NAMESPACE, name });
  const ready = async (name: string): Promise<string> => {
    expect(controller.running, controller.running ? '' : readFileSync(log, 'utf8')).toBe(true);
    const found = (await kustomization(name)).status?.conditions?.find(({ type }) => type === 'Ready');
    return found === undefined ? '' : `${found.status} ${found.reason}: ${found.message}`;
  };
  let asked = 0;
  const stack = started.move();
  return {
    scene,
    repositories,
    kustomization,
    ready,
    reconcile: async (name) => {
      const token = `asked-${(asked += 1)}`;
      const body = { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': token } } };
      await api.patch(kustomizationKind, { namespace: NAMESPACE, name }, { type: 'merge', body });
      await expect.poll(async () => (await kustomization(name)).status?.lastHandledReconcileAt, PATIENCE).toBe(token);
    },
    applied: async (name, revision) => {
      await vi.waitFor(async () => {
        const said = await ready(name);
        expect((await kustomization(name)).status?.lastAppliedRevision, said).toBe(revision);
      }, PATIENCE);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** As Flux's own installation has it: what a Kustomization without a ServiceAccount says, the controller may. */
const CLUSTER_RECONCILER = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'cluster-reconciler' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', ...CONTROLLER }],
};
const CONTROLLERS_RIGHTS: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CONTROLLER.namespace } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: CONTROLLER },
  CLUSTER_RECONCILER,
];

const namespacesFirst = (one: KubeObject, other: KubeObject): number =>
  Number(other.kind === 'Namespace') - Number(one.kind === 'Namespace');
