// A platform team's cluster with what the chart asks for (a namespace, three Secrets, a database, an identity provider, AWS accounts), and
// Helm to install it; the pods of its Deployments run as they are rendered.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, vi } from 'vitest';
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import { CertificateAuthority } from '../../hack/control-plane/certificates.ts';
import {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneOptions,
} from '../../hack/control-plane/control-plane.ts';
import { applyManifests } from '../../hack/control-plane/manifests.ts';
import { pickPort } from '../../hack/control-plane/port.ts';
import { ensureHelm, helm } from '../../hack/helm/helm.ts';
import { AUDIENCE, SCOPES, startOidcProvider } from '../../hack/oidc/provider.ts';
import { startPostgres } from '../../hack/postgres/postgres-server.ts';
import { Pod, type PodSurroundings } from '../../hack/pods/pod.ts';
import type { Deployment } from '../../hack/pods/workload.ts';
import { ACCOUNTS, REGION, USERS } from '../../hack/start/cast.ts';
import { makeOperatorUser, startAccounts } from '../../hack/start/simulated-accounts.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { ensureImage } from './image.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const CHART = join(ROOT, 'charts', 'dataall');
export const NAMESPACE = 'dataall-system';
const ACTIONS = `dataall-operator-actions.${NAMESPACE}.svc`;
const CLIENT_ID = 'dataall';

export interface ChartScene extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  /** As an administrator of the cluster. */
  readonly api: HttpKubeApi;
  readonly aws: SimulatedAws;
  /** Of the gateway's front door, once {@link startPods} has it; no `/` at the end. */
  readonly url: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Path of the values that this cluster needs. */
  readonly values: string;
  /** Writes a values file. @returns its path */
  readonly valuesFile: (name: string, content: object) => string;
  /** Runs Helm as an administrator of the cluster, in the installation's namespace. Rejects with what it printed. */
  readonly helm: (...args: string[]) => Promise<string>;
  /** Starts a pod of each Deployment that is asked for, the operator first, and returns when all are ready. */
  readonly startPods: (...names: PodName[]) => Promise<RunningPods>;
}

export type PodName = 'operator' | 'indexer' | 'gateway';

export interface RunningPods extends AsyncDisposable {
  readonly log: () => string;
}

interface ChartSceneOptions extends Pick<ControlPlaneOptions, 'auditPolicy'> {
  /** Groups of the first Tenant. */
  readonly administrators: readonly string[];
}

