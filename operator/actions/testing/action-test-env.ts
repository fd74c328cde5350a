// The internal API in this process for tests: an API server in memory that reviews tokens and rights, and what is written to the logs.

import { pino } from 'pino';
import { type Dispatcher, request } from 'undici';
import { readConfig } from '../../config.ts';
import type { Platform } from '../../controllers/reconcile/platform.ts';
import type { KubeApi } from '../../kernel/client/kube-api.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import type { Action } from '../action.ts';
import type { ActionsConfig } from '../callers.ts';
import type { ProblemBody } from '../contract/problem.ts';
import { DEFAULT_AUDIENCE } from '../contract/route.ts';
import { userHeaders, type AssertedUser } from '../contract/user.ts';
import { ActionServer } from '../server.ts';

export const GATEWAY = 'system:serviceaccount:dataall-system:gateway';
export const INDEXER = 'system:serviceaccount:dataall-system:indexer';

/** A token as the API server would review it. */
interface Token {
  readonly username: string;
  readonly audiences: readonly string[];
}

/** Who may do what: `<user or group> <verb> <resource>[/<namespace>]/<name>`. */
type Right = `${string} ${string} ${string}`;

export interface ActionRequest {
  readonly method?: 'GET' | 'POST';
  readonly token?: string | undefined;
  readonly user?: AssertedUser | undefined;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Where TLS is trusted by it. */
  readonly dispatcher?: Dispatcher;
}

export interface ActionResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** Of an answer that is JSON. */
  readonly json: unknown;
}

export interface ActionTestEnvOptions {
  readonly actions: readonly Action[];
  readonly platform?: Partial<Platform>;
  readonly config?: Partial<ActionsConfig>;
  readonly clock?: Clock;
  /** Where objects are written, if not in the API server that reviews. */
  readonly objects?: Pick<KubeApi, 'patch'>;
}

export class ActionTestEnv implements AsyncDisposable {
  readonly tokens = new Map<string, Token>([
    ['gateway', { username: GATEWAY, audiences: [DEFAULT_AUDIENCE] }],
    ['indexer', { username: INDEXER, audiences: [DEFAULT_AUDIENCE] }],
  ]);
  readonly rights = new Set<Right>();
  /** Reviews of tokens that the API server was asked for. */
  reviewed = 0;
  /** What a review of a token waits for. */
  reviewing: Promise<void> = Promise.resolve();
  ready = true;
  readonly api = new MemoryKubeApi({ review: (path, body) => this.#review(path, body) });
  readonly #lines: string[] = [];
  readonly #end = new AbortController();
  readonly server: ActionServer;
  readonly #running: Promise<void>;

  constructor({ actions, platform = {}, config = {}, clock = systemClock, objects }: ActionTestEnvOptions) {
    const sink = { write: (line: string) => void this.#lines.push(line) };
    this.server = new ActionServer({
      config: {
        port: 0,
        host: '127.0.0.1',
        audience: DEFAULT_AUDIENCE,
        callers: [
          { namespace: 'dataall-system', name: 'gateway', assertsUsers: true },
          { namespace: 'dataall-system', name: 'indexer', assertsUsers: false },
        ],
        ...config,
      },
      actions,
      platform: {
        config: readConfig({ aws: { hub: { accountId: '111111111111', region: 'eu-west-1' } } }),
        ...platform,
        api: this.#apiOver(objects),
        audit: pino({ base: { stream: 'audit' } }, sink),
      } as Platform,
      log: pino({ level: 'debug', base: { stream: 'log' } }, sink),
      clock,
      isReady: () => this.ready,
      report: () => undefined,
    });
    this.#running = this.server.run(this.#end.signal);
  }

  /** Everything that was logged, as text. */
  get logged(): string {
    return this.#lines.join('');
  }

  /** Records of the audit stream. */
  get audited(): readonly Record<string, unknown>[] {
    return this.#lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ stream }) => stream === 'audit');
  }

  async url(): Promise<string> {
    // Listening is a few turns of the event loop away.
    while (this.server.url === undefined) await new Promise((resolve) => setImmediate(resolve));
    return this.server.url;
  }

  async ask(path: string, asked: ActionRequest = {}): Promise<ActionResponse> {
    const { method = 'GET', token = 'gateway', user, headers = {}, body, signal, dispatcher } = asked;
    const response = await request(`${await this.url()}${path}`, {
      method,
      headers: {
        ...('token' in asked && asked.token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(user !== undefined && userHeaders(user)),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
      ...(dispatcher !== undefined && { dispatcher }),
    });
    const text = await response.body.text();
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
  }

  /** The problem that is answered, without what differs from one request to the next. */
  async problem(path: string, asked: ActionRequest = {}): Promise<Omit<ProblemBody, 'requestId' | 'title'>> {
    const { json } = await this.ask(path, asked);
    const { requestId: _id, title: _title, ...rest } = json as ProblemBody;
    return rest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  #apiOver(objects: ActionTestEnvOptions['objects']): KubeApi {
    const api: Pick<KubeApi, 'patch' | 'post'> = {
      post: async (...call) => {
        if (call[0].endsWith('/tokenreviews')) await this.reviewing;
        return await this.api.post(...call);
      },
      patch: (...call) => (objects ?? this.api).patch(...call),
    };
    const rest: Pick<KubeApi, 'get' | 'create'> = {
      get: (...call) => this.api.get(...call),
      create: (...call) => this.api.create(...call),
    };
    return { ...api, ...rest } as KubeApi;
  }

  #review(path: string, body: unknown): unknown {
    if (path.endsWith('/tokenreviews')) {
      this.reviewed += 1;
      const { token, audiences } = (body as { spec: { token: string; audiences: string[] } }).spec;
      const known = this.tokens.get(token);
      const common = known?.audiences.filter((audience) => audiences.includes(audience)) ?? [];
      if (known === undefined || common.length === 0) return { status: { authenticated: false } };
      const user = { username: known.username, groups: ['system:serviceaccounts'] };
      return { status: { authenticated: true, user, audiences: common } };
    }
    const { user, groups, resourceAttributes } = (
      body as {
        spec: {
          user: string;
          groups: string[];
          resourceAttributes: { verb: string; resource: string; namespace?: string; name: string };
        };
      }
    ).spec;
    const { verb, resource, namespace, name } = resourceAttributes;
    const object = [resource, ...(namespace === undefined ? [] : [namespace]), name].join('/');
    return { status: { allowed: [user, ...groups].some((who) => this.rights.has(`${who} ${verb} ${object}`)) } };
  }
}
