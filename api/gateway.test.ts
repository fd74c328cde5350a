// The gateway as it starts: what it serves at which port, and what it says where it cannot.

import { sql } from 'kysely';
import pino from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pickPort } from '../hack/control-plane/port.ts';
import { shippedFeatures } from '../operator/features/shipped.ts';
import { systemFailure } from '../operator/kernel/process/start-up.ts';
import { databaseServer } from '../test/support/database.ts';
import { memoryCluster } from '../test/support/index-scene.ts';
import type { Role } from './command-line.ts';
import { startGateway } from './gateway.ts';
import { settingsInput } from './identity/testing/settings.ts';
import { TokenIssuer } from './identity/testing/token-issuer.ts';
import { readSettings } from './settings.ts';

const postgres = databaseServer();

/** @param issuer left out: the identity provider is not there, and nobody signs in */
const begun = async (
  url: string,
  {
    role = 'gateway',
    port = 0,
    issuer,
    more = {},
  }: { role?: Role; port?: number; issuer?: TokenIssuer; more?: object } = {},
) => {
  const identity = settingsInput(issuer?.url ?? `http://127.0.0.1:${await pickPort()}`);
  const gateway = await startGateway({
    settings: readSettings({ server: { host: '127.0.0.1', port }, identity, database: { url }, ...more }),
    features: shippedFeatures(),
    role,
    api: await memoryCluster(),
    probePort: 0,
    registry: new Registry(),
    log: pino({ level: 'silent' }),
  });
  const end = new AbortController();
  const ended = gateway.run(end.signal);
  onTestFinished(async () => {
    end.abort();
    await ended;
  });
  return { url: gateway.url, probes: `http://127.0.0.1:${gateway.probePort}` };
};

const refusal = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'started',
    (error: Error) => (systemFailure(error) ?? error).message,
  );
const statuses = async (base: string | undefined) =>
  Promise.all(['/healthz', '/readyz', '/metrics'].map(async (path) => (await fetch(`${base}${path}`)).status));

describe('The gateway', () => {
  it('tells its metrics at a port of their own in each role, and not where people reach it', async () => {
    const { url } = await postgres.fresh();
    const gateway = await begun(url);
    expect(await statuses(gateway.url)).toEqual([200, 200, 404]);
    expect(await statuses(gateway.probes)).toEqual([200, 200, 200]);
    const indexer = await begun(url, { role: 'indexer' });
    expect(indexer.url).toBeUndefined();
    expect(await statuses(indexer.probes)).toEqual([200, 200, 200]);
    expect(await (await fetch(`${indexer.probes}/metrics`)).text()).toContain('dataall_indexer_leads');
    expect((await fetch(`${indexer.probes}/debug/queues`)).status).toBe(404);
  });

  it('answers others while one person has as many statements under way as one person may', async () => {
    const { url, database } = await postgres.fresh();
    const issuer = await TokenIssuer.start();
    onTestFinished(async () => issuer.stop());
    const gateway = await begun(url, { issuer, more: { database: { url, connections: 4 } } });
    const ask = async (email: string, query: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${await issuer.token({ email })}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ query });
      return (await fetch(`${gateway.url}/graphql/api`, { method: 'POST', headers, body })).json();
    };
    const news = '{ a: countUnreadNotifications b: countUnreadNotifications c: countUnreadNotifications }';
    const waiting = sql<{ count: number }>`
      select count(*)::int from pg_locks where relation = 'notification'::regclass and not granted`;
    const asked = await database.transaction().execute(async (transaction) => {
      await sql`lock table notification in access exclusive mode`.execute(transaction);
      const answers = Promise.all(Array.from({ length: 8 }, async () => ask('ann@example.com', news)));
      await expect.poll(async () => (await waiting.execute(transaction)).rows).toEqual([{ count: 1 }]);
      const datasets = await ask('bob@example.com', '{ listDatasets { count } }');
      expect(datasets).toMatchObject({ data: { listDatasets: { count: 0 } } });
      expect((await waiting.execute(transaction)).rows).toEqual([{ count: 1 }]);
      return { answers };
    });
    for (const answer of await asked.answers) expect(answer).toMatchObject({ data: { a: 0, b: 0, c: 0 } });
  });

  it('says of a database that does not answer, or is not there, what to look at, and no password', async () => {
    const { url } = await postgres.fresh();
    const away = new URL('postgres://gateway:hunter2@127.0.0.1/dataall');
    away.port = String(await pickPort());
    const nowhere = new URL(url);
    nowhere.pathname = '/nowhere';
    const [one, other] = [await refusal(begun(away.href)), await refusal(begun(nowhere.href))];
    expect(one).toMatch(
      /^PostgreSQL does not answer: connect ECONNREFUSED \S+ See to it that it runs, and is where database\.url/,
    );
    expect(other).toMatch(/^PostgreSQL does not let the gateway in: database "nowhere" does not exist\. Correct user/);
    expect(one).not.toContain('hunter2');
  });

  it('says of a port that is taken, a certificate, a directory or an operation that is not there which it is', async () => {
    const { url } = await postgres.fresh();
    const { port } = new URL((await begun(url)).url ?? '');
    expect(await refusal(begun(url, { port: Number(port) }))).toBe(
      `cannot listen on port ${port} of 127.0.0.1 (EADDRINUSE): end what listens there, or configure another`,
    );
    const tls = { server: { tls: { certFile: '/nowhere/tls.crt', keyFile: '/nowhere/tls.key' } } };
    expect(await refusal(begun(url, { more: tls }))).toMatch(/^cannot read \/nowhere\/tls.crt \(ENOENT\)/);
    const identity = settingsInput('https://login.example.com', {}, { groupDirectory: { module: '/nowhere.mjs' } });
    expect(await refusal(begun(url, { more: { identity } }))).toMatch(
      /^identity\.groupDirectory\.module \/nowhere\.mjs/,
    );
    const reauth = settingsInput('https://login.example.com', {}, { reauth: { operations: ['deleteDatset'] } });
    expect(await refusal(begun(url, { more: { identity: reauth } }))).toBe(
      'identity.reauth.operations: no operation deleteDatset, did you mean deleteDataset?',
    );
  });
});
