// examples/gitops and docs/gitops.md do what they say: the rights are used, the manifests are taken by the API server, the command runs.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../hack/control-plane/manifests.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import { CUSTOMIZATION } from '../support/argocd.ts';
import { openGitOpsScene, PATIENTLY, type GitOpsScene } from '../support/gitops-scene.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const REPOSITORIES = join(ROOT, 'examples/gitops');
/** Flux's own, which says what fields a Kustomization has. */
const KUSTOMIZATION_DEFINITION = join(import.meta.dirname, 'gitops-kustomization-crd.yaml');

let scene: GitOpsScene;
let folder: string;
let blocks: readonly { readonly language: string; readonly text: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataall-gitops-docs-'));
  const page = await readFile(join(ROOT, 'docs/gitops.md'), 'utf8');
  blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
  scene = await openGitOpsScene();
  await scene.link();
  for (const namespace of ['gitops', 'argocd']) await scene.kubectl('admin', `create namespace ${namespace}`);
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

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

describe('docs/gitops.md', () => {
  it('teaches Argo CD the health of every kind beside what it knew', async () => {
    await scene.kubectl('admin', '-n argocd create configmap argocd-cm --from-literal=url=https://argocd.example.com');
    const { kubectl, kubeconfig } = scene.installation.endpoints;
    await symlink(kubectl, join(folder, 'kubectl'));
    // Argo CD's own configuration is its administrators', who need no right on what is ours.
    const asAdmin = join(folder, 'kubeconfig');
    await writeFile(
      asAdmin,
      (await readFile(kubeconfig, 'utf8')).replace(/^current-context: .*$/m, 'current-context: admin'),
    );
    const command = blocks.find(({ language }) => language === 'sh')?.text ?? '';
    await run('sh', ['-ec', command], {
      cwd: ROOT,
      env: {
        KUBECONFIG: asAdmin,
        HOME: folder,
        PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      },
    });
    const { data } = JSON.parse(await scene.kubectl('admin', '-n argocd get configmap argocd-cm -o json')) as {
      data: Record<string, string>;
    };
    const script = await readFile(join(CUSTOMIZATION, 'health.lua'), 'utf8');
    const learnt = kinds.map(({ kind }) => [`resource.customizations.health.dataall.io_${kind}`, script]);
    expect(data).toEqual({ url: 'https://argocd.example.com', ...Object.fromEntries(learnt) });
  });
});
