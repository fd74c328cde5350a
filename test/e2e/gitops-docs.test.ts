// docs/gitops.md does what it says: its rights are used, its manifests are taken by the API server, its commands run.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import { CUSTOMIZATION } from '../support/argocd.ts';
import { openGitOpsScene, PATIENTLY, type GitOpsScene } from '../support/gitops-scene.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
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
  for (const namespace of ['flux-system', 'argocd']) await scene.kubectl('admin', `create namespace ${namespace}`);
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type Shown = KubeObject & { readonly spec?: { readonly dependsOn?: readonly { readonly name: string }[] } };

/** The block of the page that holds an object of this kind, as a file; and the objects in it. */
const block = async (kind: string): Promise<{ path: string; objects: readonly Shown[] }> => {
  for (const { language, text } of blocks.filter((one) => one.language === 'yaml')) {
    const objects = parseAllDocuments(text).map((document) => document.toJS() as Shown);
    if (!objects.some((object) => object.kind === kind)) continue;
    const path = join(folder, `${kind}-${language}.yaml`);
    await writeFile(path, text);
    return { path, objects };
  }
  throw new Error(`docs/gitops.md shows no ${kind}`);
};

describe('docs/gitops.md', () => {
  it('gives a ServiceAccount what it takes to sync a team, and no more', async () => {
    await scene.kubectl('admin', `apply --server-side -f ${(await block('ServiceAccount')).path}`);
    const as = '--as=system:serviceaccount:flux-system:sales';
    const files = ['datasets', 'tables', 'approvals'].map((name) => `-f examples/sales/${name}.yaml`).join(' ');
    await scene.kubectl('analyst', 'apply -f examples/marketing/requests.yaml');
    await scene.kubectl('admin', `${as} apply --server-side ${files}`);
    await scene.kubectl('analyst', `-n marketing-prod wait sharerequest --all --for=condition=Ready ${PATIENTLY}`);

    expect(await scene.refusal('admin', `--as=system:serviceaccount:flux-system:other apply ${files}`)).toContain(
      'cannot get resource',
    );
    expect(await scene.refusal('admin', `${as} apply -f examples/marketing/requests.yaml`)).toContain('marketing-prod');
  });

  it('shows Kustomizations that Flux takes', async () => {
    await scene.kubectl('admin', `apply --server-side -f ${KUSTOMIZATION_DEFINITION}`);
    const { path, objects } = await block('Kustomization');
    await scene.sync('admin', `apply --server-side --validate=strict --dry-run=server -f ${path}`);

    const names = objects.map(({ metadata }) => metadata.name);
    const needs = objects.flatMap(({ spec }) => spec?.dependsOn ?? []);
    expect(needs.map(({ name }) => names.includes(name))).toEqual([true, true]);
  });

  it('teaches Argo CD the health of every kind beside what it knew, and orders environments before the rest', async () => {
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

    const { path, objects } = await block('Environment');
    expect(objects[0]?.metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '-1' });
    await scene.kubectl('admin', `apply --server-side --force-conflicts --dry-run=server -f ${path}`);
    expect((await block('Application')).objects).toHaveLength(1);
  });
});
