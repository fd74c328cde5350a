// /graphql/stream: subscriptions as server-sent events, each on a stream of its own or many on one, as the protocol of graphql-sse has them.

import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHandler, type OperationResult, type Response } from 'graphql-sse';
import pLimit from 'p-limit';
import type { Authentication } from '../identity/authentication.ts';
import type { Identity } from '../identity/identity.ts';
import type { Clock } from '../../operator/kernel/clock.ts';
import { ConcurrencyLimit } from '../../operator/kernel/concurrency-limit.ts';
import type { GatewayContext } from '../server/context.ts';
import type { SignedInDoor } from '../server/signed-in-door.ts';
import type { Changes } from './changes.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams, StreamRefusal } from './event-streams.ts';
import { Following } from './following.ts';
import { type LiveResult, liveResults } from './live-results.ts';
import type { SubscriptionSettings } from './settings.ts';

export interface StreamRouteOptions {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly door: SignedInDoor;
  readonly authentication: Pick<Authentication, 'credentialsOf'>;
  readonly contextFor: (request: {
    readonly identity: Identity;
    readonly requestId: string;
    readonly following: Following;
  }) => GatewayContext;
  readonly streams: EventStreams;
  readonly changes: Changes;
  readonly settings: SubscriptionSettings;
  readonly clock: Clock;
}

/** What is asked for. */
interface Asked {
  readonly query?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
}

interface StreamContext {
  readonly stream: EventStream;
}

const PATH = '/graphql/stream';
const EVENTS = 'text/event-stream';
/** As the protocol of graphql-sse has it. */
const TOKEN_HEADER = 'x-graphql-event-stream-token';
/** Ids of subscriptions on one stream are kept. */
const MOST_ID_CHARACTERS = 100;
/** What is asked for is kept for as long as a subscription lasts, and one person may have a thousand. */
const MOST_BYTES = 32 * 1024;
/** A proxy that collects what it passes on would make it late; and it is for nobody else. */
const PASSED_ON = { 'x-accel-buffering': 'no', 'cache-control': 'no-store' };

export function registerStreamRoute(fastify: FastifyInstance, options: StreamRouteOptions): void {
  const route = new StreamRoute(options);
  fastify.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: PATH,
    bodyLimit: MOST_BYTES,
    // A stream without its body would be open, and nobody could read it.
    exposeHeadRoute: false,
    preHandler: options.door.pass,
    handler: async (request, reply) => route.handle(request, reply),
  });
  // They would be waited for.
  fastify.addHook('preClose', async () => options.streams.stop());
}

class StreamRoute {
  readonly #options: StreamRouteOptions;
  readonly #handler: ReturnType<typeof createHandler<FastifyRequest, StreamContext>>;
  readonly #atOnce: ReturnType<typeof pLimit>;
  readonly #people: ConcurrencyLimit;

