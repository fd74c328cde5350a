// One request on its way through: for whom, may they, is the input good, do it within limits, and write down what came of it.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { within } from '../aws/deadline.ts';
import { withCallContext } from '../aws/call-context.ts';
import type { Platform } from '../controllers/reconcile/platform.ts';
import type { Clock } from '../kernel/clock.ts';
import { ConcurrencyLimit, type ConcurrencyOptions } from '../kernel/concurrency-limit.ts';
import type { Action, ActionContext, Reply } from './action.ts';
import { demand, mayDo } from './authorizer.ts';
import type { Caller } from './callers.ts';
import { DRY_RUN, isNamespaced, type RouteObject } from './contract/route.ts';
import { Problem, problemOf } from './problem.ts';
import { subjectOf } from './subject.ts';

export interface PerformerOptions {
  readonly platform: Platform;
  readonly log: Logger;
  readonly clock: Clock;
  /** Whether the caches are complete. */
  readonly isReady: () => boolean;
  readonly report: (report: ActionReport) => void;
}

/** For metrics. */
export interface ActionReport {
  readonly action: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** Of all users together: what is under way is in memory. */
const MOST_AT_ONCE = 512;

/** A name as all our kinds have it; what else a path decodes to is no object. */
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

interface HttpAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly json: string | undefined;
}

/** What the audit record tells, as far as the request has come. */
interface Trace {
  user: string | undefined;
  detail: Record<string, string | number>;
}

const noTurn =
  (of: 'Account' | 'User'): ConcurrencyOptions['refuse'] =>
  (why, key) =>
    why === 'busy'
      ? new Problem(why, `${of} ${key} has as many requests as it may have: try again.`)
      : new Problem(why, `${of} ${key} is busy, and there was no turn in time.`);

export class Performer {
  readonly #options: PerformerOptions;
  /** What is asked in an account waits for it, and for no other. */
  readonly #accounts = new ConcurrencyLimit({ running: 4, waiting: 32, refuse: noTurn('Account') });
  readonly #users = new ConcurrencyLimit({ running: 8, waiting: 32, refuse: noTurn('User') });
  #atOnce = 0;

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  async perform(
    action: Action,
    resource: RouteObject['resource'],
    caller: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { clock, report } = this.#options;
    const since = clock.monotonic();
    const object = objectOf(resource, request);
    const trace: Trace = { user: undefined, detail: {} };
    this.#atOnce += 1;
    const outcome = await this.#attempt(action, object, caller, request, reply, trace)
      .then((answered) => answerOf(answered, action, request))
      .catch(problemOf)
      .finally(() => (this.#atOnce -= 1));
    // Nothing leaves that is not written down.
    this.#write(action, object, caller, request.id, trace, outcome);
    report({ action: action.route.name, status: outcome.status, milliseconds: clock.monotonic() - since });
    if (outcome instanceof Problem) throw outcome;
    if (outcome.etag !== undefined) void reply.header('etag', outcome.etag);
    if (outcome.json !== undefined) void reply.type('application/json; charset=utf-8');
    void reply.code(outcome.status).send(outcome.json);
  }

  async #attempt(
    action: Action,
    object: RouteObject,
    caller: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
    trace: Trace,
  ): Promise<Reply<unknown> | 'dry run'> {
    if (this.#atOnce > MOST_AT_ONCE) throw new Problem('busy', 'The operator has too many requests: try again.');
    const user = subjectOf(caller, request.raw.headersDistinct);
    trace.user = user.name;
    if (!dnsLabel.test(object.name) || (object.namespace !== undefined && !dnsLabel.test(object.namespace)))
      throw new Problem('invalid-request', 'Names of objects are DNS labels: lowercase letters, digits and hyphens.');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const { clock } = this.#options;
    const timeout = action.limits.milliseconds;
    const at = { item: itemOf(action, object), reconcileId: request.id };
    return await within({ clock, timeout, signal: gone.signal }, (signal) =>
      withCallContext({ ...at, signal }, () =>
        this.#users.run(user.name, signal, () => this.#run(action, object, user, request, signal, trace)),
      ),
    );
  }

  async #run(
    action: Action,
    object: RouteObject,
    user: ActionContext['user'],
    request: FastifyRequest,
    signal: AbortSignal,
    trace: Trace,
  ): Promise<Reply<unknown> | 'dry run'> {
    const { platform, clock, isReady } = this.#options;
    const { api } = platform;
    await demand(api, user, action.route.verb, object);
    const input = inputOf(action, request);
    if (isDryRun(action, request)) {
      trace.detail[DRY_RUN.name] = DRY_RUN.value;
      return 'dry run';
    }
    if (!isReady()) throw new Problem('unavailable', 'This replica has just started: try again.');
    return await action.run(
      {
        platform,
        user,
        object,
        requestId: request.id,
        signal,
        now: () => clock.now(),
        demand: (verb, other) => demand(api, user, verb, other),
        may: (verb, other) => mayDo(api, user, verb, other),
        inAccount: (account, body) => this.#accounts.run(account, signal, body),
        record: (detail) => Object.assign(trace.detail, detail),
      },
      input,
    );
  }

  #write(
    action: Action,
    object: RouteObject,
    { username: caller }: Caller,
    requestId: string,
    { user, detail }: Trace,
    outcome: HttpAnswer | Problem,
  ): void {
    const { platform, log } = this.#options;
    const { name } = action.route;
    // What is not given again needs no record: an indexer asks every few minutes.
    if (outcome.status === NOT_MODIFIED) return;
    const result = outcome instanceof Problem ? outcome.type : 'ok';
    platform.audit.info({ action: name, object, user, caller, requestId, ...detail, result }, 'action');
    if (!(outcome instanceof Problem) || outcome.status < 500) return;
    const told = { action: name, object, requestId, err: outcome.cause ?? outcome };
    if (outcome.type === 'internal') log.error(told, 'an action failed');
    else log.warn(told, 'an action was not possible');
  }
}

