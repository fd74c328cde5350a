// Gateways as they are started, over HTTP, with one database that one indexer fills and people who sign in at the demo provider: what a test of
// subscriptions needs. They subscribe with the client of graphql-sse.

import { createClient, type Client, type ExecutionResult } from 'graphql-sse';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { startGateway } from '../../api/gateway.ts';
import { type Database, openDatabase } from '../../api/read-model/database.ts';
import { migrate } from '../../api/read-model/migrate.ts';
import { readSettings, type GatewaySettingsInput } from '../../api/settings.ts';
import { pickUser, signIn } from '../../hack/oidc/authorization-code.ts';
import { type OidcProvider, startOidcProvider } from '../../hack/oidc/provider.ts';
import { type PostgresServer, startPostgres } from '../../hack/postgres/postgres-server.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import type { ObjectName } from '../../operator/kernel/kind.ts';
import type { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { untilIndexed } from './gateway-scene.ts';
import { memoryCluster, ordersTable, populate, put, runIndexer, share } from './index-scene.ts';
import { rbacKubeApi } from './rbac-kube-api.ts';
import { clients, identitySettings, PUBLIC_CLIENT, REDIRECT } from './sign-in-scene.ts';

type Subscriptions = NonNullable<NonNullable<GatewaySettingsInput['server']>['subscriptions']>;

/** What a person's requests bear. */
export type Headers = Readonly<Record<string, string>>;

export interface LiveGateway {
  readonly url: string;
  readonly registry: Registry;
  /** Signs in with a browser. @returns the cookie of the session */
  readonly session: (user: string) => Promise<Headers>;
  /** POST /graphql/api; the answer's data or errors. */
  readonly ask: (as: Headers, query: string, variables?: object) => Promise<ExecutionResult>;
  readonly stop: () => Promise<void>;
}

/** A request of marketing for the dataset `orders` of sales, of which the owner of sales and the stewards decide. */
export interface LiveShare {
  readonly uri: string;
  readonly name: ObjectName & { readonly namespace: string };
  readonly approval: ObjectName & { readonly namespace: string };
  /** Changes what it says, as by kubectl. */
  readonly say: (purpose: string) => Promise<void>;
}

/** What all tests of a file have in common; each has its own share, and its own gateways where it takes them. */
export interface LiveScene {
  readonly api: MemoryKubeApi;
  readonly database: Database;
  readonly postgres: PostgresServer;
  readonly provider: OidcProvider;
  /** People at the provider; may be changed. */
  readonly users: { name: string; groups: string[] }[];
  /** One that is there for all. */
  readonly door: LiveGateway;
  /** Ends with the test. */
  readonly gateway: (subscriptions?: Subscriptions) => Promise<LiveGateway>;
  /** An access token of the provider. */
  readonly token: (user: string) => Promise<Headers>;
  readonly share: () => Promise<LiveShare>;
}

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });

/** Call at the top of a test file: `populate` and people are there before its tests. */
export function liveScene(): () => LiveScene {
  const started = new AsyncDisposableStack();
  let scene: LiveScene | undefined;
  beforeAll(async () => {
    scene = await startScene(started);
  });
  afterAll(() => started.disposeAsync());
  return () => {
    if (scene === undefined) throw new Error('the scene is there within tests only');
    return scene;
  };
}

