// Runs a pod of a Deployment on this machine without a kubelet: the same command, arguments, environment, user and files, a root that cannot
// be written, a network of its own, and the token of its ServiceAccount. Needs Linux and root (unshare, chroot, ip).
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { superviseProcess, type SupervisedProcess } from '../control-plane/supervised-process.ts';
import type { Image } from '../image/build.ts';
import { carryTo, listening } from './carry.ts';
import type { ForwardRules } from './forward.ts';
import { readSecret, writeVolumes, type VolumeSources } from './volumes.ts';
import type { Container, Deployment } from './workload.ts';

const FORWARD = join(import.meta.dirname, 'forward.ts');
const SANDBOX = join(import.meta.dirname, 'sandbox.sh');
const GRACE_MS = 45_000;

export interface PodSurroundings extends VolumeSources {
  readonly image: Image;
  /** Of the API server on this machine. */
  readonly apiServerPort: number;
  /** Ports of this machine that pods reach at 127.0.0.1: a database, an identity provider, an AWS. */
  readonly outside: readonly number[];
  /** Name of a Service in the cluster -> its port, and the socket of a pod behind it ({@link Pod.socket}). */
  readonly services: Readonly<Record<string, { readonly port: number; readonly socket: string }>>;
}

export class Pod implements AsyncDisposable {
  readonly #folder: string;
  readonly #process: SupervisedProcess;
  readonly #stack: AsyncDisposableStack;
  readonly #container: Container;

  private constructor(folder: string, container: Container, process: SupervisedProcess, stack: AsyncDisposableStack) {
    this.#folder = folder;
    this.#container = container;
    this.#process = process;
    this.#stack = stack;
  }

  static async start({ metadata, spec }: Deployment, surroundings: PodSurroundings): Promise<Pod> {
    await using opened = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), 'dataall-pod-'));
    opened.defer(() => rmSync(folder, { recursive: true, force: true }));
    const { spec: pod } = spec.template;
    const [container] = pod.containers;
    const volumes = join(folder, 'volumes');
    const mounted = await writeVolumes(surroundings, metadata.namespace, pod, volumes);
    const lines = mounted.map(({ folder: own, mountPath, mode }) => `${own} ${mountPath} ${mode}\n`);
    writeFileSync(join(folder, 'mounts'), lines.join(''));
    const network = await joinNetwork(opened, folder, container, surroundings);
    writeFileSync(join(folder, 'hosts'), network.hosts);
    const root = join(folder, 'root');
    mkdirSync(root);
    const env = await environment(surroundings, metadata.namespace, container);
    const { runAsUser, runAsGroup } = pod.securityContext;
    const user = `${runAsUser}:${runAsGroup}`;
    const files = [
      root,
      surroundings.image.root,
      join(folder, 'mounts'),
      user,
      join(folder, 'hosts'),
      container.workingDir,
    ];
    const program = superviseProcess(
      metadata.name,
      'nsenter',
      [
        `--net=/proc/${network.pid}/ns/net`,
        'unshare',
        '--mount',
        'sh',
        SANDBOX,
        ...files,
        ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
        ...container.command,
        ...(container.args ?? []),
      ],
      join(folder, 'log'),
    );
    opened.defer(() => program.stop(GRACE_MS));
    return new Pod(folder, container, program, opened.move());
  }

  /** In the file system, for a port of the container by its name. */
  socket(port: string): string {
    return socketOf(this.#folder, portOf(this.#container, port));
  }

  /** Listens on this machine, at `here` or any free port, for a port of the container; ends with the pod. @returns its number here */
  async expose(port: string, here = 0): Promise<number> {
    const carrier = createServer(carryTo({ path: this.socket(port) }));
    const server = await listening(carrier, { port: here, host: '127.0.0.1' });
    this.#stack.defer(() => void server.close());
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** How it ended; undefined while it runs. */
  get ending(): string | undefined {
    return this.#process.ending;
  }

  log(): string {
    return this.#process.logTail(200);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

const portOf = ({ name, ports }: Container, port: string): number => {
  const found = ports.find((one) => one.name === port)?.containerPort;
  if (found === undefined) throw new Error(`container ${name} has no port ${port}`);
  return found;
};

const socketOf = (folder: string, port: number): string => join(folder, `${port}.socket`);

/** A network namespace with a loopback alone, and who carries connections in and out. */
async function joinNetwork(
  opened: AsyncDisposableStack,
  folder: string,
  { ports }: Container,
  { apiServerPort, outside, services }: PodSurroundings,
): Promise<{ readonly pid: number; readonly hosts: string }> {
  const out: Record<string, string> = {};
  for (const port of [apiServerPort, ...outside]) {
    const path = join(folder, `outside-${port}.socket`);
    const server: Server = await listening(createServer(carryTo({ port, host: '127.0.0.1' })), { path });
    opened.defer(() => void server.close());
    out[`127.0.0.1:${port}`] = path;
  }
  let hosts = '127.0.0.1 localhost\n';
  for (const [index, [name, { port, socket }]] of Object.entries(services).entries()) {
    const address = `127.0.1.${index + 1}`;
    out[`${address}:${port}`] = socket;
    hosts += `${address} ${name}\n`;
  }
  const rules: ForwardRules = {
    out,
    in: Object.fromEntries(ports.map(({ containerPort }) => [socketOf(folder, containerPort), containerPort])),
  };
  const script = 'ip link set lo up && exec "$0" "$@"';
  const child = spawn('unshare', ['--net', 'sh', '-c', script, process.execPath, FORWARD, JSON.stringify(rules)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  opened.defer(() => void child.stdin.destroy());
  await ready(child);
  return { pid: child.pid ?? 0, hosts };
}

const ready = async (child: ChildProcess): Promise<void> =>
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the network of a pod ended with ${code}`)));
  });

async function environment(
  { api, apiServerPort, image }: PodSurroundings,
  namespace: string,
  { env = [] }: Container,
): Promise<Readonly<Record<string, string>>> {
  const own: Record<string, string> = {
    ...image.env,
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String(apiServerPort),
  };
  for (const { name, value, valueFrom } of env)
    own[name] = valueFrom
      ? await readSecret(api, namespace, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key)
      : (value ?? '');
  return own;
}
