// The volumes of a pod as folders: what a kubelet would write.
import { mkdirSync, chownSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import type { PodSpec, Volume } from './workload.ts';

interface Data extends KubeObject {
  /** Of a Secret in base64. */
  readonly data?: Readonly<Record<string, string>>;
}

const core = { group: '', version: 'v1', scope: 'Namespaced' } as const;
const configMapKind: Kind<Data> = { ...core, plural: 'configmaps', kind: 'ConfigMap' };
const secretKind: Kind<Data> = { ...core, plural: 'secrets', kind: 'Secret' };

/** A token as TokenRequest makes it; without an audience for the API server itself. */
export type TokenSource = (namespace: string, serviceAccount: string, audience?: string) => Promise<string>;

export interface VolumeSources {
  /** Reads ConfigMaps and Secrets, as a kubelet may. */
  readonly api: KubeApi;
  readonly token: TokenSource;
  /** PEM of the API server's authority. */
  readonly ca: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A folder of this machine for each place in the container. */
export interface MountedFolder {
  readonly folder: string;
  readonly mountPath: string;
  readonly mode: 'ro' | 'rw';
}

/** @param folder an existing one, for them all. Throws KubeError for a ConfigMap or Secret that is not there: such a pod would not start. */
export async function writeVolumes(
  sources: VolumeSources,
  namespace: string,
  spec: PodSpec,
  folder: string,
): Promise<readonly MountedFolder[]> {
  const { volumeMounts } = spec.containers[0];
  const mounted: MountedFolder[] = [];
  for (const { name, mountPath, readOnly } of volumeMounts) {
    const volume = spec.volumes.find((one) => one.name === name);
    if (volume === undefined) throw new Error(`volumeMounts names ${name}, which is none of the volumes`);
    const own = join(folder, name);
    writeFiles(own, await filesOf(sources, namespace, spec, volume));
    const isOwn = 'emptyDir' in volume;
    if (isOwn) chownSync(own, spec.securityContext.runAsUser, spec.securityContext.runAsGroup);
    mounted.push({ folder: own, mountPath, mode: isOwn && readOnly !== true ? 'rw' : 'ro' });
  }
  const own = join(folder, 'service-account');
  const token = await sources.token(namespace, spec.serviceAccountName);
  writeFiles(own, { token, 'ca.crt': sources.ca, namespace });
  return [...mounted, { folder: own, mountPath: SERVICE_ACCOUNT, mode: 'ro' }];
}

/** Of `key` of a Secret. */
export const readSecret = async (api: KubeApi, namespace: string, name: string, key: string): Promise<string> => {
  const value = (await api.get(secretKind, { namespace, name })).data?.[key];
  if (value === undefined) throw new Error(`Secret ${name} has no ${key}`);
  return Buffer.from(value, 'base64').toString('utf8');
};

type Files = Readonly<Record<string, string>>;

async function filesOf(
  { api, token }: VolumeSources,
  namespace: string,
  { serviceAccountName }: PodSpec,
  volume: Volume,
): Promise<Files> {
  if ('configMap' in volume) return (await api.get(configMapKind, { namespace, ...volume.configMap })).data ?? {};
  if ('secret' in volume) {
    const { secretName: name, items } = volume.secret;
    const keys =
      items ??
      Object.keys((await api.get(secretKind, { namespace, name })).data ?? {}).map((key) => ({ key, path: key }));
    return Object.fromEntries(
      await Promise.all(
        keys.map(async ({ key, path }) => [path, await readSecret(api, namespace, name, key)] as const),
      ),
    );
  }
  if ('projected' in volume) {
    const tokens = volume.projected.sources.map(({ serviceAccountToken }) => serviceAccountToken);
    return Object.fromEntries(
      await Promise.all(
        tokens.map(async ({ audience, path }) => [path, await token(namespace, serviceAccountName, audience)] as const),
      ),
    );
  }
  return {};
}

function writeFiles(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