/** What was started ends with the scene. */
export async function openChartScene({ administrators, ...options }: ChartSceneOptions): Promise<ChartScene> {
  await using started = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'dataall-chart-'));
  started.defer(() => rmSync(home, { recursive: true, force: true }));
  const program = await ensureHelm();
  const controlPlane = started.use(await startControlPlane({ users: USERS, ...options }));
  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(controlPlane.kubeconfig()) });
  started.defer(() => api.close());
  const aws = await startAccounts(0);
  started.defer(() => aws.stop());
  const operator = await makeOperatorUser(aws);
  const port = await pickPort();
  const redirectUrl = `http://127.0.0.1:${port}/auth/callback`;
  const provider = await startOidcProvider({ users: USERS, clients: [clientOf(redirectUrl)] });
  started.defer(() => provider.stop());
  const { issuer } = provider;
  const postgres = await startPostgres();
  started.defer(() => postgres.stop());
  const databaseUrl = postgres.url();
  await applyManifests(controlPlane.kubeconfig(), [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ...(await secrets(databaseUrl)),
  ]);
  const valuesFile = (name: string, content: object): string => {
    writeFileSync(join(home, name), stringify(content));
    return join(home, name);
  };
  const values = valuesFile('values.yaml', {
    profile: 'dev',
    tenant: { administrators },
    operator: {
      settings: { aws: { hub: { accountId: ACCOUNTS.hub.id, region: REGION }, endpoint: aws.endpoint } },
      extraEnv: [
        { name: 'AWS_ACCESS_KEY_ID', value: operator.accessKeyId },
        { name: 'AWS_SECRET_ACCESS_KEY', value: operator.secretAccessKey },
        { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
      ],
    },
    auth: { settings: { oidc: oidcOf(issuer, redirectUrl) } },
  });
  const surroundings = await podSurroundings(controlPlane, api, [aws.endpoint, issuer, databaseUrl]);
  const stack = started.move();
  return {
    controlPlane,
    api,
    aws,
    url: `http://127.0.0.1:${port}`,
    issuer,
    clientId: CLIENT_ID,
    values,
    valuesFile,
    helm: async (...args) => await helm(program, controlPlane.kubeconfigPath, home, [...CONTEXT, ...args]),
    startPods: async (...names) => await startPods(names, surroundings, port),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** @param outside URLs on this machine that pods reach */
export const podSurroundings = async (
  controlPlane: ControlPlane,
  api: KubeApi,
  outside: readonly string[],
): Promise<PodSurroundings> => ({
  api,
  token: async (namespace, name, audience) =>
    (await controlPlane.serviceAccount(namespace, name, undefined, audience)).getCurrentUser()?.token ?? '',
  ca: controlPlane.ca,
  image: await ensureImage(),
  apiServerPort: portOf(controlPlane.url),
  outside: outside.map(portOf),
  services: {},
});

/** The kubeconfig's current context is a person to whom the policies apply. */
const CONTEXT = ['--kube-context', 'admin', '--namespace', NAMESPACE];

const portOf = (url: string): number => Number(new URL(url).port);

const clientOf = (redirectUrl: string) => ({
  client_id: CLIENT_ID,
  redirect_uris: [redirectUrl],
  post_logout_redirect_uris: [new URL('/', redirectUrl).href],
  application_type: 'native' as const,
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
});

const oidcOf = (issuer: string, redirectUrl: string) => ({
  issuer,
  redirectUrl,
  clientId: CLIENT_ID,
  scopes: [...SCOPES, 'offline_access'],
  audiences: [AUDIENCE, CLIENT_ID],
  claimsMapping: { user: 'preferred_username', email: 'email', groups: 'groups' },
});

async function secrets(databaseUrl: string): Promise<readonly KubeObject[]> {
  const authority = await CertificateAuthority.create();
  const { certificate, privateKey } = await authority.issueServer([ACTIONS]);
  const secret = (name: string, stringData: Readonly<Record<string, string>>): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: NAMESPACE, name }, stringData }) as KubeObject;
  return [
    secret('dataall-auth', { 'session-key': randomBytes(32).toString('base64') }),
    secret('dataall-postgres', { url: databaseUrl }),
    secret('dataall-operator-actions-tls', {
      'tls.crt': certificate,
      'tls.key': privateKey,
      'ca.crt': authority.certificate,
    }),
  ];
}

const deploymentKind = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  scope: 'Namespaced',
} as const;

async function startPods(names: readonly PodName[], surroundings: PodSurroundings, port: number): Promise<RunningPods> {
  await using started = new AsyncDisposableStack();
  const pods: Pod[] = [];
  let services: PodSurroundings['services'] = {};
  for (const name of names) {
    const pod = started.use(await startPod(name, { ...surroundings, services }));
    pods.push(pod);
    if (name === 'operator') services = { [ACTIONS]: { port: 8444, socket: pod.socket('actions') } };
    if (name === 'gateway') await pod.expose('http', port);
  }
  await Promise.all(pods.map(untilReady));
  const stack = started.move();
  return {
    log: () => pods.map((pod) => pod.log()).join('\n'),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Of the Deployment as the API server has it now. */
export async function startPod(name: PodName, surroundings: PodSurroundings): Promise<Pod> {
  const key = { namespace: NAMESPACE, name: `dataall-${name}` };
  return await Pod.start((await surroundings.api.get(deploymentKind, key)) as unknown as Deployment, surroundings);
}

/** @returns the port of this machine at which its probes answer */
export async function untilReady(pod: Pod): Promise<number> {
  const port = await pod.expose('probes');
  await vi.waitFor(
    async () => {
      expect(pod.ending, pod.log()).toBeUndefined();
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect(answer.status, await answer.text()).toBe(200);
    },
    { timeout: 120_000, interval: 250 },
  );
  return port;
}
