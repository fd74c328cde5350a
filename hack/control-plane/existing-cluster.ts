/** Existing cluster: one that somebody else runs, used only when its kubeconfig is named explicitly. */
import {
  ApiException,
  CertificatesV1Api,
  KubeConfig,
  VersionApi,
  type User,
  type VersionInfo,
} from '@kubernetes/client-node';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LEAST_MINOR } from './binaries.ts';
import { requestClientCertificate } from './certificates.ts';
import { ADMIN, type Cluster, type ClusterUser } from './cluster.ts';
import { base64 } from './kubeconfig.ts';
import { makeRunFolder } from './run-folder.ts';
import { SetupError } from './setup-error.ts';
import { ClusterUsers } from './users.ts';

export interface ExistingClusterOptions {
  /** Its current context must belong to a cluster administrator, who becomes our `admin`. */
  readonly kubeconfigPath: string;
  readonly users?: readonly ClusterUser[];
}

/** A cluster that is up answers in a second; an address that swallows packets would keep us for two minutes. */
const ANSWER_TIMEOUT_MS = 10_000;
const SIGNED_TIMEOUT_MS = 15_000;
const POLL_MS = 100;
/** The signer's cap is a year; a certificate cannot be taken back, so it lives for a day. */
const LIFETIME_S = 86_400;

/**
 * Speaks to the cluster of a kubeconfig. Users are made with the cluster's own signer, by CertificateSigningRequest; what callers
 * create in the cluster is theirs to delete. Throws {@link SetupError}: no kubeconfig, no answer, no administrator, too old, TLS not verified,
 * signer missing.
 */
export async function useExistingCluster(options: ExistingClusterOptions): Promise<Cluster> {
  const given = load(options.kubeconfigPath);
  const endpoint = endpointOf(given, options.kubeconfigPath);
  await checkVersion(given, options.kubeconfigPath);
  const administrator = given.getCurrentUser();
  if (administrator === null) throw unusable(options.kubeconfigPath, 'its current context names no user');

  const runFolder = makeRunFolder();
  const kubeconfigPath = join(runFolder, 'kubeconfig');
  const issue = (user: ClusterUser): Promise<User> =>
    user === ADMIN ? Promise.resolve({ ...administrator, name: ADMIN.name }) : sign(given, user);
  const users = new ClusterUsers(endpoint, kubeconfigPath, issue);
  const stop = async (): Promise<void> => rmSync(runFolder, { recursive: true, force: true });
  try {
    for (const user of [ADMIN, ...(options.users ?? [])]) await users.add(user);
  } catch (error) {
    await stop();
    throw isRefusal(error) ? refused(options.kubeconfigPath) : error;
  }
  return {
    ...endpoint,
    kubeconfigPath,
    kubeconfig: (userName) => users.kubeconfig(userName),
    addUser: (user) => users.add(user),
    serviceAccount: (...account) => users.serviceAccount(...account),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function load(path: string): KubeConfig {
  const kubeconfig = new KubeConfig();
  try {
    kubeconfig.loadFromFile(path);
  } catch (error) {
    throw unusable(path, reasonOf(error));
  }
  return kubeconfig;
}

async function checkVersion(kubeconfig: KubeConfig, path: string): Promise<void> {
  const { gitVersion, minor } = await versionOf(kubeconfig, path);
  if (Number.parseInt(minor, 10) < LEAST_MINOR) {
    throw new SetupError(
      'cluster-too-old',
      `The cluster runs Kubernetes ${gitVersion}; our admission policies need 1.${LEAST_MINOR}.`,
      'name a newer cluster, or leave --kubeconfig away and let a control plane be started.',
    );
  }
}

async function versionOf(kubeconfig: KubeConfig, path: string): Promise<VersionInfo> {
  const late = new AbortController();
  try {
    return await Promise.race([
      kubeconfig.makeApiClient(VersionApi).getCode(),
      delay(ANSWER_TIMEOUT_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`);
      }),
    ]);
  } catch (error) {
    if (isRefusal(error)) throw refused(path);
    throw new SetupError(
      'kubeconfig-unusable',
      `The cluster of ${path} (${kubeconfig.getCurrentCluster()?.server}) does not answer: ${reasonOf(error)}.`,
      `see that \`kubectl --kubeconfig ${path} version\` gets an answer, then start again.`,
    );
  } finally {
    late.abort();
  }
}

function endpointOf(kubeconfig: KubeConfig, path: string): { url: string; ca: string } {
  const cluster = kubeconfig.getCurrentCluster();
  if (cluster === null) throw unusable(path, 'its current context names no cluster');
  if (cluster.caData !== undefined)
    return { url: cluster.server, ca: Buffer.from(cluster.caData, 'base64').toString() };
  if (cluster.caFile !== undefined) return { url: cluster.server, ca: readAuthority(cluster.caFile, path) };
  throw unusable(path, 'it holds no certificate authority for its cluster');
}

function readAuthority(file: string, path: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(path, reasonOf(error));
  }
}

/** The first line only: a parser's next ones quote the file, which holds secrets. `fetch` keeps its reason in the cause. */
function reasonOf(error: unknown): string {
  const { message = String(error), cause } = error instanceof Error ? error : {};
  const told = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : undefined;
  return (told ?? message).split('\n')[0] ?? '';
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ApiException && (error.code === 401 || error.code === 403);

const refused = (path: string): SetupError =>
  unusable(path, 'the cluster does not let the user of its current context do what an administrator may');

function unusable(path: string, why: string): SetupError {
  return new SetupError(
    'kubeconfig-unusable',
    `${path} cannot be used: ${why}.`,
    'name a kubeconfig of a cluster administrator.',
  );
}

/** https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/ */
async function sign(administrator: KubeConfig, user: ClusterUser): Promise<User> {
  const api = administrator.makeApiClient(CertificatesV1Api);
  const { request, privateKey } = await requestClientCertificate(user);
  const created = await api.createCertificateSigningRequest({
    body: {
      metadata: { generateName: 'dataall-user-' },
      spec: {
        request: base64(request),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        expirationSeconds: LIFETIME_S,
      },
    },
  });
  const name = created.metadata?.name ?? '';
  try {
    const condition = {
      type: 'Approved',
      status: 'True',
      reason: 'DataallUser',
      message: 'a user of the data.all tour',
    };
    created.status = { conditions: [condition] };
    await api.replaceCertificateSigningRequestApproval({ name, body: created });
    const deadline = Date.now() + SIGNED_TIMEOUT_MS;
    for (;;) {
      const certData = (await api.readCertificateSigningRequest({ name })).status?.certificate;
      if (certData !== undefined) return { name: user.name, certData, keyData: base64(privateKey) };
      if (Date.now() > deadline) break;
      await delay(POLL_MS);
    }
  } finally {
    await api.deleteCertificateSigningRequest({ name });
  }
  throw new SetupError(
    'signer-missing',
    'The cluster does not sign client certificates (signer kubernetes.io/kube-apiserver-client), as managed clusters may not.',
    'name a cluster that does (kind, k3s, kubeadm), or leave --kubeconfig away and let a control plane be started.',
  );
}