const objectOf = (resource: RouteObject['resource'], { params }: FastifyRequest): RouteObject => {
  const { namespace, name = '' } = params as { namespace?: string; name?: string };
  return { resource, name, ...(isNamespaced(resource) && { namespace: namespace ?? '' }) };
};

/** As CloudTrail shows it. */
const itemOf = ({ route }: Action, { resource, namespace, name }: RouteObject): string =>
  `Action:${route.name}:${[resource, namespace, name].filter((part) => part !== undefined).join('/')}`;

const inputOf = ({ route: { method, input } }: Action, { query, body }: FastifyRequest): unknown => {
  const parsed = input.safeParse(method === 'GET' ? query : (body ?? {}));
  if (parsed.success) return parsed.data;
  throw new Problem('invalid-request', z.prettifyError(parsed.error));
};

/** @throws Problem for a word that is not understood: what was to be tried must not be done */
const isDryRun = ({ route: { method } }: Action, { query }: FastifyRequest): boolean => {
  const asked = method === 'GET' ? undefined : (query as Readonly<Record<string, unknown>>)[DRY_RUN.name];
  if (asked === undefined || asked === DRY_RUN.value) return asked !== undefined;
  throw new Problem('invalid-request', `${DRY_RUN.name} is ${DRY_RUN.value}, or left out.`);
};

const answerOf = (reply: Reply<unknown> | 'dry run', { limits }: Action, { headers }: FastifyRequest): HttpAnswer => {
  if (reply === 'dry run') return { status: NO_CONTENT, etag: undefined, json: undefined };
  const etag = 'etag' in reply ? reply.etag : undefined;
  const kept = headers['if-none-match']?.split(',').map((tag) => tag.trim());
  if (etag !== undefined && kept?.includes(etag) === true) return { status: NOT_MODIFIED, etag, json: undefined };
  const json = 'etag' in reply ? reply.json() : JSON.stringify(reply.value);
  if (Buffer.byteLength(json) > limits.bytes)
    throw new Problem('too-large', `The answer has more than ${limits.bytes} bytes: ask for less.`);
  return { status: 200, etag, json };
};
