// Asks the operator's internal API in the name of a person: what needs AWS is done by the operator, for who may.

import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';
import type { z } from 'zod';
import { problemBody, problemUri, problems, type ProblemType } from '../../operator/actions/contract/problem.ts';
import {
  CONFIG_JSON_HEADER,
  DRY_RUN,
  pathOf,
  type Route,
  type RouteObject,
} from '../../operator/actions/contract/route.ts';
import type { Features } from '../../operator/features/features.ts';
import { userHeaders, type AssertedUser } from '../../operator/actions/contract/user.ts';
import type { WriteSettings } from '../kubernetes/object-writer.ts';
import type { Attempt } from '../kubernetes/refusal.ts';
import { failure } from '../server/failure.ts';
import { problemFailure } from './problem-failure.ts';
import type { OperatorSettings } from './settings.ts';

/** More than any answer has. */
const LARGEST_ANSWER = 8 * 1024 * 1024;

/** The operator, for one person. */
export interface OperatorActions {
  /**
   * @param attempt what is tried, for errors
   * @throws GraphQLError UnauthorizedOperation, ResourceNotFound, AWSResourceNotAvailable, ServiceUnavailable and others, by what the operator answers
   */
  ask<Input extends z.ZodType, Answer extends z.ZodType>(
    route: Route<Input, Answer, 'GET'>,
    object: RouteObject,
    input: z.input<Input>,
    attempt: Attempt,
  ): Promise<z.output<Answer>>;
  /**
   * Has it do something. In a dry run the operator says whether who asks may, and does nothing.
   * @returns undefined in a dry run
   * @throws GraphQLError as {@link ask}
   */
  act<Input extends z.ZodType, Answer extends z.ZodType>(
    route: Route<Input, Answer, 'POST'>,
    object: RouteObject,
    input: z.input<Input>,
    settings: WriteSettings,
  ): Promise<z.output<Answer> | undefined>;
}

export type TaggedAnswer<Answer> =
  | { readonly kind: 'answer'; readonly etag: string; readonly answer: Answer }
  /** What is kept is what there is. */
  | { readonly kind: 'unchanged' }
  /** It is another by now than what a page was asked of. */
  | { readonly kind: 'changed' };

type RequestLog = Pick<Logger, 'warn' | 'error'>;

export class OperatorClient {
  readonly #settings: OperatorSettings;
  readonly #log: Logger;
  readonly #connections: Agent;

  readonly #features: Features;
  /** Of the operator, when it was told of last. */
  #told: string | undefined;

