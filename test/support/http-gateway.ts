// The gateway's HTTP server with tokens of a test's own issuer, over the network: what a test of requests as such needs.

import type { GraphQLSchema } from 'graphql';
import { pino, type Logger } from 'pino';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { openAuthentication } from '../../api/identity/authentication.ts';
import { settingsFor } from '../../api/identity/testing/settings.ts';
import { TokenIssuer } from '../../api/identity/testing/token-issuer.ts';
import { Changes } from '../../api/live/changes.ts';
import type { Database } from '../../api/read-model/database.ts';
import { viewerOf } from '../../api/read-model/viewer.ts';
import { PostgresSearch } from '../../api/search/postgres/postgres-search.ts';
import type { GatewayContext } from '../../api/server/context.ts';
import { RateLimiter, type RateLimits } from '../../api/server/rate-limit.ts';
import { gatewayServer, type ServerParts } from '../../api/server/server.ts';
import { serverSettings } from '../../api/server/settings.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { systemClock } from '../../operator/kernel/clock.ts';

export interface HttpGatewayOptions {
  readonly database: Database;
  readonly schema: GraphQLSchema;
  readonly rate?: Partial<RateLimits>;
  readonly limits?: { readonly requestMs?: number; readonly unreadMs?: number; readonly atOnce?: number };
  readonly contextFor?: ServerParts['contextFor'];
  readonly ready?: ServerParts['ready'];
  readonly log?: Logger;
}

export interface HttpGateway {
  readonly issuer: TokenIssuer;
  readonly url: string;
  /** What is told at the port of probes. */
  readonly registry: Registry;
  /** Of the portal's page, of which some tests are. */
  readonly server: Awaited<ReturnType<typeof gatewayServer>>;
}

/** Within a test: listens until it ends. */
export async function httpGateway({
  database,
  schema,
  rate,
  limits = {},
  contextFor,
  ready = async () => undefined,
  log = pino({ level: 'silent' }),
}: HttpGatewayOptions): Promise<HttpGateway> {
  const issuer = await TokenIssuer.start();
  onTestFinished(async () => issuer.stop());
  const settings = settingsFor(issuer.url);
  const registry = new Registry();
  const server = await gatewayServer({
    web: { guide: false, topics: [] },
    persisted: new Map(),
    settings: serverSettings.parse({ limits }),
    schema,
    features: shippedFeatures(),
    authentication: await openAuthentication({ settings, database, clock: systemClock, log }),
    origins: new Set(['https://portal.example.com']),
    rateLimiter: new RateLimiter(database, { user: 1_000, address: 1_000, ...rate }, log),
    reauthentication: { operations: new Set(['groups']), ttlMinutes: 5 },
    contextFor:
      contextFor ??
      (({ identity, requestId, following }) =>
        ({
          identity,
          requestId,
          following,
          log,
          database,
          viewer: () => viewerOf(database, identity),
        }) as unknown as GatewayContext),
    search: new PostgresSearch(database),
    changes: new Changes(),
    ready,
    registry,
    log,
  });
  onTestFinished(async () => server.close());
  return { issuer, server, registry, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
}
