// The built web UI as the gateway serves it, with answers that are made up: what a page costs the browser, and nothing else.

import Fastify from 'fastify';
import { readPersistedOperations } from '../../../api/server/persisted-operations.ts';
import { serveWebPages } from '../../../api/server/web-pages.ts';
import { shippedFeatures } from '../../../operator/features/shipped.ts';
import { ensureWebUi } from '../../start/web-ui.ts';
import { madeUpAnswer, type Known } from './made-up-answers.ts';

interface Body {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash: string } };
}

export interface WebSite extends AsyncDisposable {
  readonly url: string;
}

export async function startWebSite(known: Known): Promise<WebSite> {
  const folder = await ensureWebUi();
  const operations = readPersistedOperations(folder);
  const fastify = Fastify({ forceCloseConnections: true });
  const person = { name: 'ann', email: 'ann@example.com', groups: ['sales'] };
  fastify.get('/auth/userinfo', async () => person);
  fastify.get('/config.json', async () => ({ ...shippedFeatures().toJSON(), web: { guide: false, topics: [] } }));
  fastify.post<{ Body: Body }>('/graphql/api', async ({ body }) => {
    const query = body.query ?? operations.get(body.extensions?.persistedQuery?.sha256Hash ?? '');
    if (query === undefined) throw new Error('a page asks for what its build does not list');
    return madeUpAnswer({ query, variables: body.variables ?? {} }, known);
  });
  // Nothing changes: it is never told of.
  fastify.route({
    method: ['GET', 'PUT', 'POST'],
    url: '/graphql/stream',
    handler: () => new Promise(() => undefined),
  });
  await serveWebPages(fastify, { folder, guide: false });
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
  return { url, [Symbol.asyncDispose]: () => fastify.close() };
}