  /** @param features of this gateway: an operator with others is told of in the log */
  constructor(settings: OperatorSettings, log: Logger, features: Features) {
    this.#settings = settings;
    this.#log = log;
    this.#features = features;
    const { ca } = settings;
    this.#connections = new Agent({
      maxResponseSize: LARGEST_ANSWER,
      ...(ca !== undefined && { connect: { ca } }),
    });
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  /** @param log of the request that it is for: why there is no answer stands there, since the client is not told */
  as(user: AssertedUser, log: RequestLog): OperatorActions {
    const asker = { user, log };
    return {
      ask: async (route, object, input, attempt) => {
        const { json, operatorRequestId } = await this.#answered(asker, route, object, input, attempt);
        return parsed(log, route, json, operatorRequestId, attempt);
      },
      act: async (route, object, input, { attempt, dryRun }) => {
        const { json, operatorRequestId } = await this.#answered(asker, route, object, input, attempt, dryRun);
        return dryRun ? undefined : parsed(log, route, json, operatorRequestId, attempt);
      },
    };
  }

  /**
   * In the gateway's own name, of what is kept by its ETag.
   * @param etag of what is kept
   * @throws Error that says why there is no answer
   */
  async askAsItself<Input extends z.ZodType, Answer extends z.ZodType>(
    route: Route<Input, Answer>,
    object: RouteObject,
    input: z.input<Input>,
    etag?: string,
  ): Promise<TaggedAnswer<z.output<Answer>>> {
    const headers = { ...(etag !== undefined && { 'if-none-match': etag }) };
    const { status, json, etag: tag } = await this.#send(headers, route, object, input);
    if (status === 304) return { kind: 'unchanged' };
    if (status === 200) return { kind: 'answer', etag: tag ?? '', answer: route.answer.parse(json) };
    const body = problemBody.safeParse(json);
    if (body.success && typeOf(body.data.type) === 'changed') return { kind: 'changed' };
    throw new Error(`the operator answers ${status}: ${body.data?.detail ?? 'no problem that is known'}`);
  }

  /** While both are being restarted with a new file they differ for a moment, so nothing is stopped. @param digest of the operator's */
  #compare(digest: string | undefined): void {
    if (digest === this.#told) return;
    this.#told = digest;
    if (digest === undefined || digest === this.#features.digest) return;
    this.#log.error('the operator runs with another config.json than this gateway: give both the same --config-json');
  }

  /** What it answers to who may, and what it can do. */
  async #answered(
    { user, log }: { readonly user: AssertedUser; readonly log: RequestLog },
    route: Route,
    object: RouteObject,
    input: unknown,
    attempt: Attempt,
    dryRun = false,
  ) {
    const {
      status,
      json,
      requestId: operatorRequestId,
    } = await this.#send(userHeaders(user), route, object, input, dryRun).catch((error: unknown) => {
      // Without what was answered, which may hold credentials.
      log.warn({ err: error, route: route.name }, 'the operator does not answer');
      throw operatorUnavailable(attempt.action);
    });
    if (status === (dryRun ? 204 : 200)) return { json, operatorRequestId };
    const body = problemBody.safeParse(json);
    const type = body.success ? typeOf(body.data.type) : 'internal';
    if (type === 'unauthenticated' || type === 'internal')
      log.error({ route: route.name, status, operatorRequestId, type }, 'the operator does not take our requests');
    throw problemFailure(type, body.data?.detail ?? '', user.name, attempt);
  }

  async #send(
    headers: Readonly<Record<string, string | string[]>>,
    route: Route,
    object: RouteObject,
    input: unknown,
    dryRun = false,
  ) {
    const { url, tokenFile, timeoutMs } = this.#settings;
    const token = (await readFile(tokenFile, 'utf8')).trim();
    const isRead = route.method === 'GET';
    const query = searchOf(isRead ? (input as QueryInput) : { [DRY_RUN.name]: dryRun ? DRY_RUN.value : undefined });
    const answer = await request(new URL(pathOf(route, object) + query, url), {
      method: route.method,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(!isRead && { 'content-type': 'application/json' }),
      },
      ...(!isRead && { body: JSON.stringify(input) }),
      dispatcher: this.#connections,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { 'x-request-id': requestId, etag } = answer.headers;
    this.#compare(answer.headers[CONFIG_JSON_HEADER]?.toString());
    const text = await answer.body.text();
    // A 304 has no body, nor has a dry run.
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: answer.statusCode, json, requestId, etag: etag?.toString() };
  }
}

function parsed<Answer extends z.ZodType>(
  log: RequestLog,
  { name, answer }: Route<z.ZodType, Answer>,
  json: unknown,
  operatorRequestId: unknown,
  { action }: Attempt,
): z.output<Answer> {
  const read = answer.safeParse(json);
  if (read.success) return read.data;
  const { issues } = read.error;
  log.error({ route: name, operatorRequestId, issues }, 'the operator answers otherwise than agreed');
  throw operatorUnavailable(action);
}

const noOperator = ({ action }: Attempt) =>
  failure({
    class: 'ServiceUnavailable',
    action,
    text: 'This gateway knows no operator (operator.url in its configuration), so nothing that needs AWS can be asked',
  });

/** For a gateway without `operator` in its configuration. */
export const withoutOperator: OperatorActions = {
  ask: async (_route, _object, _input, attempt) => {
    throw noOperator(attempt);
  },
  act: async (_route, _object, _input, { attempt }) => {
    throw noOperator(attempt);
  },
};

const operatorUnavailable = (action: string) =>
  failure({ class: 'ServiceUnavailable', action, text: 'The operator does not answer: try again in a moment' });

/** What a route takes as a query. */
type QueryInput = Readonly<Record<string, string | number | undefined>>;

const searchOf = (input: QueryInput): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search.toString()}`;
};

const typeOf = (uri: string): ProblemType =>
  (Object.keys(problems) as ProblemType[]).find((type) => problemUri(type) === uri) ?? 'internal';
