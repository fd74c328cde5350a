// POST /search/api: what data.all's front end asks the catalogue, and any other client that is signed in.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { disabledMessage, type Features } from '../../operator/features/features.ts';
import type { Viewer } from '../read-model/viewer.ts';
import type { Identity } from '../identity/identity.ts';
import { maintenanceMessage } from '../server/gates.ts';
import type { SignedInDoor } from '../server/signed-in-door.ts';
import type { CatalogSearch } from './catalog-search.ts';
import { readSearchBody } from './request/search-body.ts';
import { SearchRefused } from './request/search-refused.ts';
import { searchResponse } from './search-response.ts';

const CATALOG = 'catalog';

export interface SearchRouteParts {
  readonly search: Pick<CatalogSearch, 'search'>;
  readonly door: SignedInDoor;
  readonly viewerOf: (identity: Identity, requestId: string) => Promise<Viewer>;
  /** What config.json has on. */
  readonly features: Features;
  readonly log: Logger;
}

/** On answers that another server than the configured one gave: they may be ranked otherwise. */
export const DEGRADED = 'dataall-search-degraded';
/** ReactiveSearch's longest are a few thousand. */
const MOST_BYTES = 64 * 1024;

export async function registerSearchRoute(fastify: FastifyInstance, parts: SearchRouteParts): Promise<void> {
  await fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // ReactiveSearch calls its two lines text, JSON or NDJSON, as it is configured.
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => tellFailure(parts.log, error, request, reply));
    const { door } = parts;
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      if (!parts.features.isActive(CATALOG)) throw new Disabled(disabledMessage(`modules.${CATALOG}`));
      const started = performance.now();
      const asked = readSearchBody(typeof request.body === 'string' ? request.body : '');
      const identity = door.identityOf(request);
      const { isAdministrator, seesEverything, maintenance } = await parts.viewerOf(identity, request.id);
      if (maintenance?.mode === 'NoAccess' && !isAdministrator)
        throw new InMaintenance(maintenanceMessage(parts.features, maintenance));
      const found = await parts.search.search(asked, { groups: identity.groups, seesEverything });
      if (found.isDegraded) reply.header(DEGRADED, 'PostgreSQL answered: OpenSearch does not');
      return searchResponse(found, asked, Math.round(performance.now() - started));
    };
    scope.post('/search/api', { preHandler: door.pass, bodyLimit: MOST_BYTES }, door.inTurn(answer));
  });
}

class Disabled extends Error {
  override readonly name = 'DisabledByConfig';
}

class InMaintenance extends Error {
  override readonly name = 'InMaintenance';
}

/** In the shape of OpenSearch's errors. */
function tellFailure(log: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const tell = (status: number, type: string, reason: string): FastifyReply =>
    reply.code(status).send({ error: { type, reason }, status, requestId: request.id });
  if (error instanceof SearchRefused) return tell(400, 'illegal_argument_exception', error.message);
  if (error instanceof Disabled) return tell(403, 'disabled_by_config', error.message);
  if (error instanceof InMaintenance) return tell(401, 'maintenance', error.message);
  const { statusCode = 500, message = '' } = error as { statusCode?: number; message?: string };
  if (statusCode < 500) return tell(statusCode, 'illegal_argument_exception', message);
  log.error({ err: error, requestId: request.id }, 'a search failed');
  return tell(503, 'service_unavailable', 'The catalogue does not answer; try again');
}
