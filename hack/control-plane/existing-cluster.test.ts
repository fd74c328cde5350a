/** A control plane of ours plays the cluster that somebody else runs. */
import { CertificatesV1Api, CoreV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { useExistingCluster } from './existing-cluster.ts';
import { buildKubeconfig, writeKubeconfig } from './kubeconfig.ts';

describe('existing cluster', () => {
  let theirs: ControlPlane;

  beforeAll(async () => {
    theirs = await startControlPlane();
  });

  afterAll(() => theirs.stop());

  it("makes users with the cluster's own signer, and leaves no request behind", async () => {
    await using cluster = await useExistingCluster({
      kubeconfigPath: theirs.kubeconfigPath,
      users: [{ name: 'owner', groups: ['data-owners'] }],
    });
    const rbac = cluster.kubeconfig().makeApiClient(RbacAuthorizationV1Api);
    const asOwner = cluster.kubeconfig('owner').makeApiClient(CoreV1Api);
    await expect(asOwner.listNamespace()).rejects.toMatchObject({ code: 403, body: expect.stringContaining('owner') });
    await rbac.createClusterRoleBinding({
      body: {
        metadata: { name: 'data-owners' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'data-owners' }],
      },
    });
    await expect
      .poll(
        () =>
          asOwner.listNamespace().then(
            ({ items }) => items.length,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    const { items } = await cluster.kubeconfig().makeApiClient(CertificatesV1Api).listCertificateSigningRequest();
    expect(items).toEqual([]);
  });

  it('deletes its kubeconfig on stop and leaves the cluster running', async () => {
    const cluster = await useExistingCluster({ kubeconfigPath: theirs.kubeconfigPath });
    await cluster.stop();
    expect(existsSync(cluster.kubeconfigPath)).toBe(false);
    expect((await theirs.kubeconfig().makeApiClient(CoreV1Api).listNamespace()).items).not.toEqual([]);
  });

  it('refuses a user who is no administrator, and names the kubeconfig', async () => {
    const path = join(theirs.folder, 'nobody');
    writeKubeconfig(path, await theirs.addUser({ name: 'nobody', groups: [] }));
    const attempt = useExistingCluster({ kubeconfigPath: path, users: [{ name: 'owner', groups: ['data-owners'] }] });
    await expect(attempt).rejects.toMatchObject({
      problem: 'kubeconfig-unusable',
      message: expect.stringContaining(path),
    });
  });

  it('refuses a kubeconfig that would not verify the server', async () => {
    const path = join(theirs.folder, 'unverified');
    const unverified = buildKubeconfig(theirs, [theirs.kubeconfig().getUsers()[0] ?? { name: 'admin' }]);
    unverified.clusters = unverified.clusters.map(({ name, server }) => ({ name, server, skipTLSVerify: true }));
    writeKubeconfig(path, unverified);
    await expect(useExistingCluster({ kubeconfigPath: path })).rejects.toMatchObject({
      problem: 'kubeconfig-unusable',
    });
  });
});

describe('a kubeconfig', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dataall-kubeconfig-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = (cluster: string): string => {
    const path = join(folder, 'kubeconfig');
    writeFileSync(
      path,
      `{"clusters": [{"name": "c", "cluster": {"server": ${cluster}}}], "users": [{"name": "u", "user": {"token": "secret"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "current-context": "x"}`,
    );
    return path;
  };

  it.each([
    ['is away', () => join(folder, 'nowhere'), /nowhere cannot be used: ENOENT/],
    ['is no YAML', () => written('['), /kubeconfig cannot be used: .+/],
    [
      'names an authority that is away',
      () => written(`"https://127.0.0.1:1", "certificate-authority": "/no/ca"`),
      /ENOENT.*\/no\/ca/,
    ],
    [
      'names a server that does not answer',
      () => written(`"https://127.0.0.1:1", "certificate-authority-data": "Zm9v"`),
      /\(https:\/\/127\.0\.0\.1:1\) does not answer: \S+/,
    ],
  ])('that %s is refused with what to do', async (_what, path, message) => {
    const error: unknown = await useExistingCluster({ kubeconfigPath: path() }).catch((error: unknown) => error);
    expect(error).toMatchObject({ problem: 'kubeconfig-unusable', message: expect.stringMatching(message) });
    expect((error as Error).message).toContain('What to do');
    expect((error as Error).message).not.toContain('secret');
  });
});
