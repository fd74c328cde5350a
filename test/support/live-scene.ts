// Gateways as they are started, over HTTP, with one database that one indexer fills and people who sign in at the demo provider: what a test of
// subscriptions needs. They subscribe with the client of graphql-sse.

import { createClient, type Client, type ExecutionResult } from 'graphql-sse';
import pino from 'pino';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { startGateway } from '../../api/gateway.ts';
import type { Database } from '../../api/read-model/database.ts';
import { readSettings, type GatewaySettingsInput } from '../../api/settings.ts';
import { pickUser, signIn } from '../../hack/oidc/authorization-code.ts';
import type { OidcProvider } from '../../hack/oidc/provider.ts';
import type { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import type { DatabaseServer } from './database.ts';
import { caughtUp, memoryCluster, populate, startIndexer } from './index-scene.ts';
import { rbacKubeApi } from './rbac-kube-api.ts';
import { demoProvider, PUBLIC_CLIENT, sessionKey } from './sign-in-scene.ts';

type Subscriptions = NonNullable<NonNullable<GatewaySettingsInput['server']>['subscriptions']>;

/** What a person's requests bear. */
export type Headers = Readonly<Record<string, string>>;

export interface LiveGateway {
  readonly url: string;
  readonly registry: Registry;
  /** Signs in with a browser. @returns the cookie of the session */
  session(user: string): Promise<Headers>;
  /** POST /graphql/api; the answer's data or errors. */
  ask(as: Headers, query: string, variables?: object): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

export interface LiveScene {
  readonly api: MemoryKubeApi;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly provider: OidcProvider;
  /** People at the provider; may be changed. */
  readonly users: { name: string; groups: string[] }[];
  gateway(subscriptions?: Subscriptions): Promise<LiveGateway>;
  /** An access token of the provider. */
  token(user: string): Promise<Headers>;
}

const SECRET = 'known to the gateways and the provider';
const REDIRECT = 'http://localhost:8443/auth/callback';
const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });

/** With what `populate` makes, indexed. */
export async function liveScene(postgres: DatabaseServer): Promise<LiveScene> {
  const users = [
    { name: 'owner', groups: ['sales'] },
    { name: 'analyst', groups: ['marketing'] },
    { name: 'stranger', groups: ['elsewhere'] },
    { name: 'admin', groups: ['admins'] },
  ];
  const [api, { database, url: databaseUrl }, provider] = await Promise.all([
    memoryCluster(),
    postgres.fresh(),
    demoProvider({ users }),
  ]);
  await populate(api);
  await caughtUp(startIndexer(api, database), database);
  const { clientId, redirectUrl } = PUBLIC_CLIENT;
  return {
    api,
    database,
    databaseUrl,
    provider,
    users,
    gateway: async (subscriptions = {}) => liveGateway({ api, databaseUrl, issuer: provider.issuer, subscriptions }),
    token: async (user) => {
      const { access_token } = await signIn({ issuer: provider.issuer, clientId, redirectUrl, user });
      return { authorization: `Bearer ${access_token}` };
    },
  };
}

interface LiveGatewayOptions {
  readonly api: MemoryKubeApi;
  readonly databaseUrl: string;
  readonly issuer: string;
  readonly subscriptions: Subscriptions;
}

async function liveGateway({ api, databaseUrl, issuer, subscriptions }: LiveGatewayOptions): Promise<LiveGateway> {
  const settings = readSettings({
    server: { host: '127.0.0.1', port: 0, subscriptions: { coalesceMs: 10, ...subscriptions } },
    database: { url: databaseUrl, connections: 5 },
    identity: {
      oidc: {
        issuer,
        clientId: 'dataall',
        clientSecret: SECRET,
        redirectUrl: REDIRECT,
        clients: [PUBLIC_CLIENT.clientId],
        scopes: 'openid profile email groups',
        claimsMapping: { user: 'preferred_username', email: 'email', groups: 'groups' },
      },
      session: { keys: [sessionKey('1')] },
    },
  });
  const registry = new Registry();
  const gateway = await startGateway({ settings, role: 'gateway', api: rbacKubeApi(api), registry, log });
  const end = new AbortController();
  const running = gateway.run(end.signal);
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  onTestFinished(stop);
  const url = gateway.url ?? '';
  return {
    url,
    registry,
    session: async (user) => sessionAt(url, user),
    ask: async (as, query, variables = {}) => {
      const response = await fetch(`${url}/graphql/api`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as ExecutionResult;
    },
    stop,
  };
}

async function sessionAt(url: string, user: string): Promise<Headers> {
  const cookiesOf = (response: Response): string =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  const begun = await fetch(`${url}/auth/login`, { redirect: 'manual' });
  const back = await pickUser(new URL(begun.headers.get('location') ?? ''), REDIRECT, user);
  const done = await fetch(url + back.pathname + back.search, {
    redirect: 'manual',
    headers: { cookie: cookiesOf(begun) },
  });
  const cookie = cookiesOf(done);
  if (!cookie.includes('dataall_session=')) throw new Error(await done.text());
  return { cookie };
}

/** What came of one subscription. */
export interface Subscribed {
  readonly events: ExecutionResult[];
  /** Resolves when it is complete; rejects when its stream broke. */
  readonly done: Promise<void>;
  readonly end: () => void;
}

/** A client that does not try again by itself. @param singleConnection many subscriptions on one stream */
export function clientOf({ url }: LiveGateway, headers: Headers, singleConnection = false): Client<boolean> {
  const client = createClient({
    url: `${url}/graphql/stream`,
    headers: { ...headers },
    singleConnection,
    retryAttempts: 0,
  });
  onTestFinished(() => client.dispose());
  return client;
}

export function subscribe(client: Client<boolean>, query: string, variables: Record<string, unknown> = {}): Subscribed {
  const events: ExecutionResult[] = [];
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  // Some tests look at it later.
  done.catch(() => undefined);
  const end = client.subscribe(
    { query, variables },
    { next: (event) => void events.push(event as ExecutionResult), error: reject, complete: resolve },
  );
  return { events, done, end };
}
