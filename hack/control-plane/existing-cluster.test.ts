/** A control plane of ours plays the cluster that somebody else runs. */
import { CertificatesV1Api, CoreV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { existsSync } from 'node:fs';
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
