/** ControlPlane: etcd, kube-apiserver and kube-controller-manager as children of this process, with users of the caller's choice. */
import type { KubeConfig, User } from '@kubernetes/client-node';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { ensureBinaries, type Binaries } from './binaries.ts';
import { CertificateAuthority, type KeyPair } from './certificates.ts';
import { ADMIN, type Cluster, type ClusterUser } from './cluster.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, layOut, type Layout } from './flags.ts';
import { base64, buildKubeconfig, writeKubeconfig } from './kubeconfig.ts';
import { applyManifests } from './manifests.ts';
import { pickPort } from './port.ts';
import { isReady } from './readiness.ts';
import { makeRunFolder } from './run-folder.ts';
import { SetupError } from './setup-error.ts';
import { superviseProcess, type SupervisedProcess } from './supervised-process.ts';
import { ClusterUsers } from './users.ts';

export interface ControlPlaneOptions {
  /** Users beside `admin`: each gets a client certificate and a context of its name. */
  readonly users?: readonly ClusterUser[];
  /** For kubeconfig, certificates, logs and etcd's data, kept after the stop. Default: a temporary folder, deleted on stop. */
  readonly folder?: string;
  /** Default: those of {@link ensureBinaries}. */
  readonly binaries?: Binaries;
  /**
   * CustomResourceDefinitions that are there before the controller manager starts: of later ones its garbage collector and its quotas
   * learn within 30 s.
   */
  readonly definitions?: readonly KubeObject[];
  /** Whether the status of admission policies tells what type-checking found against them. Default: no, for it takes 2 s of a core. */
  readonly policyStatus?: boolean;
  /**
   * What the API server writes down of requests, into {@link ControlPlane.auditLog}; unset: nothing.
   * @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Policy
   */
  readonly auditPolicy?: KubeObject & Readonly<Record<string, unknown>>;
  /** Told when a process ends that nobody stopped (killed by hand, out of memory). */
  readonly onUnexpectedExit?: (exit: UnexpectedExit) => void;
}

export interface UnexpectedExit {
  /** `etcd`, `kube-apiserver`, `kube-controller-manager` */
  readonly program: string;
  /** `exit code 1`, `SIGKILL` */
  readonly how: string;
  /** Path of its log. */
  readonly log: string;
}

export interface ControlPlane extends Cluster {
  /** The folder of {@link ControlPlaneOptions.folder}. */
  readonly folder: string;
  /** Path of a file with an event of audit.k8s.io/v1 in each line, where {@link ControlPlaneOptions.auditPolicy} says so. */
  readonly auditLog: string;
  /**
   * Takes the API server away; etcd keeps the objects. `graceful` sends SIGTERM as a rollout would, `crash` SIGKILL.
   * Watches from resource versions before the stop answer 410 Gone after the next start: the watch cache begins anew.
   */
  stopApiServer(how?: 'graceful' | 'crash'): Promise<void>;
  /** Brings the API server back at the same URL with the same identity; returns when it is ready. */
  startApiServer(): Promise<void>;
  restartApiServer(how?: 'graceful' | 'crash'): Promise<void>;
}

/** Ready after 3 s on an idle machine with 2 cores; several starting at once on a busy one take longer. */
const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 50;
/** After SIGTERM the API server stops listening at once and ends within 1 s, but open watches can hold it for a minute. */
const GRACE_MS = 3_000;
/** Another process may take the picked port before the API server does: then the next port is tried. */
const PORT_ATTEMPTS = 5;

const CONTROLLER_MANAGER: ClusterUser = { name: 'system:kube-controller-manager', groups: [] };

