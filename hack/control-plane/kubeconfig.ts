/** Kubeconfigs: one user's, and the file with a context for each. */
import { KubeConfig, type User } from '@kubernetes/client-node';
import { renameSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

export interface Endpoint {
  readonly url: string;
  readonly ca: string;
}

const CLUSTER = 'dataall';

/** A kubeconfig whose contexts are named like their users; the first is current, unless another is named. */
export function buildKubeconfig(endpoint: Endpoint, users: readonly User[], current = users[0]?.name): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: CLUSTER, server: endpoint.url, caData: base64(endpoint.ca), skipTLSVerify: false }],
    users,
    contexts: users.map(({ name }) => ({ name, cluster: CLUSTER, user: name })),
    currentContext: current,
  });
  return config;
}

/** Writes the file whole or not at all: a reader never sees half a kubeconfig. */
export function writeKubeconfig(path: string, config: KubeConfig): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, stringify(JSON.parse(config.exportConfig())), { mode: 0o600 });
  renameSync(draft, path);
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
