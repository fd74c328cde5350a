// The chart as a platform team uses it: installed by Helm on a real API server, its pods run from the image's tree as the rendered Deployments
// say, with the rights that the chart gives them and no others.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { CertificateAuthority } from '../../hack/control-plane/certificates.ts';
import { startControlPlane, type ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { applyManifests } from '../../hack/control-plane/manifests.ts';
import { ensureHelm, helm } from '../../hack/helm/helm.ts';
import { signIn } from '../../hack/oidc/authorization-code.ts';
import { AUDIENCE, startOidcProvider } from '../../hack/oidc/provider.ts';
import { startPostgres } from '../../hack/postgres/postgres-server.ts';
import { Pod, type PodSurroundings } from '../../hack/pods/pod.ts';
import type { Deployment } from '../../hack/pods/workload.ts';
import { ACCOUNTS, REGION } from '../../hack/start/cast.ts';
import { makeOperatorUser, startAccounts } from '../../hack/start/simulated-accounts.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CHART = join(ROOT, 'charts', 'dataall');
const NAMESPACE = 'dataall-system';
const ACTIONS = `dataall-operator-actions.${NAMESPACE}.svc`;
const CLIENT = { clientId: 'dataall', redirectUrl: 'http://localhost:8443/auth/callback' } as const;

const started = new AsyncDisposableStack();
let home: string;
let program: string;
let controlPlane: ControlPlane;
let api: HttpKubeApi;
let issuer: string;
let surroundings: PodSurroundings;
let values: string;

const run = async (...args: string[]): Promise<string> => await helm(program, controlPlane.kubeconfigPath, home, args);
const valuesFile = (name: string, content: object): string => {
  writeFileSync(join(home, name), stringify(content));
  return join(home, name);
};
const portOf = (url: string): number => Number(new URL(url).port);

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'dataall-chart-'));
  started.defer(() => rmSync(home, { recursive: true, force: true }));
  program = await ensureHelm();
  controlPlane = started.use(await startControlPlane());
  api = new HttpKubeApi({ credentials: kubeConfigCredentials(controlPlane.kubeconfig()) });
  started.defer(() => api.close());
  const aws = await startAccounts(0);
  started.defer(() => aws.stop());
  const operator = await makeOperatorUser(aws);
  const users = [{ name: 'ada', groups: ['DAAdministrators', 'data'] }];
  const client = {
    client_id: CLIENT.clientId,
    redirect_uris: [CLIENT.redirectUrl],
    application_type: 'native' as const,
  };
  const auth = {
    token_endpoint_auth_method: 'none' as const,
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
  };
  const provider = await startOidcProvider({ users, clients: [{ ...client, ...auth }] });
  started.defer(() => provider.stop());
  issuer = provider.issuer;
  const postgres = await startPostgres();
  started.defer(() => postgres.stop());
  const databaseUrl = postgres.url();
  const authority = await CertificateAuthority.create();
  const { certificate, privateKey } = await authority.issueServer([ACTIONS]);
  const secret = (name: string, stringData: Readonly<Record<string, string>>): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: NAMESPACE, name }, stringData }) as KubeObject;
  await applyManifests(controlPlane.kubeconfig(), [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    secret('dataall-auth', { 'session-key': randomBytes(32).toString('base64') }),
    secret('dataall-postgres', { url: databaseUrl }),
    secret('dataall-operator-actions-tls', {
      'tls.crt': certificate,
      'tls.key': privateKey,
      'ca.crt': authority.certificate,
    }),
  ]);
  const hub = { accountId: ACCOUNTS.hub.id, region: REGION };
  values = valuesFile('values.yaml', {
    profile: 'dev',
    operator: {
      settings: { aws: { hub, endpoint: aws.endpoint } },
      extraEnv: [
        { name: 'AWS_ACCESS_KEY_ID', value: operator.accessKeyId },
        { name: 'AWS_SECRET_ACCESS_KEY', value: operator.secretAccessKey },
        { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
      ],
    },
    auth: {
      settings: {
        oidc: {
          issuer,
          ...CLIENT,
          scopes: ['openid'],
          audiences: [AUDIENCE, CLIENT.clientId],
          claimsMapping: { user: 'preferred_username', email: 'email', groups: 'groups' },
        },
      },
    },
  });
  surroundings = {
    api,
    token: async (namespace, name, audience) =>
      (await controlPlane.serviceAccount(namespace, name, undefined, audience)).getCurrentUser()?.token ?? '',
    ca: controlPlane.ca,
    image: inject('image'),
    apiServerPort: portOf(controlPlane.url),
    outside: [aws.endpoint, issuer, databaseUrl].map(portOf),
    services: {},
  };
});