/**
 * Starts an isolated control plane and returns when its API server is ready; any number run side by side.
 * Throws {@link SetupError} when the binaries cannot be had or a program does not come up.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = options.binaries ?? (await ensureBinaries());
  const authority = await CertificateAuthority.create();
  const probe = await authority.issueClient({ name: 'readiness-probe', groups: ADMIN.groups });
  const controlPlane = new LocalControlPlane(binaries, options, authority, probe);
  try {
    await controlPlane.start(options.users ?? []);
    return controlPlane;
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}

class LocalControlPlane implements ControlPlane {
  readonly folder: string;
  readonly #binaries: Binaries;
  readonly #options: ControlPlaneOptions;
  readonly #authority: CertificateAuthority;
  /** Holds the sockets, and everything else unless the caller gave a folder. */
  readonly #runFolder: string;
  readonly #layout: Layout;
  readonly #processes: SupervisedProcess[] = [];
  readonly #users: ClusterUsers;
  /** Processes that end because we want them to. */
  readonly #dismissed = new Set<SupervisedProcess>();
  readonly #probe: KeyPair;
  #etcd: SupervisedProcess | undefined;
  #apiServer: SupervisedProcess | undefined;
  #controllerManager: SupervisedProcess | undefined;
  #port = 0;
  /** Until then it is start() that fails. */
  #started = false;

  constructor(binaries: Binaries, options: ControlPlaneOptions, authority: CertificateAuthority, probe: KeyPair) {
    this.#binaries = binaries;
    this.#options = options;
    this.#authority = authority;
    this.#probe = probe;
    this.#runFolder = makeRunFolder();
    this.folder = options.folder ?? this.#runFolder;
    this.#layout = layOut(this.folder, this.#runFolder);
    this.#users = new ClusterUsers(this, this.kubeconfigPath, (user) => this.#issueUser(user));
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get ca(): string {
    return this.#authority.certificate;
  }

  get auditLog(): string {
    return this.#layout.auditLog;
  }

  get kubeconfigPath(): string {
    return this.#layout.kubeconfig;
  }

  async start(users: readonly ClusterUser[]): Promise<void> {
    await this.#writeIdentity();
    this.#etcd = this.#run('etcd', this.#binaries.etcd, etcdFlags(this.#layout));
    await this.#startApiServerOnFreePort();
    for (const user of [ADMIN, ...users]) await this.addUser(user);
    await applyManifests(this.kubeconfig(), this.#options.definitions ?? []);
    writeKubeconfig(
      this.#layout.controllerManagerKubeconfig,
      buildKubeconfig(this, [await this.#issueUser(CONTROLLER_MANAGER)]),
    );
    this.#startControllerManager();
    this.#started = true;
  }

  kubeconfig(userName?: string): KubeConfig {
    return this.#users.kubeconfig(userName);
  }

  addUser(user: ClusterUser): Promise<KubeConfig> {
    return this.#users.add(user);
  }

  serviceAccount(namespace: string, name: string, lifetimeSeconds?: number, audience?: string): Promise<KubeConfig> {
    return this.#users.serviceAccount(namespace, name, lifetimeSeconds, audience);
  }

  async stopApiServer(how: 'graceful' | 'crash' = 'graceful'): Promise<void> {
    // Without its API server the controller manager would back off for up to 30 s; a fresh one is at work within 1 s.
    await this.#dismiss(this.#controllerManager, 0);
    await this.#dismiss(this.#apiServer, how === 'graceful' ? GRACE_MS : 0);
  }

  async startApiServer(): Promise<void> {
    if (this.#apiServer?.running === true) return;
    await this.#launchApiServer();
    this.#startControllerManager();
  }

  async restartApiServer(how: 'graceful' | 'crash' = 'graceful'): Promise<void> {
    await this.stopApiServer(how);
    await this.startApiServer();
  }

  /** Kills rather than asks: nothing here outlives the run, and etcd without fsync loses nothing by a kill. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => this.#dismiss(process, 0)));
    rmSync(this.#runFolder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #writeIdentity(): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const server = await this.#authority.issueServer();
    const serviceAccounts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const files = {
      [this.#layout.ca]: this.ca,
      [this.#layout.caKey]: this.#authority.privateKey,
      [this.#layout.serverCertificate]: server.certificate,
      [this.#layout.serverKey]: server.privateKey,
      [this.#layout.serviceAccountKey]: serviceAccounts.privateKey.export({ format: 'pem', type: 'sec1' }).toString(),
      ...(this.#options.auditPolicy && { [this.#layout.auditPolicy]: JSON.stringify(this.#options.auditPolicy) }),
    };
    for (const [path, content] of Object.entries(files)) writeFileSync(path, content, { mode: 0o600 });
  }

  async #startApiServerOnFreePort(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      this.#port = await pickPort();
      try {
        await this.#launchApiServer();
        return;
      } catch (error) {
        const portTaken = this.#apiServer?.logTail().includes('address already in use') === true;
        if (!portTaken || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  async #launchApiServer(): Promise<void> {
    const apiServer = this.#run(
      'kube-apiserver',
      this.#binaries.kubeApiserver,
      apiServerFlags(this.#layout, this.#port, { audit: this.#options.auditPolicy !== undefined }),
    );
    this.#apiServer = apiServer;
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await isReady(this, this.#probe))) {
      const late = Date.now() > deadline;
      const ended = [this.#etcd, apiServer].find((program) => program?.running === false);
      if (late || ended !== undefined) {
        await this.#dismiss(apiServer, 0);
        throw this.#startFailure(
          ended === undefined
            ? `kube-apiserver was not ready after ${READY_TIMEOUT_MS / 1000} s`
            : `${ended.name} ended while starting (${ended.ending})`,
        );
      }
      await delay(READY_POLL_MS);
    }
  }

  #startControllerManager(): void {
    const flags = controllerManagerFlags(this.#layout, { policyStatus: this.#options.policyStatus === true });
    this.#controllerManager = this.#run('kube-controller-manager', this.#binaries.kubeControllerManager, flags);
  }

  #startFailure(what: string): SetupError {
    const logs = this.#processes.filter(({ name }) => name !== 'kube-controller-manager');
    return new SetupError(
      'start-failed',
      `${what}.\n${logs.map((program) => `--- end of ${program.name}'s log:\n${program.logTail()}`).join('\n')}`,
      'read the log above; it needs about 500 MB of memory and a writable temporary folder with 200 MB free.',
    );
  }

  #run(name: string, command: string, args: readonly string[]): SupervisedProcess {
    const process = superviseProcess(name, command, args, this.#layout.log(name));
    this.#processes.push(process);
    void process.exited.then(() => {
      if (this.#started && !this.#dismissed.has(process)) {
        this.#options.onUnexpectedExit?.({
          program: name,
          how: process.ending ?? 'it could not be run',
          log: this.#layout.log(name),
        });
      }
    });
    return process;
  }

  async #dismiss(process: SupervisedProcess | undefined, graceMs: number): Promise<void> {
    if (process === undefined) return;
    this.#dismissed.add(process);
    await (graceMs > 0 ? process.stop(graceMs) : process.kill());
  }

  async #issueUser(user: ClusterUser): Promise<User> {
    const { certificate, privateKey } = await this.#authority.issueClient(user);
    return { name: user.name, certData: base64(certificate), keyData: base64(privateKey) };
  }
}
