// Who gets in: those who are signed in, so often a minute.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthenticationFailure } from '../identity/authentication-failure.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { Identity } from '../identity/identity.ts';
import type { RateLimiter } from './rate-limit.ts';

/** Lets through who is signed in, and remembers who it was. */
export class SignedInDoor {
  readonly #authentication: Authentication;
  readonly #rateLimiter: RateLimiter;
  readonly #identities = new WeakMap<FastifyRequest, Identity>();

  constructor(authentication: Authentication, rateLimiter: RateLimiter) {
    this.#authentication = authentication;
    this.#rateLimiter = rateLimiter;
  }

  readonly pass = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const identity = await this.#authentication.authenticate(request).catch(failureOrThrow);
    if (identity === undefined || identity instanceof AuthenticationFailure) return tellNotSignedIn(reply, identity);
    const wait = await this.#rateLimiter.count('user', identity.user);
    if (wait > 0) return tooMany(reply, wait);
    this.#identities.set(request, identity);
    return undefined;
  };

  readonly identityOf = (request: FastifyRequest): Identity => {
    const identity = this.#identities.get(request);
    if (identity === undefined) throw new Error('a request came past authentication');
    return identity;
  };
}

const failureOrThrow = (error: unknown): AuthenticationFailure => {
  if (error instanceof AuthenticationFailure) return error;
  throw error;
};

const NOBODY = 'Sign in first: send a bearer token, or the cookie of /auth/login';
const CODES = { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 503: 'ServiceUnavailable' } as const;

/** In the shape of GraphQL's own errors, since that is what clients read. */
function tellNotSignedIn(reply: FastifyReply, failure: AuthenticationFailure | undefined): FastifyReply {
  const { status = 401, message = NOBODY, reason = 'NoCredentials' } = failure ?? {};
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).send({ errors: [{ message, extensions: { code: CODES[status], reason } }] });
}

export const tooMany = (reply: FastifyReply, seconds: number): FastifyReply =>
  reply
    .header('retry-after', seconds)
    .code(429)
    .send({
      errors: [{ message: `Too many requests: ask again in ${seconds} s`, extensions: { code: 'TOO_MANY_REQUESTS' } }],
    });
