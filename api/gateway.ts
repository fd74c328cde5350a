// Puts the gateway together: read model, identity, modules, HTTP server and indexer. Tests start exactly this.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { GraphQLSchema } from 'graphql';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Credentials } from '../operator/kernel/client/credentials.ts';
import type { Features } from '../operator/features/features.ts';
import type { KubeApi } from '../operator/kernel/client/kube-api.ts';
import { systemClock } from '../operator/kernel/clock.ts';
import { startProbeServer } from '../operator/kernel/runtime/probe-server.ts';
import { ElectionThread } from '../operator/kernel/runtime/election-thread.ts';
import { INDEXER_LEASE } from '../operator/resources/authority/gateway-role.ts';
import type { Role } from './command-line.ts';
import { notInThisVersion } from './graphql/not-in-this-version.ts';
import { gatewaySchema } from './graphql/schema.ts';
import { openAuthentication } from './identity/authentication.ts';
import { trustedOrigins } from './identity/request-origin.ts';
import { SealedBox } from './identity/sealed-box.ts';
import { reauthOperations } from './identity/settings.ts';
import { ChangeListener } from './live/change-listener.ts';
import { Changes } from './live/changes.ts';
import { modules } from './modules.ts';
import { OperatorClient } from './operator-actions/operator-actions.ts';
import { TemplateLinks } from './operator-actions/template-links.ts';
import { catalogsOf } from './read-model/catalogue/catalogue-source.ts';
import { CatalogueSync } from './read-model/catalogue/catalogue-sync.ts';
import { databaseOn, openPool, type Database } from './read-model/database.ts';
import { DatabaseShares } from './read-model/database-shares.ts';
import { Indexer } from './read-model/indexer/indexer.ts';
import { migrateAt } from './read-model/migrate.ts';
import { catalogIndexerOf, catalogSearchOf } from './search/backend.ts';
import { requestContext } from './server/request-context.ts';
import { RateLimiter } from './server/rate-limit.ts';
import { gatewayServer } from './server/server.ts';
import { readPersistedOperations } from './server/persisted-operations.ts';
import { serveWebPages } from './server/web-pages.ts';
import type { GatewaySettings } from './settings.ts';

export interface GatewayOptions {
  readonly settings: GatewaySettings;
  /** What config.json has on. */
  readonly features: Features;
  readonly role: Role;
  /** As the gateway's own ServiceAccount. */
  readonly api: KubeApi;
  /** How the thread that holds the indexer's Lease reaches the cluster; without it this process indexes from the start. */
  readonly credentials?: Credentials;
  /** Of /healthz, /readyz and /metrics; 0 picks a free one, absent serves none. */
  readonly probePort?: number;
  readonly registry: Registry;
  readonly log: Logger;
}

export interface Gateway {
  /** Of the HTTP server, e.g. `http://127.0.0.1:8443`; undefined for an indexer alone. */
  readonly url: string | undefined;
  /** Where probes are answered and metrics shown. */
  readonly probePort: number | undefined;
  /** Until `end` aborts; answers what it has begun. */
  run(end: AbortSignal): Promise<void>;
}

/** Migrates the database and listens. Throws StartupError where settings, the database or the system keep it from that. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, features, role } = options;
  await using started = new AsyncDisposableStack();
  await migrateAt(settings.database);
  const pool = openPool(settings.database);
  const database = databaseOn(pool);
  started.defer(() => database.destroy());
  const operator = settings.operator && new OperatorClient(settings.operator, options.log, features);
  started.defer(() => operator?.close());
  const ready = async (): Promise<void> => {
    await sql`select 1`.execute(database);
  };
  const probes = await probesOf(options, ready);
  started.defer(() => probes?.close());
  const shares = new DatabaseShares(pool, settings.database);
  const server = role === 'indexer' ? undefined : await serve(options, { database, shares, operator, ready });
  const indexer = role === 'gateway' ? undefined : indexerOf(options, database, operator);
  const running = started.move();
  return {
    url: server?.url,
    probePort: probes?.port,
    run: async (end) => {
      const listening = server?.listener.run(end);
      const stopped = new Promise<void>((resolve) => {
        if (end.aborted) resolve();
        else end.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.all([indexer?.run(end), listening, stopped.then(() => server?.close())]);
      await running.disposeAsync();
    },
  };
}

/** For the cluster, which asks each role. */
async function probesOf({ probePort: port, registry }: GatewayOptions, ready: () => Promise<void>) {
  if (port === undefined) return undefined;
  const isReady = async () =>
    ready().then(
      () => true,
      () => false,
    );
  return startProbeServer({ port, registry, isHealthy: () => true, isReady, notReady: 'the database does not answer' });
}

