/** Installation: an API server that knows our kinds, a simulated AWS, and the operator between them, as children of this process. */
import type { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { InstallationConfigInput } from '../../operator/config.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import type { SimulatedAws } from '../aws/aws.ts';
import { ensureBinaries, ensureKubectl, KUBERNETES_VERSION } from '../control-plane/binaries.ts';
import type { Cluster } from '../control-plane/cluster.ts';
import { pickPort } from '../control-plane/port.ts';
import { startControlPlane, type UnexpectedExit } from '../control-plane/control-plane.ts';
import { useExistingCluster } from '../control-plane/existing-cluster.ts';
import { applyManifests, readManifests } from '../control-plane/manifests.ts';
import { progressOn } from '../control-plane/progress.ts';
import type { SetupError } from '../control-plane/setup-error.ts';
import { openSearchPrograms, type OpenSearchPrograms } from '../opensearch/programs.ts';
import { untilAdministratorsMay, untilPoliciesAct } from './policies-act.ts';
import { BorrowedCluster } from './borrowed-cluster.ts';
import { checkConfigJson } from './config-json.ts';
import { controlPlaneLost } from './control-plane-lost.ts';
import { ACCOUNTS, REGION, USERS } from './cast.ts';
import type { Endpoints } from './endpoints.ts';
import { forkOperator } from './fork-operator.ts';
import { gatewayEndpoints, startGateway, startGatewayParts } from './gateway.ts';
import { claimRedirectPort, readOidcFile } from './oidc-file.ts';
import { RestartedProcess } from './restarted-process.ts';
import type { StartOptions } from './options.ts';
import type { RunDirectory } from './run-directory.ts';
import { makeAnalytics } from './sample-data/analytics.ts';
import { ORDERS } from './sample-data/files.ts';
import { makeLake } from './sample-data/lake.ts';
import { writeSecret } from './secret-file.ts';
import { administrators, bootstrapAccounts, makeOperatorUser, startAccounts } from './simulated-accounts.ts';
import { ensureWebUi } from './web-ui.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NAMESPACE = defaultInstallation.namespace;
/** A month: `npm start` may stay up for long, and nobody else renews the token. */
const TOKEN_LIFETIME_S = 30 * 86_400;
/** Calls of AWS a second: the simulator has no limits. */
const RATE = 1_000;

export interface Installation extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly aws: SimulatedAws;
  readonly endpoints: Endpoints;
}

/** Told what has just come up, with how long it took. */
export type Report = (what: string, ms: number) => void;

interface InstallationOptions extends Pick<StartOptions, 'port' | 'kubeconfig' | 'oidc' | 'opensearch'> {
  /** Told once when a program of the control plane has ended by itself: the installation is of no use then, and is to be disposed of. */
  readonly onLost?: (loss: SetupError) => void;
}

