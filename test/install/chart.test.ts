// The chart as a platform team uses it: installed by Helm on a real API server, its pods run from the image's tree as the rendered Deployments
// say, with the rights that the chart gives them and no others.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureKubectl } from '../../hack/control-plane/binaries.ts';
import { applyManifests } from '../../hack/control-plane/manifests.ts';
import { signIn } from '../../hack/oidc/authorization-code.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import { HEALTH_SCRIPT } from '../support/argocd.ts';
import { CHART, NAMESPACE, openChartScene, type ChartScene } from '../support/chart-scene.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const started = new AsyncDisposableStack();
let scene: ChartScene;
beforeAll(async () => {
  scene = started.use(await openChartScene({ administrators: ['platform-admins', 'sales'] }));
});
afterAll(() => started.disposeAsync());

/** What a release needs beside its name. */
const release = (): readonly [string, '--values', string] => [CHART, '--values', scene.values];

interface WithConditions {
  readonly status: { readonly conditions?: readonly { type: string; status: string; reason: string }[] | undefined };
}
const readyOf = (object: WithConditions | undefined) => object?.status.conditions?.find(({ type }) => type === 'Ready');
const tenant = async () => await scene.api.get(tenantKind, { name: 'default' }).catch(() => undefined);

it('what Helm finds in the chart is in order, and a key that is none is refused with those that there are', async () => {
  expect(await scene.helm('lint', ...release(), '--kube-version', '1.36.0')).toContain('0 chart(s) failed');
  const wrong = scene.valuesFile('wrong.yaml', { gateway: { replica: 2 } });
  await expect(scene.helm('template', ...release(), '--values', wrong)).rejects.toThrow(/replica.*"?replicas/s);
});

it('pods of the chart, run as their Deployments say, answer who signs in and make the operator act on what they write', async () => {
  await scene.helm('install', 'dataall', ...release());
  started.use(await scene.startPods('operator', 'indexer', 'gateway'));
  // Policies, settings and flows that Helm brought are those that the operator expects.
  await expect.poll(async () => readyOf(await tenant())?.status, { timeout: 60_000 }).toBe('True');
  expect((await tenant())?.spec.administrators).toEqual(['platform-admins', 'sales']);
  const { issuer, clientId, url } = scene;
  expect(await (await fetch(url)).text()).toContain('<div id="root">');
  const redirectUrl = `${url}/auth/callback`;
  const { access_token: token } = await signIn({ issuer, clientId, redirectUrl, user: 'owner' });
  const ask = async (query: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/graphql/api`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return await answer.json();
  };
  const created = await ask(
    'mutation { createOrganization(input: {label: "Sales", SamlGroupName: "sales"}) { organizationUri } }',
  );
  expect(created).toMatchObject({ data: { createOrganization: { organizationUri: expect.any(String) as string } } });
  const organization = async () => (await scene.api.list(organizationKind)).items[0];
  await expect.poll(async () => readyOf(await organization())?.status, { timeout: 60_000 }).toBe('True');
  await expect
    .poll(async () => await ask('{ listOrganizations { nodes { label } } }'), { timeout: 60_000 })
    .toMatchObject({ data: { listOrganizations: { nodes: [{ label: 'Sales' }] } } });
});

/** Runs commands of our docs as an administrator of the cluster. */
async function shell(command: string): Promise<void> {
  const kubectl = `${await ensureKubectl()} --kubeconfig ${scene.controlPlane.kubeconfigPath} --context admin`;
  await promisify(execFile)('sh', ['-ec', command.replaceAll('kubectl ', `${kubectl} `)]);
}

it('teaches Argo CD the health of every kind beside what it knew, by the command of docs/gitops.md', async () => {
  const values = scene.valuesFile('argocd.yaml', { argoCdHealth: true });
  await scene.helm('upgrade', 'dataall', ...release(), '--values', values);
  const known = { url: 'https://argocd.example.com' };
  await applyManifests(scene.controlPlane.kubeconfig(), [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'argocd', name: 'argocd-cm' },
      data: known,
    } as KubeObject,
  ]);
  const page = readFileSync(join(ROOT, 'docs', 'gitops.md'), 'utf8');
  await shell(/^```sh\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
  const configMaps = {
    group: '',
    version: 'v1',
    plural: 'configmaps',
    kind: 'ConfigMap',
    scope: 'Namespaced',
  } as const;
  const { data } = (await scene.api.get(configMaps, { namespace: 'argocd', name: 'argocd-cm' })) as unknown as {
    readonly data: object;
  };
  const script = readFileSync(HEALTH_SCRIPT, 'utf8');
  const learnt = kinds.map(({ kind }) => [`resource.customizations.health.dataall.io_${kind}`, script]);
  expect(data).toEqual({ ...known, ...Object.fromEntries(learnt) });
});

it('leaves room in the Secret in which Helm keeps a release: there is no more than a MiB in one', async () => {
  const secrets = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', scope: 'Namespaced' } as const;
  const { data } = (await scene.api.get(secrets, {
    namespace: NAMESPACE,
    name: 'sh.helm.release.v1.dataall.v1',
  })) as unknown as { readonly data: { readonly release: string } };
  expect(Buffer.from(data.release, 'base64').length).toBeLessThan(500_000);
});

it('one cluster has one installation: what there is one of has an owner', async () => {
  await expect(scene.helm('install', 'another', ...release())).rejects.toThrow(
    'exists and cannot be imported into the current release',
  );
});

it('uninstalling keeps what people have, and who installs again finds it', async () => {
  const uids = async () => (await scene.api.list(organizationKind)).items.map(({ metadata }) => metadata.uid);
  const before = await uids();
  expect(before).toHaveLength(1);
  await scene.helm('uninstall', 'dataall');
  expect(await uids()).toEqual(before);
  await scene.helm('install', 'dataall', ...release());
  expect(await uids()).toEqual(before);
});