type Operator = OperatorClient | undefined;

function indexerOf({ settings, credentials, ...options }: GatewayOptions, database: Database, operator: Operator) {
  const { log, registry } = options;
  const clock = systemClock;
  const lease = { namespace: settings.namespace, name: INDEXER_LEASE, identity: `${hostname()}_${randomUUID()}` };
  return new Indexer({
    ...options,
    database,
    clock,
    followers: [
      catalogIndexerOf({ settings: settings.search, database, clock, log }),
      // What Glue has is known by the operator alone.
      ...(operator ? [new CatalogueSync({ database, source: catalogsOf(operator), clock, log, registry })] : []),
    ],
    ...(credentials && { election: () => new ElectionThread({ ...lease, credentials, log }) }),
  });
}

interface Serving {
  readonly database: Database;
  readonly shares: DatabaseShares;
  readonly operator: Operator;
  readonly ready: () => Promise<void>;
}

async function serve(options: GatewayOptions, { database, shares, operator, ready }: Serving) {
  const { settings, features, log, registry, api } = options;
  const schema = gatewaySchema(modules, features);
  const authentication = await openAuthentication({ settings: settings.identity, database, clock: systemClock, log });
  const { groupDirectory } = authentication;
  const box = new SealedBox(settings.identity.session.keys);
  const { origin } = new URL(settings.identity.oidc.redirectUrl);
  const templateLinks = operator && new TemplateLinks({ box, origin, operator, clock: systemClock });
  const prefixes = settings.identity;
  const parts = { api, log, prefixes, groupDirectory, features, operator, templateLinks };
  const changes = new Changes();
  const fastify = await gatewayServer({
    settings: settings.server,
    schema,
    features,
    persisted: settings.web ? readPersistedOperations(settings.web.folder) : new Map(),
    web: { guide: settings.web?.guide ?? false, topics: settings.web?.topics ?? [] },
    origins: trustedOrigins(settings.identity),
    rateLimiter: new RateLimiter(database, settings.server.limits.rate, log),
    reauthentication: {
      operations: reauthOperations(settings.identity, operationsOf(schema)),
      ttlMinutes: settings.identity.reauth.ttlMinutes,
    },
    authentication,
    contextFor: (request) => requestContext({ ...parts, database: shares.of(request.identity.user) }, request),
    changes,
    search: catalogSearchOf({ settings: settings.search, database, clock: systemClock, log }),
    ready,
    registry,
    log,
  });
  templateLinks?.register(fastify);
  if (settings.web !== undefined) await serveWebPages(fastify, settings.web);
  const { host, port } = settings.server;
  const url = await fastify.listen({ host, port });
  const listener = new ChangeListener({ url: settings.database.url, changes, registry, clock: systemClock, log });
  return { url, listener, close: async () => fastify.close() };
}

/** Names of all fields of Query, Mutation and Subscription, and of those that are to come: a configuration made for data.all stays good. */
const operationsOf = (schema: GraphQLSchema): string[] => [
  ...Object.keys(schema.getQueryType()?.getFields() ?? {}),
  ...Object.keys(schema.getMutationType()?.getFields() ?? {}),
  ...Object.keys(schema.getSubscriptionType()?.getFields() ?? {}),
  ...notInThisVersion,
];
