// Who gets in: those who are signed in, so often a minute, and so many requests of theirs at once.

import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { ConcurrencyLimit } from '../../operator/kernel/concurrency-limit.ts';
import { AuthenticationFailure } from '../identity/authentication-failure.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { Identity } from '../identity/identity.ts';
import type { RateLimiter } from './rate-limit.ts';

/** Lets through who is signed in, and remembers who it was. */
export class SignedInDoor {
  readonly #authentication: Authentication;
  readonly #rateLimiter: RateLimiter;
  readonly #people: ConcurrencyLimit;
  readonly #identities = new WeakMap<FastifyRequest, Identity>();

  /** @param atOnce requests of one person under way; further ones wait for those, so that they keep connections to the database from nobody else */
  constructor(authentication: Authentication, rateLimiter: RateLimiter, atOnce: number) {
    this.#authentication = authentication;
    this.#rateLimiter = rateLimiter;
    this.#people = new ConcurrencyLimit({ running: atOnce, waiting: MOST_WAITING, refuse: (why) => new NoTurn(why) });
  }

  readonly pass = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const identity = await this.#authentication.authenticate(request).catch(failureOrThrow);
    if (identity === undefined || identity instanceof AuthenticationFailure) {
      // Whoever asks is not told why, and what is wrong may be a setting of ours.
      if (identity?.status === 503) request.log.warn({ err: identity }, 'nobody is let in');
      return tellNotSignedIn(reply, identity);
    }
    const wait = await this.#rateLimiter.count('user', identity.user);
    if (wait > 0) return tooMany(reply, wait);
    this.#identities.set(request, identity);
    return undefined;
  };

  /**
   * After {@link pass}, for what ends by itself: one of so many of this person at once. Who goes away leaves the line; what has begun for them
   * keeps its place until it is done, or asking and leaving would be a way around; and so does an answer until it is sent, or asking and not
   * reading would be one.
   */
  readonly inTurn = (handler: RouteHandlerMethod): RouteHandlerMethod => {
    const { identityOf } = this;
    const people = this.#people;
    return async function waiting(request, reply) {
      const gone = new AbortController();
      const closed = new Promise<void>((resolve) => {
        reply.raw.once('close', () => {
          gone.abort();
          resolve();
        });
      });
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const turn = people.run(identityOf(request).user, gone.signal, async () => {
        await Promise.resolve(handler.call(this, request, reply)).then(resolve, reject);
        await closed;
      });
      // Of who gets no turn.
      turn.catch(reject);
      try {
        return await promise;
      } catch (error) {
        if (!(error instanceof NoTurn)) throw error;
        // Nobody is there to be told.
        return reply.raw.destroyed ? reply.hijack() : tooMany(reply, 1);
      }
    };
  };

  readonly identityOf = (request: FastifyRequest): Identity => {
    const identity = this.#identities.get(request);
    if (identity === undefined) throw new Error('a request came past authentication');
    return identity;
  };
}

/** Of one person: what is more is answered at once, with 429. */
const MOST_WAITING = 200;

class NoTurn extends Error {
  override readonly name = 'NoTurn';
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
  return reply
    .code(status)
    .send({ errors: [{ message, extensions: { code: CODES[status], reason, requestId: reply.request.id } }] });
}

export const tooMany = (reply: FastifyReply, seconds: number): FastifyReply =>
  reply
    .header('retry-after', seconds)
    .code(429)
    .send({
      errors: [
        {
          message: `Too many requests: ask again in ${seconds} s`,
          extensions: { code: 'TOO_MANY_REQUESTS', requestId: reply.request.id },
        },
      ],
    });
