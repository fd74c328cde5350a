// From a change with kubectl's means to the event that a subscriber of the gateway gets: API server, indexer, PostgreSQL and gateway, each a
// process of its own, and nothing else to be done.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { settingsInput } from '../../../api/identity/testing/settings.ts';
import { TokenIssuer } from '../../../api/identity/testing/token-issuer.ts';
import { kubeConfigCredentials } from '../../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../../operator/kernel/client/http-kube-api.ts';
import type { KubeObject } from '../../../operator/kernel/kind.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../../operator/resources/authority/gateway-role.ts';
import { installManifests } from '../../../operator/resources/authority/install.ts';
import { defaultInstallation } from '../../../operator/resources/authority/installation.ts';
import { organizationKind } from '../../../operator/resources/organization.ts';
import { startControlPlane } from '../../control-plane/control-plane.ts';
import { applyManifests, readManifests } from '../../control-plane/manifests.ts';
import { startPostgres } from '../../postgres/postgres-server.ts';
import { forkGateway } from '../../start/fork-gateway.ts';
import { RestartedProcess } from '../../start/restarted-process.ts';
import type { Report } from '../stage.ts';
import { distributionOf, type Distribution } from '../statistics.ts';

export interface LiveLatency {
  /** From when a change is sent to the API server until the subscriber has read it. */
  readonly changeToEvent: Distribution;
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
const NAME = { name: 'acme' };
const OWNER = 'sales';
/** Longer than changes are gathered (`server.subscriptions.coalesceMs`). */
const PAUSE_MS = 400;
const PATIENCE_MS = 60_000;

export const followChanges = async (samples: number, report: Report): Promise<LiveLatency> => {
  await using opened = new AsyncDisposableStack();
  const { api, gateway, token } = await openScene(opened);
  report('control plane, PostgreSQL, gateway with its indexer');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const uri = await organizationUri(gateway.url, headers);
  const leave = new AbortController();
  opened.defer(() => leave.abort());
  const stream = await fetch(`${gateway.url}/graphql/stream`, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream' },
    body: JSON.stringify({
      query: 'subscription ($uri: String!) { organizationChanged(organizationUri: $uri) { description } }',
      variables: { uri },
    }),
    signal: leave.signal,
  });
  const events = textOf(stream)[Symbol.asyncIterator]();
  await until(events, 'description');
  const waits: number[] = [];
  while (waits.length < samples) {
    await delay(PAUSE_MS);
    const description = `change ${waits.length} of ${samples}`;
    const since = performance.now();
    const seen = until(events, description);
    await api.patch(organizationKind, NAME, { type: 'merge', body: { spec: { description } } });
    await seen;
    waits.push(performance.now() - since);
  }
  report(`${waits.length} changes followed`);
  return { changeToEvent: distributionOf(waits) };
};

async function openScene(opened: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-bench-live-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const controlPlane = opened.use(await startControlPlane());
  const administrator = controlPlane.kubeconfig();
  await applyManifests(administrator, [...readManifests(join(ROOT, 'crds')), ...(installManifests() as KubeObject[])]);
  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(administrator) });
  opened.defer(() => api.close());
  const spec = { label: 'ACME', description: 'begun', owner: OWNER };
  const organization = { apiVersion: 'dataall.io/v1alpha1', kind: 'Organization', metadata: NAME, spec };
  await applyManifests(administrator, [organization]);
  const [postgres, issuer] = [await startPostgres(), await TokenIssuer.start()];
  opened.defer(() => postgres.stop());
  opened.defer(() => issuer.stop());
  const files = {
    config: join(folder, 'gateway.yaml'),
    kubeconfig: join(folder, 'kubeconfig'),
    log: join(folder, 'log'),
  };
  const account = await controlPlane.serviceAccount(defaultInstallation.namespace, GATEWAY_SERVICE_ACCOUNT);
  const settings = {
    server: { host: '127.0.0.1' },
    identity: settingsInput(issuer.url),
    database: { url: postgres.url() },
  };
  writeFileSync(files.config, stringify(settings), { mode: 0o600 });
  writeFileSync(files.kubeconfig, stringify(JSON.parse(account.exportConfig())), { mode: 0o600 });
  const gateway = await RestartedProcess.start({
    name: 'gateway',
    fork: (port) => forkGateway(files, port),
    log: files.log,
    onRestart: () => undefined,
  });
  opened.use(gateway);
  return { api, gateway, token: await issuer.token({ groups: [OWNER] }) };
}

async function organizationUri(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const body = JSON.stringify({ query: '{ listOrganizations { nodes { organizationUri } } }' });
    const answer: unknown = await (await fetch(`${url}/graphql/api`, { method: 'POST', headers, body })).json();
    const uri = /"organizationUri":"([^"]+)"/.exec(JSON.stringify(answer))?.[1];
    if (uri !== undefined) return uri;
    if (performance.now() > deadline) throw new Error(`the organization is not shown: ${JSON.stringify(answer)}`);
    await delay(100);
  }
}

async function* textOf({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) yield decoder.decode(part, { stream: true });
}

/** Until an event holds `text`; each is small enough to arrive in one piece. */
async function until(events: AsyncIterator<string>, text: string): Promise<void> {
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error(`the stream ended before ${text}`);
    if (value.includes(text)) return;
  }
}
