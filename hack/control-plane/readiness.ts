/** Readiness of an API server: /readyz, and the namespace `default` that bootstrap makes a moment later. */
import { request } from 'node:https';
import type { KeyPair } from './certificates.ts';
import type { Endpoint } from './kubeconfig.ts';

/** A probe that takes longer counts as failed; the next one follows at once. */
const PROBE_TIMEOUT_MS = 5_000;

/** True when the server at `endpoint` proves to be ours (by its certificate) and answers as ready. */
export async function isReady(endpoint: Endpoint, client: KeyPair): Promise<boolean> {
  return (
    (await succeeds('/readyz', endpoint, client)) && (await succeeds('/api/v1/namespaces/default', endpoint, client))
  );
}

function succeeds(path: string, endpoint: Endpoint, client: KeyPair): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(
      new URL(path, endpoint.url),
      { agent: false, ca: endpoint.ca, cert: client.certificate, key: client.privateKey, timeout: PROBE_TIMEOUT_MS },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    probe.on('timeout', () => probe.destroy());
    probe.on('error', () => resolve(false));
    probe.on('close', () => resolve(false));
    probe.end();
  });
}