async function startScene(started: AsyncDisposableStack): Promise<LiveScene> {
  const users = [
    'owner sales',
    'analyst marketing',
    'leaver marketing',
    'stranger elsewhere',
    'admin admins',
    'steward stewards',
  ].map((one) => {
    const [name = '', ...groups] = one.split(' ');
    return { name, groups };
  });
  const [api, postgres, provider] = await Promise.all([
    memoryCluster(),
    startPostgres(),
    startOidcProvider({ users, clients }),
  ]);
  started.defer(() => provider.stop());
  started.defer(() => postgres.stop());
  const database = openDatabase({ url: postgres.url(), connections: 5, statementTimeoutMs: 30_000 });
  started.defer(() => database.destroy());
  await migrate(database);
  await populate(api);
  const asking = { group: 'marketing', permissions: ['CREATE_SHARE_OBJECT'] };
  await put(api, teamKind, { namespace: 'marketing-prod', name: 'marketing' }, asking);
  const indexer = runIndexer(api, database);
  started.defer(() => indexer.stop());
  await untilIndexed(api, database);
  const parts = { api, databaseUrl: postgres.url(), issuer: provider.issuer };
  const door = await liveGateway({ ...parts, subscriptions: {} });
  started.defer(() => door.stop());
  const tokens = new Map<string, Promise<Headers>>();
  return {
    api,
    database,
    postgres,
    provider,
    users,
    door,
    gateway: async (subscriptions = {}) => {
      const gateway = await liveGateway({ ...parts, subscriptions });
      onTestFinished(() => gateway.stop());
      return gateway;
    },
    token: async (user) => {
      const token = tokens.get(user) ?? tokenOf(provider, user);
      tokens.set(user, token);
      return token;
    },
    share: () => newShare(api, database),
  };
}

async function tokenOf({ issuer }: OidcProvider, user: string): Promise<Headers> {
  const { clientId, redirectUrl } = PUBLIC_CLIENT;
  const { access_token } = await signIn({ issuer, clientId, redirectUrl, user });
  return { authorization: `Bearer ${access_token}` };
}

let shares = 0;

async function newShare(api: MemoryKubeApi, database: Database): Promise<LiveShare> {
  const name = { namespace: 'marketing-prod', name: `share-${(shares += 1)}` };
  const say = async (purpose: string, status?: object): Promise<void> =>
    void (await put(api, shareRequestKind, name, share('marketing', [ordersTable], { purpose }), status));
  await say('', { items: [{ ...ordersTable, state: 'PendingApproval' }] });
  const row = () => database.selectFrom('share_request').select('uri').where('name', '=', name.name).executeTakeFirst();
  await expect.poll(row).toBeDefined();
  return {
    uri: (await row())?.uri ?? '',
    name,
    approval: { namespace: 'sales-prod', name: `${name.namespace}.${name.name}` },
    say,
  };
}

interface LiveGatewayOptions {
  readonly api: MemoryKubeApi;
  readonly databaseUrl: string;
  readonly issuer: string;
  readonly subscriptions: Subscriptions;
}

async function liveGateway({ api, databaseUrl, issuer, subscriptions }: LiveGatewayOptions): Promise<LiveGateway> {
  const identity = identitySettings(issuer);
  const settings = readSettings({
    server: { host: '127.0.0.1', port: 0, subscriptions: { coalesceMs: 10, ...subscriptions } },
    database: { url: databaseUrl, connections: 5 },
    identity: { ...identity, oidc: { ...identity.oidc, clients: [PUBLIC_CLIENT.clientId] } },
  });
  const registry = new Registry();
  const gateway = await startGateway({
    settings,
    features: shippedFeatures(),
    role: 'gateway',
    api: rbacKubeApi(api),
    registry,
    log,
  });
  const end = new AbortController();
  const running = gateway.run(end.signal);
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
    stop: async () => {
      end.abort();
      await running;
    },
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

/** The document that most tests ask with. */
export const SHARE = 'subscription ($uri: String!) { shareChanged(shareUri: $uri) { shareUri status requestPurpose } }';

/** An event of {@link SHARE} with these fields. */
export const shown = (fields: object): unknown => ({
  data: { shareChanged: expect.objectContaining(fields) as unknown },
});

/** Of a metric, what has these labels; 0 where there is none. */
export async function countOf({ registry }: LiveGateway, metric: string, labels: object = {}): Promise<number> {
  const { values } = (await registry.getSingleMetric(metric)?.get()) ?? { values: [] };
  const matching = values.filter((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value));
  return matching.reduce((sum, { value }) => sum + value, 0);
}
