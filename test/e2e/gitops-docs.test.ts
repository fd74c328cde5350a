// examples/gitops do what docs/gitops.md says: the rights are used, the manifests are taken by the API server.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../hack/control-plane/manifests.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { openGitOpsScene, PATIENTLY, type GitOpsScene } from '../support/gitops-scene.ts';

const ROOT = join(import.meta.dirname, '../..');
const REPOSITORIES = join(ROOT, 'examples/gitops');
/** Flux's own, which says what fields a Kustomization has. */
const KUSTOMIZATION_DEFINITION = join(import.meta.dirname, 'gitops-kustomization-crd.yaml');

let scene: GitOpsScene;

beforeAll(async () => {
  scene = await openGitOpsScene();
  await scene.link();
  await scene.kubectl('admin', 'create namespace gitops');
});
afterAll(() => scene[Symbol.asyncDispose]());

/** Objects of a folder of examples/gitops. */
const objectsIn = (folder: string): readonly KubeObject[] => readManifests(join(REPOSITORIES, folder));

describe('examples/gitops', () => {
  it('gives a ServiceAccount what it takes to sync the repository of its team, and no more', async () => {
    await scene.kubectl('admin', `apply --server-side -f ${REPOSITORIES}/platform/rights`);
    const sync = (team: string, repository: string) =>
      `--as=system:serviceaccount:gitops:${team} apply --server-side -R -f ${REPOSITORIES}/${repository}`;
    await scene.kubectl('admin', sync('sales', 'producer'));
    await scene.kubectl('admin', sync('marketing', 'consumer'));
    await scene.kubectl('analyst', `-n marketing-prod wait sharerequest --all --for=condition=Ready ${PATIENTLY}`);

    expect(await scene.refusal('admin', sync('other', 'producer'))).toContain('cannot patch resource');
    expect(await scene.refusal('admin', sync('sales', 'consumer'))).toContain('marketing-prod');
    expect(await scene.refusal('admin', sync('marketing', 'producer/approvals'))).toContain('sales-prod');
  });

  it('has Kustomizations that Flux takes, each of which waits for one that there is', async () => {
    await scene.kubectl('admin', `apply --server-side -f ${KUSTOMIZATION_DEFINITION}`);
    const path = 'platform/flux/kustomizations.yaml';
    await scene.sync('admin', `apply --server-side --validate=strict --dry-run=server -f ${REPOSITORIES}/${path}`);
    const objects = objectsIn(path) as readonly (KubeObject & { spec: { dependsOn?: readonly { name: string }[] } })[];
    const names = objects.map(({ metadata }) => metadata.name);
    const needs = objects.flatMap(({ spec }) => spec.dependsOn ?? []);
    expect(needs.map(({ name }) => names.includes(name))).toEqual([true, true, true, true]);
  });

  it('has Argo CD sync organization, environments and the rest in this order, each team with its rights', async () => {
    const waves = ['organization', 'environments', 'rights'].map((folder) => [
      ...new Set(
        objectsIn(`platform/${folder}`).map(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/sync-wave']),
      ),
    ]);
    expect(waves).toEqual([['-2'], ['-1'], [undefined]]);
    for (const folder of ['organization', 'environments'])
      await scene.kubectl(
        'admin',
        `apply --server-side --force-conflicts --dry-run=server -f ${REPOSITORIES}/platform/${folder}`,
      );
    const projects = objectsIn('platform/argocd/projects.yaml') as readonly (KubeObject & {
      spec: { destinationServiceAccounts: readonly { defaultServiceAccount: string }[] };
    })[];
    const accounts = objectsIn('platform/rights').filter(({ kind }) => kind === 'ServiceAccount');
    expect(
      projects
        .flatMap(({ spec }) => spec.destinationServiceAccounts.map((one) => one.defaultServiceAccount))
        .toSorted(),
    ).toEqual(accounts.map(({ metadata }) => `${metadata.namespace}:${metadata.name}`).toSorted());
  });
});
