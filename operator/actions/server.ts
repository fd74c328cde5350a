// The operator's internal API over HTTP: TLS, who may call, limits of size and time, problems as answers. Every replica serves it: what
// an action changes in AWS or in objects is done by who may at that moment, or refused.

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Task } from '../kernel/runtime/manager.ts';
import type { Action } from './action.ts';
import { Callers, type ActionsConfig, type Caller } from './callers.ts';
import { PROBLEM_MEDIA_TYPE } from './contract/problem.ts';
import { CONFIG_JSON_HEADER, isNamespaced } from './contract/route.ts';
import { Performer, type PerformerOptions } from './perform.ts';
import { Problem, problemOf } from './problem.ts';

export interface ActionServerOptions extends PerformerOptions {
  readonly config: ActionsConfig;
  readonly actions: readonly Action[];
}

/** A request is a handful of names. */
const LARGEST_BODY = 16 * 1024;
/** A person may be in hundreds of groups; the API server takes a megabyte. */
const LARGEST_HEADERS = 256 * 1024;
/** For the whole of a request to arrive. */
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
/** Certificates are renewed under way. */
const CERTIFICATE_LOOK_MS = 60_000;
const CALLER = 'caller';

export class ActionServer implements Task {
  readonly name = 'actions';
  readonly runs = 'always';
  readonly #options: ActionServerOptions;
  #url: string | undefined;

  constructor(options: ActionServerOptions) {
    this.#options = options;
  }

  /** While it listens. */
  get url(): string | undefined {
    return this.#url;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { config, log, clock } = this.#options;
    const server = await this.#build();
    // Without TLS tokens and credentials would be read on their way: then only this machine is listened to.
    const host = config.tls === undefined ? '127.0.0.1' : config.host;
    await server.listen({ port: config.port, host });
    const { port } = server.server.address() as AddressInfo;
    this.#url = `${config.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    log.info({ url: this.#url }, 'the internal API is served');
    let stopLooking = (): void => {};
    const look = (): void => {
      this.#renew(server);
      stopLooking = clock.after(CERTIFICATE_LOOK_MS, look);
    };
    if (config.tls !== undefined) stopLooking = clock.after(CERTIFICATE_LOOK_MS, look);
    try {
      if (!signal.aborted)
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    } finally {
      stopLooking();
      this.#url = undefined;
      await server.close();
    }
  }

  async #build(): Promise<FastifyInstance> {
    // Half a second and 16 MB that an installation without a gateway does not need.
    const { default: Fastify } = await import('fastify');
    const { config, actions, platform, clock, log, report } = this.#options;
    const server = Fastify({
      logger: false,
      bodyLimit: LARGEST_BODY,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      genReqId: () => crypto.randomUUID(),
      routerOptions: { maxParamLength: 256 },
      exposeHeadRoutes: false,
      forceCloseConnections: 'idle',
      frameworkErrors: tell,
      ...(config.tls === undefined
        ? { http: { maxHeaderSize: LARGEST_HEADERS } }
        : { https: { ...certificate(config.tls), minVersion: 'TLSv1.2', maxHeaderSize: LARGEST_HEADERS } }),
    }) as unknown as FastifyInstance;
    // Node counts to 2,000 by itself; their size is limited.
    server.server.maxHeadersCount = 0;
    const callers = new Callers(platform.api, config, clock);
    const performer = new Performer(this.#options);
    const configJson = platform.config.features.digest;
    server.decorateRequest(CALLER);
    server.addHook('onRequest', async (request, reply) => {
      void reply.headers({ 'cache-control': 'no-store', 'x-request-id': request.id });
      // Before a route is looked up, or a body read: strangers learn nothing.
      const caller = await callers.authenticate(request.headers.authorization).catch((error: unknown) => {
        const problem = problemOf(error);
        report({ action: 'none', status: problem.status, milliseconds: 0 });
        log.debug({ requestId: request.id, from: request.ip, err: problem }, 'a caller was not let in');
        throw problem;
      });
      void reply.header(CONFIG_JSON_HEADER, configJson);
      request.setDecorator(CALLER, caller);
    });
    server.setErrorHandler(tell);
    server.setNotFoundHandler(() => {
      throw new Problem('not-found', 'There is no such route: see operator/actions/contract.');
    });
    for (const action of actions)
      for (const resource of action.route.on)
        server.route({
          method: action.route.method,
          url: `/v1/${resource}/${isNamespaced(resource) ? ':namespace/' : ''}:name/${action.route.name}`,
          handler: (request, reply) =>
            performer.perform(action, resource, request.getDecorator<Caller>(CALLER), request, reply),
        });
    return server;
  }

  #renew(server: FastifyInstance): void {
    const { config, log } = this.#options;
    if (config.tls === undefined || !('setSecureContext' in server.server)) return;
    try {
      (server.server as { setSecureContext(options: object): void }).setSecureContext(certificate(config.tls));
    } catch (error) {
      log.warn({ err: error }, 'the certificate of the internal API cannot be read again; the old one stays');
    }
  }
}

const tell = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
  const problem = problemOf(asProblem(error));
  if (problem.type === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
  if (problem.retryAfter !== undefined) void reply.header('retry-after', problem.retryAfter);
  void reply
    .code(problem.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problem.body(request.id)));
};

const certificate = ({ certFile, keyFile }: NonNullable<ActionsConfig['tls']>): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

/** What Fastify itself refuses: a path that it cannot read, a body that is too large, or no JSON. */
const asProblem = (error: FastifyError | Problem): unknown => {
  if (error instanceof Problem) return error;
  if (error.statusCode === 413) return new Problem('too-large', `A request has at most ${LARGEST_BODY} bytes.`);
  if (error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Problem('invalid-request', 'The path cannot be read: see operator/actions/contract.');
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new Problem('invalid-request', 'Send the input as JSON (content-type: application/json), or none.');
  return error;
};