  constructor(options: StreamRouteOptions) {
    this.#options = options;
    const { atOnce, streamsPerPerson } = options.settings;
    this.#atOnce = pLimit(atOnce);
    this.#people = new ConcurrencyLimit({
      running: Math.ceil(atOnce / 2),
      // One of each stream.
      waiting: streamsPerPerson,
      refuse: (why, user) => new Error(`${user} is not looked for: ${why}`),
    });
    this.#handler = createHandler<FastifyRequest, StreamContext>({
      authenticate: ({ context: { stream } }) => stream.token ?? null,
      // Its type asks for errors as they were thrown; it writes what it is given.
      onSubscribe: ({ context: { stream }, raw }, params) =>
        this.#subscribe(stream, params, raw.id) as unknown as OperationResult,
    });
  }

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (request.method === 'GET' && !wantsEvents(request)) return refuse(reply, ...BY_GET);
    const stream = this.#streamOf(request);
    if (typeof stream === 'string') return refuse(reply, ...REFUSALS[stream]);
    const refusal = this.#refusalOf(request, stream);
    if (refusal !== undefined) return refuse(reply, ...refusal);
    const [body, { status, headers = {} }] = await this.#respond(request, stream);
    if (body === null || typeof body === 'string') {
      if (stream.token === undefined) stream.end('client');
      if (request.method === 'PUT') this.#forgetAtEnd(request, stream);
      return reply
        .code(status)
        .headers(headers)
        .send(body ?? undefined);
    }
    reply.hijack();
    reply.raw.writeHead(status, { ...(reply.getHeaders() as Record<string, string>), ...headers, ...PASSED_ON });
    await stream.send(body, reply.raw);
    return reply;
  }

  /**
   * PUT begins a stream for many subscriptions, which is named ever after; who posts a subscription without naming one has a stream for it alone.
   * By GET nothing begins: another site could have that done, and what is asked would stand in logs.
   */
  #streamOf(request: FastifyRequest): EventStream | StreamRefusal | 'not-found' {
    const { streams, door, authentication } = this.#options;
    const identity = door.identityOf(request);
    const credentials = authentication.credentialsOf(request);
    if (credentials === undefined) throw new Error('a request came past authentication');
    if (request.method === 'PUT') return streams.begin(identity, credentials, randomUUID());
    const token = tokenOf(request);
    if (token === undefined) {
      const isForThisAlone = request.method === 'POST' && wantsEvents(request);
      return isForThisAlone ? streams.begin(identity, credentials) : 'not-found';
    }
    const stream = streams.find(token, identity);
    stream?.renew(credentials);
    return stream ?? 'not-found';
  }

  /** What graphql-sse would remember, though it is refused. */
  #refusalOf({ method, body }: FastifyRequest, stream: EventStream): readonly [number, string] | undefined {
    if (method !== 'POST' || stream.token === undefined) return undefined;
    const { subscriptionsPerStream } = this.#options.settings;
    const id = (body as { extensions?: { operationId?: unknown } | null } | null)?.extensions?.operationId;
    if (id !== undefined && (typeof id !== 'string' || id.length > MOST_ID_CHARACTERS))
      return [400, `extensions.operationId is a text of at most ${MOST_ID_CHARACTERS} characters`];
    if (stream.subscriptions >= subscriptionsPerStream)
      return [429, `A stream has at most ${subscriptionsPerStream} subscriptions: end one first`];
    return undefined;
  }

  async #respond(request: FastifyRequest, stream: EventStream): Promise<Response> {
    const { method, url, headers, body } = request;
    const accept = wantsEvents(request) ? EVENTS : '*/*';
    return this.#handler({
      method,
      url,
      headers: { get: (name) => (name === 'accept' ? accept : headers[name]?.toString()) },
      body: (body ?? null) as Record<string, unknown> | null,
      raw: request,
      context: { stream },
    });
  }

  /** graphql-sse keeps a stream until it was open: one that nobody came for is opened for nobody. */
  #forgetAtEnd(request: FastifyRequest, stream: EventStream): void {
    void stream.ended.then(async () => {
      const headers = { get: (name: string) => (name === 'accept' ? EVENTS : undefined) };
      const [body] = await this.#handler({
        method: 'GET',
        url: PATH,
        headers,
        body: null,
        raw: request,
        context: { stream },
      });
      if (body !== null && typeof body !== 'string') await body.return();
    });
  }

  #subscribe(stream: EventStream, asked: Asked, requestId: string): AsyncGenerator<LiveResult, undefined> {
    const { changes, settings, clock, streams } = this.#options;
    const { metrics } = streams;
    const following = new Following(changes, clock);
    const stop = new AbortController();
    const ask = async (): Promise<LiveResult | undefined> =>
      stream.whenRead(async () => this.#inTurn(stream, async () => this.#ask(stream, asked, following, requestId)));
    const { coalesceMs } = settings;
    const signal = AbortSignal.any([stop.signal, stream.over]);
    const results = liveResults({ following, ask, coalesceMs, metrics, clock }, signal);
    stream.add(following);
    return stoppable(results, () => {
      stop.abort();
      stream.remove(following);
    });
  }

  /** Undefined: the stream has ended before its turn came. */
  async #inTurn<T>({ owner, over }: EventStream, look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#people.run(owner.user, over, async () => this.#atOnce(look));
    } catch (error) {
      if (over.aborted) return undefined;
      throw error;
    }
  }

  async #ask(
    stream: EventStream,
    asked: Asked,
    following: Following,
    requestId: string,
  ): Promise<LiveResult | undefined> {
    const { apollo, contextFor } = this.#options;
    const identity = await stream.identity();
    if (identity === undefined) return undefined;
    const contextValue = contextFor({ identity, requestId, following });
    const { query, variables, operationName } = asked;
    const { body } = await apollo.executeOperation(
      { query: query ?? '', ...(variables && { variables }), ...(operationName !== undefined && { operationName }) },
      { contextValue },
    );
    if (body.kind !== 'single') throw new Error('a subscription was answered in parts');
    return body.singleResult;
  }
}

/** A generator that waits does not hear that it is to return: so what it waits for is ended first. */
function stoppable<T>(results: AsyncGenerator<T, undefined>, stop: () => void): AsyncGenerator<T, undefined> {
  const stopped = async (step: Promise<IteratorResult<T, undefined>>): Promise<IteratorResult<T, undefined>> => {
    const taken = await step.catch((error: unknown) => {
      stop();
      throw error;
    });
    if (taken.done === true) stop();
    return taken;
  };
  return {
    next: async () => stopped(results.next()),
    return: async () => {
      stop();
      return results.return(undefined);
    },
    throw: async (error) => {
      stop();
      return results.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      stop();
      await results.return(undefined);
    },
  };
}

const wantsEvents = ({ headers }: FastifyRequest): boolean => headers.accept?.includes(EVENTS) ?? false;

function tokenOf({ headers, query }: FastifyRequest): string | undefined {
  const { token } = query as { readonly token?: unknown };
  return headers[TOKEN_HEADER]?.toString() ?? (typeof token === 'string' ? token : undefined);
}

const BY_GET = [406, `GET opens a stream: send Accept: ${EVENTS}. A subscription begins by POST`] as const;

const REFUSALS: Readonly<Record<StreamRefusal | 'not-found', readonly [number, string]>> = {
  'not-found': [404, `Stream not found: PUT ${PATH} begins one, on this gateway; or POST with Accept: ${EVENTS}`],
  'person-full': [429, 'You have as many streams as there may be: close one first'],
  'gateway-full': [503, 'This gateway has as many streams as there may be: try again'],
  stopping: [503, 'This gateway is stopping: try again'],
};

/** In the shape of GraphQL's own errors. */
const refuse = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).send({ errors: [{ message }] });
