// The gateway's HTTP server: who may reach it, what it serves, and how it stops.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastifyCors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Features } from '../../operator/features/features.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { Reauthentication } from '../identity/reauthentication.ts';
import { MAX_TOKEN_BYTES } from '../identity/token-verifier.ts';
import type { Changes } from '../live/changes.ts';
import { EventStreams } from '../live/event-streams.ts';
import { registerStreamRoute } from '../live/stream-route.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import type { CatalogSearch } from '../search/catalog-search.ts';
import { DEGRADED, registerSearchRoute } from '../search/search-route.ts';
import type { GatewayContext } from './context.ts';
import { gates } from './gates.ts';
import { graphqlServer } from './graphql-server.ts';
import { endLastConnections } from './last-connections.ts';
import { networkOf } from './network.ts';
import type { Asking } from './request-context.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import { countErrors, measureRequests } from './request-metrics.ts';
import type { ServerSettings } from './settings.ts';
import { SignedInDoor, tooMany } from './signed-in-door.ts';
import { tellUnforeseen, unforeseen } from './unforeseen.ts';
import type { WebSettings } from './web-pages.ts';

export interface ServerParts {
  readonly settings: ServerSettings;
  readonly schema: GraphQLSchema;
  readonly authentication: Authentication;
  readonly rateLimiter: RateLimiter;
  /** Origins whose pages may read answers, e.g. `https://portal.example.com`. */
  readonly origins: ReadonlySet<string>;
  /** What asks for a fresh sign-in. */
  readonly reauthentication: Reauthentication;
  /** What resolvers get for who asks. */
  contextFor(request: Asking): GatewayContext;
  /** Of which subscriptions are told. */
  readonly changes: Changes;
  /** What `POST /search/api` asks. */
  readonly search: Pick<CatalogSearch, 'search'>;
  /** Rejects with what is missing while the gateway cannot answer. */
  ready(): Promise<void>;
  /** What config.json has on. */
  readonly features: Features;
  /** What may be asked for by its hash alone. */
  readonly persisted: PersistedOperations;
  /** What pages are told of themselves. */
  readonly web: Pick<WebSettings, 'guide' | 'topics'>;
  readonly registry: Registry;
  readonly log: Logger;
}

/** Of each answer, as it stands in the log. */
const REQUEST_ID = 'x-request-id';
/** How long a browser remembers what it was told before its first request. */
const CORS_SECONDS = 600;
/** A token of somebody in hundreds of groups, and what else there is. */
const MAX_HEADER_BYTES = MAX_TOKEN_BYTES + 16 * 1024;

/** For the headers of a request to arrive, and how often it is looked whether they, and the rest, have. */
const MAX_HEADERS_MS = 10_000;
const LOOK_MS = 5_000;

/** A server that is not listening yet. */
export async function gatewayServer(parts: ServerParts): Promise<FastifyInstance> {
  const { settings, log } = parts;
  const fastify = Fastify({
    loggerInstance: log,
    bodyLimit: settings.limits.bodyBytes,
    requestTimeout: settings.limits.requestMs,
    genReqId: () => randomUUID(),
    trustProxy: settings.trustedProxies.length > 0 ? settings.trustedProxies : false,
    // Requests under way are answered; new ones on idle connections are not waited for.
    forceCloseConnections: 'idle',
    http: receiving(settings),
    ...(settings.tls !== undefined && {
      https: {
        ...receiving(settings),
        cert: readFileSync(settings.tls.certFile),
        key: readFileSync(settings.tls.keyFile),
        minVersion: 'TLSv1.2' as const,
      },
    }),
  }) as unknown as FastifyInstance;
  fastify.setErrorHandler(tellUnforeseen);
  endLastConnections(fastify);
  refuseStrangers(fastify, settings);
  // Pages of these origins alone may read answers; what they send in a session is looked at by authentication.
  await fastify.register(fastifyCors, {
    origin: [...parts.origins],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    credentials: true,
    maxAge: CORS_SECONDS,
    exposedHeaders: [REQUEST_ID, DEGRADED, 'retry-after'],
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID, request.id);
  });
  cutUnread(fastify, settings);
  tellBrowsers(fastify, settings);
  measureRequests(fastify, parts.registry);
  limitAddresses(fastify, parts.rateLimiter);
  probes(fastify, parts);
  await parts.authentication.register(fastify);
  const door = new SignedInDoor(parts.authentication, parts.rateLimiter, settings.limits.atOnce);
  await serveGraphql(fastify, parts, door);
  // For pages, which show what there is.
  fastify.get('/config.json', { preHandler: door.pass }, async () => ({
    ...parts.features.toJSON(),
    web: parts.web,
  }));
  await registerSearchRoute(fastify, {
    ...parts,
    door,
    viewerOf: async (identity, requestId) => parts.contextFor({ identity, requestId }).viewer(),
  });
  return fastify;
}

