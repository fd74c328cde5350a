// What a client learns of an error that no line of ours made on purpose: that it may try again, or that it is ours, and never its text, which
// may name a host, a statement or somebody's data.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseAway } from '../read-model/database-away.ts';

export interface Unforeseen {
  readonly status: 500 | 503;
  readonly message: string;
  readonly code: 'INTERNAL_SERVER_ERROR' | 'ServiceUnavailable';
}

export const unforeseen = (error: unknown): Unforeseen =>
  isDatabaseAway(error)
    ? {
        status: 503,
        code: 'ServiceUnavailable',
        message:
          'An error occurred (ServiceUnavailable): the database of the gateway does not answer; try again in a moment',
      }
    : {
        status: 500,
        code: 'INTERNAL_SERVER_ERROR',
        message: 'The gateway failed; its operators find this request in the log by its id',
      };

/** For Fastify: in the shape of GraphQL's errors, which is what clients read. */
export function tellUnforeseen(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const requestId = request.id;
  const { statusCode } = error;
  // Of a request that cannot be read, which Fastify describes without what is in it.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return reply
      .code(statusCode)
      .send({ errors: [{ message: error.message, extensions: { code: 'BAD_REQUEST', requestId } }] });
  request.log.error({ err: error }, 'a request failed');
  const { status, message, code } = unforeseen(error);
  return reply.code(status).send({ errors: [{ message, extensions: { code, requestId } }] });
}