afterAll(() => started.disposeAsync());

const deploymentKind = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  scope: 'Namespaced',
} as const;
const deployment = async (name: string): Promise<Deployment> =>
  (await api.get(deploymentKind, { namespace: NAMESPACE, name })) as unknown as Deployment;

const untilReady = async (pod: Pod): Promise<void> => {
  const port = await pod.expose('probes');
  await vi.waitFor(
    async () => {
      expect(pod.ending, pod.log()).toBeUndefined();
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect(answer.status, await answer.text()).toBe(200);
    },
    { timeout: 120_000, interval: 250 },
  );
};

it('what Helm finds in the chart is in order, and a key that is none is refused with those that there are', async () => {
  expect(await run('lint', CHART, '--kube-version', '1.36.0', '--values', values)).toContain('0 chart(s) failed');
  const wrong = valuesFile('wrong.yaml', { gateway: { replica: 2 } });
  await expect(run('template', CHART, '--values', values, '--values', wrong)).rejects.toThrow(/replica.*"?replicas/s);
});

it('pods of the chart, run as their Deployments say, answer who signs in and make the operator act on what they write', async () => {
  await run('install', 'dataall', CHART, '--namespace', NAMESPACE, '--values', values);
  const operator = started.use(await Pod.start(await deployment('dataall-operator'), surroundings));
  const services = { [ACTIONS]: { port: 8444, socket: operator.socket('actions') } };
  const indexer = started.use(await Pod.start(await deployment('dataall-indexer'), { ...surroundings, services }));
  const gateway = started.use(await Pod.start(await deployment('dataall-gateway'), { ...surroundings, services }));
  for (const pod of [operator, indexer, gateway]) await untilReady(pod);
  await vi.waitFor(
    async () => {
      const tenant = await api.get(tenantKind, { name: 'default' });
      expect(tenant.spec.administrators).toEqual(['DAAdministrators']);
      // Policies, settings and flows that Helm brought are those that the operator expects.
      expect(tenant.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    },
    { timeout: 60_000, interval: 250 },
  );
  const { access_token: token } = await signIn({ issuer, ...CLIENT, user: 'ada' });
  const origin = `http://127.0.0.1:${await gateway.expose('http')}`;
  expect(await (await fetch(origin)).text()).toContain('<div id="root">');
  const url = `${origin}/graphql/api`;
  const ask = async (query: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return await (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
  };
  const created = await ask(
    'mutation { createOrganization(input: {label: "Sales", SamlGroupName: "data"}) { organizationUri } }',
  );
  expect(created).toMatchObject({ data: { createOrganization: { organizationUri: expect.any(String) as string } } });
  await vi.waitFor(
    async () => {
      const [organization] = (await api.list(organizationKind)).items;
      expect(organization?.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', status: 'True' }),
      );
    },
    { timeout: 60_000, interval: 250 },
  );
  await vi.waitFor(
    async () =>
      expect(await ask('{ listOrganizations { nodes { label } } }')).toMatchObject({
        data: { listOrganizations: { nodes: [{ label: 'Sales' }] } },
      }),
    { timeout: 60_000, interval: 250 },
  );
});

it('the release that goes leaves definitions, objects and so access, and one that comes after finds them', async () => {
  // One installation a cluster: what there is one of has an owner.
  await expect(run('install', 'another', CHART, '--namespace', NAMESPACE, '--values', values)).rejects.toThrow(
    'exists and cannot be imported into the current release',
  );
  await run('uninstall', 'dataall', '--namespace', NAMESPACE);
  expect((await api.list(organizationKind)).items).toHaveLength(1);
  await run('install', 'dataall', CHART, '--namespace', NAMESPACE, '--values', values);
  expect((await api.list(organizationKind)).items).toHaveLength(1);
});
