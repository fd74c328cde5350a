// What the gateway counts of the requests that it answers, for alarms.

import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { DEGRADED } from '../search/search-route.ts';
import type { GatewayContext } from './context.ts';

/** Seconds: lists take tens of milliseconds, what asks AWS some seconds. */
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** By route and status; a route that is none is `none`, so that nobody makes series. */
export function measureRequests(fastify: FastifyInstance, registry: Registry): void {
  const registers = [registry];
  const duration = new Histogram({
    name: 'dataall_gateway_request_duration_seconds',
    help: 'Requests that were answered, and how long it took',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const degraded = new Counter({
    name: 'dataall_gateway_degraded_searches_total',
    help: 'Searches that PostgreSQL answered because OpenSearch did not',
    registers,
  });
  fastify.addHook('onResponse', async ({ routeOptions: { url = 'none' } }, reply) => {
    duration.observe({ route: url, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    if (reply.hasHeader(DEGRADED)) degraded.inc();
  });
}

/** An answer with errors is a 200, so they are counted by their class (`extensions.code`). */
export function countErrors(registry: Registry): ApolloServerPlugin<GatewayContext> {
  const errors = new Counter({
    name: 'dataall_gateway_errors_total',
    help: 'Errors in answers of GraphQL, by their code',
    labelNames: ['code'],
    registers: [registry],
  });
  // What is first shown with 1 never increased, for Prometheus: the first bug would alert nobody.
  errors.inc({ code: 'INTERNAL_SERVER_ERROR' }, 0);
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response: { body } }) => {
        if (body.kind !== 'single') return;
        for (const { extensions } of body.singleResult.errors ?? []) {
          const code = extensions?.['code'];
          errors.inc({ code: typeof code === 'string' ? code : 'none' });
        }
      },
    }),
  };
}