/**
 * Node looks now and then whose headers, or whole request, have been under way for too long. Where headers may take longer than the whole, as
 * they may by themselves, it takes one for the other.
 */
const receiving = ({ limits: { requestMs } }: ServerSettings) => ({
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: Math.min(requestMs, MAX_HEADERS_MS),
  connectionsCheckingInterval: Math.min(requestMs, LOOK_MS),
});

function refuseStrangers(fastify: FastifyInstance, { allowedCidrs }: ServerSettings): void {
  if (allowedCidrs.length === 0) return;
  const allowed = new BlockList();
  for (const cidr of allowedCidrs) {
    const [network = '', bits = ''] = cidr.split('/');
    allowed.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  fastify.addHook('onRequest', async ({ ip }, reply) => {
    if (!allowed.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4'))
      return reply.code(403).send({ errors: [{ message: `${ip} may not reach this gateway` }] });
  });
}

/** From the answer on: how long it takes to come is another matter. Streams look after themselves. Node sets it back for the next request. */
function cutUnread(fastify: FastifyInstance, { limits: { unreadMs } }: ServerSettings): void {
  fastify.addHook('onSend', async ({ raw: { socket } }) => {
    socket.setTimeout(unreadMs);
  });
}

/** Of every answer: it is what it says it is, and nobody's to keep unless it says so; and of a gateway with TLS, that there is no other way to it. */
function tellBrowsers(fastify: FastifyInstance, { tls }: ServerSettings): void {
  fastify.addHook('onSend', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (tls !== undefined) reply.header('strict-transport-security', 'max-age=31536000');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

/** What the cluster asks of a process is not counted. */
const UNCOUNTED: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

function limitAddresses(fastify: FastifyInstance, rateLimiter: RateLimiter): void {
  fastify.addHook('onRequest', async ({ ip, url }, reply) => {
    const wait = UNCOUNTED.has(url) ? 0 : await rateLimiter.count('address', networkOf(ip));
    if (wait > 0) return tooMany(reply, wait);
  });
}

/** For load balancers in front. Metrics are for the cluster, at the port of probes. */
function probes(fastify: FastifyInstance, parts: ServerParts): void {
  fastify.get('/healthz', { logLevel: 'warn' }, async () => 'ok');
  fastify.get('/readyz', { logLevel: 'warn' }, async (_, reply) => {
    try {
      await parts.ready();
      return 'ok';
    } catch (err) {
      // Whoever reaches the gateway may ask.
      parts.log.warn({ err }, 'not ready');
      return reply.code(503).send(unforeseen(err).message);
    }
  });
}

async function serveGraphql(fastify: FastifyInstance, parts: ServerParts, door: SignedInDoor): Promise<void> {
  const { schema, settings, log } = parts;
  const plugins = [fastifyApolloDrainPlugin(fastify), gates(parts.reauthentication), countErrors(parts.registry)];
  const apollo = graphqlServer(schema, settings, log, plugins, parts.persisted);
  await apollo.start();
  fastify.post(
    '/graphql/api',
    { preHandler: door.pass },
    door.inTurn(
      fastifyApolloHandler(apollo, {
        context: async (request) => parts.contextFor({ identity: door.identityOf(request), requestId: request.id }),
      }),
    ),
  );
  // Whoever opens the address in a browser, to see whether it is right.
  fastify.get('/graphql/api', async (_, reply) =>
    reply
      .header('allow', 'POST')
      .code(405)
      .send({ errors: [{ message: 'This is the address for GraphQL: send documents by POST, as JSON' }] }),
  );
  const streams = new EventStreams({ ...parts, settings: settings.subscriptions, clock: systemClock });
  registerStreamRoute(fastify, {
    ...parts,
    apollo,
    door,
    streams,
    settings: settings.subscriptions,
    clock: systemClock,
  });
}
