/** The real thing: etcd, kube-apiserver and kube-controller-manager. The first run on a machine builds them. */
import {
  ApiException,
  ApiextensionsV1Api,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
} from '@kubernetes/client-node';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startControlPlane, type ControlPlane, type UnexpectedExit } from './control-plane.ts';

/** Command lines of running programs that mention `text`; a control plane's programs all mention its folder. */
function programsMentioning(text: string): string[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return listing.split('\n').filter((line) => line.includes(text) && !line.includes(' ps '));
}

const WIDGET = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

/** For what takes 6 s at most on a machine that does nothing else: unit tests run side by side. */
const PATIENCE = { timeout: 60_000, interval: 100 };
vi.setConfig({ testTimeout: 180_000 });

describe('control plane', () => {
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ users: [{ name: 'owner', groups: ['data-owners'] }] });
  });

  afterAll(() => controlPlane.stop());

  it('keeps objects over a restart of the API server', async () => {
    const crds = (): ApiextensionsV1Api => controlPlane.kubeconfig().makeApiClient(ApiextensionsV1Api);
    await crds().createCustomResourceDefinition({ body: WIDGET });
    await controlPlane.stopApiServer();
    await expect(crds().readCustomResourceDefinition({ name: WIDGET.metadata.name })).rejects.toThrow('fetch failed');
    await controlPlane.startApiServer();
    const found = await crds().readCustomResourceDefinition({ name: WIDGET.metadata.name });
    expect(found.spec.names.kind).toBe('Widget');
    await controlPlane.restartApiServer('crash');
    expect((await crds().readCustomResourceDefinition({ name: WIDGET.metadata.name })).metadata?.uid).toBe(
      found.metadata?.uid,
    );
  });

  it('knows users by certificate and authorizes them by RBAC, group by group', async () => {
    const asOwner = controlPlane.kubeconfig('owner').makeApiClient(CoreV1Api);
    await expect(asOwner.listNamespace()).rejects.toSatisfy(
      (error) => error instanceof ApiException && error.code === 403 && String(error.body).includes('User \\"owner\\"'),
    );
    await controlPlane
      .kubeconfig()
      .makeApiClient(RbacAuthorizationV1Api)
      .createClusterRoleBinding({
        body: {
          metadata: { name: 'data-owners' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'data-owners' }],
        },
      });
    await vi.waitFor(() => asOwner.listConfigMapForAllNamespaces(), PATIENCE);
  });

  it('adds users at run time, to the file too', async () => {
    await controlPlane.addUser({ name: 'latecomer', groups: ['system:masters'] });
    const file = new KubeConfig();
    file.loadFromFile(controlPlane.kubeconfigPath);
    expect(file.getContexts().map(({ name }) => name)).toEqual(['admin', 'owner', 'latecomer']);
    expect(file.getCurrentContext()).toBe('admin');
    await controlPlane.addUser({ name: 'usual', groups: [], isCurrent: true });
    file.loadFromFile(controlPlane.kubeconfigPath);
    expect(file.getCurrentContext()).toBe('usual');
    file.setCurrentContext('latecomer');
    expect((await file.makeApiClient(CoreV1Api).listNamespace()).items.length).toBeGreaterThan(0);
  });

  it('runs the controllers: ServiceAccounts appear and hold tokens, deleted namespaces go', async () => {
    const core = controlPlane.kubeconfig().makeApiClient(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: 'short-lived' } } });
    await vi.waitFor(() => core.readNamespacedServiceAccount({ namespace: 'short-lived', name: 'default' }), PATIENCE);
    const pod = await controlPlane.serviceAccount('short-lived', 'default');
    await expect(pod.makeApiClient(CoreV1Api).listNamespace()).rejects.toThrow(
      'system:serviceaccount:short-lived:default',
    );
    await core.deleteNamespace({ name: 'short-lived' });
    await vi.waitFor(
      () =>
        expect(core.readNamespace({ name: 'short-lived' })).rejects.toSatisfy(
          (error) => error instanceof ApiException && error.code === 404,
        ),
      PATIENCE,
    );
  });
});

describe('the end of a control plane', () => {
  it('is told of each program that ends by itself and of none that is stopped, and leaves neither processes nor files', async () => {
    const told: UnexpectedExit[] = [];
    const controlPlane = await startControlPlane({ onUnexpectedExit: (exit) => told.push(exit) });
    const running = programsMentioning(controlPlane.folder);
    expect(running).toHaveLength(9); // three programs, each with its shell and watcher
    const killed = ['kube-controller-manager', 'kube-apiserver'];
    for (const [index, program] of killed.entries()) {
      const line = running.find((each) => /^ *\d+ (\S+)/.exec(each)?.[1]?.endsWith(`/${program}`));
      process.kill(Number.parseInt(line ?? '', 10), 'SIGKILL');
      await vi.waitFor(() => expect(told).toHaveLength(index + 1), PATIENCE);
      expect(told.at(-1)).toMatchObject({ program, how: 'SIGKILL' });
      expect(existsSync(told.at(-1)?.log ?? '')).toBe(true);
    }
    await controlPlane.stop();
    expect(told).toHaveLength(killed.length);
    expect(programsMentioning(controlPlane.folder)).toEqual([]);
    expect(existsSync(controlPlane.folder)).toBe(false);
  });

  it('leaves no process when its owner is killed with SIGKILL', async () => {
    const script = `
      import { startControlPlane } from ${JSON.stringify(join(import.meta.dirname, 'control-plane.ts'))};
      const controlPlane = await startControlPlane();
      console.log(controlPlane.folder);
      setInterval(() => undefined, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [folder] = (await once(createInterface(owner.stdout), 'line')) as [string];
    expect(programsMentioning(folder).length).toBeGreaterThanOrEqual(3);
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(programsMentioning(folder)).toEqual([]), PATIENCE);
    // The next control plane of this user sweeps up the files.
    await using _next = await startControlPlane();
    expect(existsSync(folder)).toBe(false);
  });
});
