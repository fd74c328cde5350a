// How to reach a cluster and prove who we are: from a kubeconfig (through client-node) or from the pod's ServiceAccount.

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Clock, systemClock } from '../clock.ts';

export interface Access {
  /** URL of the API server, perhaps with a path. */
  server: string;
  /** The same object as long as nothing in it changes. */
  tls: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
  authorization?: string;
}

export interface Credentials {
  /** What to use now. */
  current(): Promise<Access>;
  /** After a 401: reads again; false when that has just been done, so that asking again is useless. */
  refresh(): Promise<boolean>;
}

/** client-go rereads token files each minute (bound tokens are rotated at 80 % of an hour); ten seconds also follow a test. */
const freshMs = 10_000;

/** Rereads what `read` gives from time to time and keeps one Access as long as nothing changed. */
export class ReloadingCredentials implements Credentials {
  readonly #read: () => Promise<Access>;
  readonly #clock: Clock;
  #access: Promise<Access> | undefined;
  #readAt = 0;

  constructor(read: () => Promise<Access>, clock: Clock = systemClock) {
    this.#read = read;
    this.#clock = clock;
  }

  current(): Promise<Access> {
    if (!this.#access || this.#clock.monotonic() - this.#readAt > freshMs) this.#reload();
    return this.#access ?? this.#read();
  }

  async refresh(): Promise<boolean> {
    if (this.#clock.monotonic() - this.#readAt < 1_000) return false;
    this.#reload();
    await this.#access;
    return true;
  }

  #reload(): void {
    const previous = this.#access;
    this.#readAt = this.#clock.monotonic();
    this.#access = (async () => {
      try {
        return keepUnchanged(await this.#read(), await previous);
      } catch (error) {
        // A file in the middle of its rotation, or an exec plugin that failed once: go on with what we had.
        if (previous) return previous;
        this.#access = undefined;
        throw error;
      }
    })();
  }
}

export interface UserCluster {
  readonly credentials: Credentials;
  /** Of the context; undefined where it says none. */
  readonly namespace: string | undefined;
}

/**
 * What a person at a shell means, as kubectl finds it: the file that is named, else $KUBECONFIG, else ~/.kube/config. A pod's own account where there is
 * none of them; undefined where there is nothing at all.
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export async function userCluster(
  file: string | undefined,
  context: string | undefined,
): Promise<UserCluster | undefined> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (file !== undefined) config.loadFromFile(file);
  else if ((process.env['KUBECONFIG'] ?? '') !== '' || existsSync(join(homedir(), '.kube', 'config')))
    config.loadFromDefault();
  else return runsInCluster() ? { credentials: inClusterCredentials(), namespace: undefined } : undefined;
  if (context !== undefined) config.setCurrentContext(context);
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  return { credentials: kubeConfigCredentials(config), namespace };
}

/** A kubeconfig file. Exec plugins, token files and client certificates are client-node's business. */
export async function kubeconfigCredentials(file: string, context?: string): Promise<Credentials> {
  // Loaded here only: its generated models cost 50 MB, and a pod needs none of them.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(file);
  if (context !== undefined) config.setCurrentContext(context);
  return kubeConfigCredentials(config);
}

export function kubeConfigCredentials(config: KubeConfig): Credentials {
  return new ReloadingCredentials(async () => {
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new Error(`kubeconfig context ${config.currentContext} names no cluster`);
    const options: HttpsOptions = { headers: {} };
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const authorization = options.headers['Authorization'];
    return {
      server: cluster.server,
      tls: {
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        ...(servername === undefined ? {} : { servername }),
        ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      },
      ...(authorization === undefined ? {} : { authorization }),
    };
  });
}

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export function runsInCluster(): boolean {
  return process.env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(`${serviceAccountFolder}/token`);
}

/** The pod's own ServiceAccount. @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
export function inClusterCredentials(folder = serviceAccountFolder, clock: Clock = systemClock): Credentials {
  const host = process.env['KUBERNETES_SERVICE_HOST'] ?? 'kubernetes.default.svc';
  const port = process.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  return new ReloadingCredentials(
    async () => ({
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      tls: { ca: readFileSync(`${folder}/ca.crt`) },
      authorization: `Bearer ${readFileSync(`${folder}/token`, 'utf8').trim()}`,
    }),
    clock,
  );
}

interface HttpsOptions {
  headers: Record<string, string>;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

function keepUnchanged(fresh: Access, previous: Access | undefined): Access {
  if (!previous || fingerprint(fresh) !== fingerprint(previous)) return fresh;
  return { ...fresh, tls: previous.tls };
}

function fingerprint({ server, tls }: Access): string {
  return JSON.stringify([server, tls], (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}