/** Returns when the operator is ready. Throws SetupError with what to do; what was started by then has been stopped. */
export async function startInstallation(
  run: RunDirectory,
  options: InstallationOptions,
  report: Report,
  end: AbortSignal,
): Promise<Installation> {
  await using started = new AsyncDisposableStack();
  checkConfigJson();
  const oidc = options.oidc === undefined ? undefined : readOidcFile(options.oidc);
  if (oidc !== undefined) await claimRedirectPort(oidc);
  const { kubectl, openSearch } = await unlessAborted(end, preparePrograms(options));
  const halves = new AbortController();
  const timed = timer(report, AbortSignal.any([end, halves.signal]));

  let child: RestartedProcess | undefined;
  let door: RestartedProcess | undefined;
  const onUnexpectedExit = (exit: UnexpectedExit): void => {
    child?.kill();
    door?.kill();
    options.onLost?.(controlPlaneLost(exit, run.keep(exit.log)));
  };

  // Whether somebody else's cluster can be used, and may be, is known before anything of ours comes up.
  const borrowed =
    options.kubeconfig === undefined ? undefined : await borrowCluster(kubectl, options.kubeconfig, started, timed);

  // Each half waits for the other only where it must; the machine has two cores.
  const [cluster, { aws, operatorUser, parts }] = await both(
    halves,
    (async () => {
      const cluster = borrowed ?? started.use(await startCluster(run, timed, onUnexpectedExit));
      await timed('custom resources, policies and roles installed', () => installInto(cluster));
      return cluster;
    })(),
    (async () => {
      const aws = await timed(`simulated AWS: accounts ${Object.keys(ACCOUNTS).join(', ')}`, () =>
        startAccounts(options.port),
      );
      started.defer(() => aws.stop());
      const operatorUser = await makeOperatorUser(aws);
      await timed('accounts bootstrapped for CDK', () => bootstrapAccounts(aws));
      await timed(`sample data: ${ORDERS.toLocaleString('en-US')} orders in Parquet, CSV, a folder, a bucket`, () =>
        Promise.all([makeLake(aws), makeAnalytics(aws)]),
      );
      const parts = await timed(nameOfParts(oidc, openSearch), () => startGatewayParts(started, { oidc, openSearch }));
      const webFolder = await timed('web UI built', ensureWebUi);
      return { aws, operatorUser, parts: { ...parts, webFolder } };
    })(),
  );

  const actionsPort = await pickPort();
  const endpointsOf = (operator: RestartedProcess, gateway: RestartedProcess): Endpoints => ({
    kubeconfig: cluster.kubeconfigPath,
    aws: { endpoint: aws.endpoint, region: REGION, accounts: administrators(aws) },
    metrics: `${operator.url}/metrics`,
    actions: `http://127.0.0.1:${actionsPort}`,
    ...gatewayEndpoints(parts),
    operator: { pid: operator.pid, log: run.file('operator.log'), audit: run.file('audit.log') },
    gateway: { pid: gateway.pid, log: run.file('gateway.log') },
    kubectl,
  });
  const publish = (): void => {
    if (child && door) run.publish(endpointsOf(child, door));
  };
  const startOperator = async (): Promise<RestartedProcess> => {
    await writeOperatorFiles(run, cluster, aws, actionsPort);
    const files = {
      config: run.file('operator.yaml'),
      kubeconfig: run.file('operator.kubeconfig'),
      log: run.file('operator.log'),
      audit: run.file('audit.log'),
      hub: operatorUser,
    };
    child = await RestartedProcess.start({
      name: 'operator',
      fork: (port) => forkOperator(files, port, RATE),
      log: files.log,
      onRestart: (how, ms) => {
        publish();
        report(`operator begun anew (${how}): process ${child?.pid}, metrics ${child?.url}/metrics`, ms);
      },
    });
    started.use(child);
    await untilAdministratorsMay(cluster);
    return child;
  };
  const startDoor = async (): Promise<RestartedProcess> => {
    door = await startGateway(run, cluster, { ...parts, actionsPort }, (how, ms) => {
      publish();
      report(`gateway begun anew (${how}): process ${door?.pid}`, ms);
    });
    return started.use(door);
  };
  // The gateway asks the operator only when somebody asks the gateway.
  const [operator, gateway] = await both(
    halves,
    timed('operator ready', startOperator),
    timed('gateway ready', startDoor),
  );

  publish();
  const stack = started.move();
  return {
    cluster,
    aws,
    get endpoints() {
      return endpointsOf(operator, gateway);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

interface Programs {
  /** Path of kubectl. */
  readonly kubectl: string;
  readonly openSearch: OpenSearchPrograms | undefined;
}

/** Builds or fetches what is missing the first time, with a progress display. */
async function preparePrograms({ kubeconfig, opensearch = false }: InstallationOptions): Promise<Programs> {
  const openSearch = opensearch ? await openSearchPrograms() : undefined;
  const display = progressOn(process.stderr, KUBERNETES_VERSION);
  if (kubeconfig === undefined) await ensureBinaries({ display });
  return { kubectl: await ensureKubectl({ display }), openSearch };
}

const nameOfParts = (oidc: object | undefined, openSearch: object | undefined): string =>
  [
    'PostgreSQL',
    ...(openSearch === undefined ? [] : ['OpenSearch']),
    ...(oidc === undefined ? ['an identity provider with demo users'] : []),
  ].join(', ');

async function startCluster(
  run: RunDirectory,
  timed: Timer,
  onUnexpectedExit: (exit: UnexpectedExit) => void,
): Promise<Cluster> {
  return await timed(`Kubernetes ${KUBERNETES_VERSION}: etcd, API server, controller manager`, () =>
    startControlPlane({
      users: USERS,
      folder: run.file('control-plane'),
      definitions: readManifests(join(ROOT, 'crds')),
      onUnexpectedExit,
    }),
  );
}

/** Given back as it was when `started` is disposed of. */
async function borrowCluster(
  kubectl: string,
  kubeconfigPath: string,
  started: AsyncDisposableStack,
  timed: Timer,
): Promise<Cluster> {
  const cluster = started.use(
    await timed(`cluster of ${kubeconfigPath}`, () => useExistingCluster({ kubeconfigPath, users: USERS })),
  );
  const borrowed = new BorrowedCluster(kubectl, kubeconfigPath);
  await borrowed.checkEmpty();
  started.defer(() => borrowed.leave());
  return cluster;
}

async function installInto(cluster: Cluster): Promise<void> {
  const administrator = cluster.kubeconfig();
  await applyManifests(administrator, [...readManifests(join(ROOT, 'crds')), ...(installManifests() as KubeObject[])]);
  await untilPoliciesAct(cluster, await operatorIdentity(cluster));
  await applyManifests(administrator, readManifests(join(ROOT, 'examples', 'tenant.yaml')));
}

const operatorIdentity = (cluster: Cluster): Promise<KubeConfig> =>
  cluster.serviceAccount(NAMESPACE, SERVICE_ACCOUNT, TOKEN_LIFETIME_S);

async function writeOperatorFiles(
  run: RunDirectory,
  cluster: Cluster,
  aws: SimulatedAws,
  actionsPort: number,
): Promise<void> {
  const config: InstallationConfigInput = {
    namespace: NAMESPACE,
    aws: { hub: { accountId: ACCOUNTS.hub.id, region: REGION }, endpoint: aws.endpoint },
    // Without TLS it is served to this machine alone.
    actions: {
      port: actionsPort,
      callers: [{ namespace: NAMESPACE, name: GATEWAY_SERVICE_ACCOUNT, assertsUsers: true }],
    },
  };
  const identity = await operatorIdentity(cluster);
  writeSecret(run.file('operator.yaml'), stringify(config));
  writeSecret(run.file('operator.kubeconfig'), stringify(JSON.parse(identity.exportConfig())));
}

type Timer = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** Reports each piece of work; begins none once `end` has aborted. */
function timer(report: Report, end: AbortSignal): Timer {
  return async (what, work) => {
    end.throwIfAborted();
    const since = performance.now();
    const result = await work();
    report(what, performance.now() - since);
    return result;
  };
}

async function unlessAborted<T>(end: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = once(end, 'abort').then(() => end.throwIfAborted());
  return (await Promise.race([work, aborted])) as T;
}

/** Promise.all, but when one fails the other begins nothing more and is waited for, so that nothing comes up behind our back. */
async function both<A, B>(halves: AbortController, first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const stopTheOther = (error: unknown): void => halves.abort(error);
  first.catch(stopTheOther);
  second.catch(stopTheOther);
  await Promise.allSettled([first, second]);
  halves.signal.throwIfAborted();
  return await Promise.all([first, second]);
}
