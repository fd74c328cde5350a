// KubeApi over HTTP with undici. Not fetch: that joins repeated Impersonate-Group headers into one wrong group.

import { type Dispatcher, request } from 'undici';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { Connections } from './connections.ts';
import type { Credentials } from './credentials.ts';
import {
  type Applied,
  type ApplyOptions,
  type CallOptions,
  type DeleteOptions,
  type Identity,
  type KubeApi,
  KubeError,
  type ListOptions,
  type ObjectList,
  type Patch,
  type Selection,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from './kube-api.ts';
import { failureOf, type Status, toKubeError } from './kube-status.ts';
import { apiVersion, type Kind, type KubeObject, type ObjectName, resourcePath, type Stored } from '../kind.ts';
import { parseWatchEvent, watchLines } from './watch-lines.ts';

const defaultTimeoutMs = 30_000;
/** The server said 429: it did nothing and told when to come back. As client-go, at most this often. */
const maxRetries = 10;

interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | boolean | undefined> | undefined;
  body?: unknown;
  contentType?: string;
}

export interface HttpKubeApiOptions {
  credentials: Credentials;
  clock?: Clock;
  userAgent?: string;
}

export class HttpKubeApi implements KubeApi {
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  readonly #connections: Connections;
  readonly #headers: Readonly<Record<string, string | string[]>>;
  readonly #options: HttpKubeApiOptions;

  constructor(options: HttpKubeApiOptions, identity?: Identity, connections: Connections = new Connections()) {
    this.#options = options;
    this.#credentials = options.credentials;
    this.#clock = options.clock ?? systemClock;
    this.#connections = connections;
    this.#headers = { 'user-agent': options.userAgent ?? 'dataall-operator', ...impersonationHeaders(identity) };
  }

  /** Closes idle and open connections; of all that share them through {@link as}, too. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  as(identity: Identity): HttpKubeApi {
    return new HttpKubeApi(this.#options, identity, this.#connections);
  }

  get<T extends KubeObject>(kind: Kind<T>, name: ObjectName, options: CallOptions = {}): Promise<Stored<T>> {
    return this.#json({ ...options, method: 'GET', path: resourcePath(kind, name.namespace, name.name) });
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { resourceVersion, limit, continue: next } = options;
    const list = await this.#json<{
      items?: Stored<T>[];
      metadata: { resourceVersion: string; continue?: string };
    }>({
      ...options,
      method: 'GET',
      path: resourcePath(kind, options.namespace),
      query: {
        ...selectors(options),
        ...(resourceVersion === undefined ? {} : { resourceVersion, resourceVersionMatch: 'NotOlderThan' }),
        limit,
        continue: next,
      },
    });
    // Items of a typed list come without apiVersion and kind.
    const type = { apiVersion: apiVersion(kind), kind: kind.kind };
    return {
      items: (list.items ?? []).map((item) => ({ ...type, ...item })),
      resourceVersion: list.metadata.resourceVersion,
      ...(list.metadata.continue ? { continue: list.metadata.continue } : {}),
    };
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { signal, resourceVersion, sendInitialEvents, timeoutSeconds } = options;
    const call: Call = {
      method: 'GET',
      path: resourcePath(kind, options.namespace),
      query: {
        ...selectors(options),
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion,
        ...(sendInitialEvents ? { sendInitialEvents, resourceVersionMatch: 'NotOlderThan' } : {}),
        timeoutSeconds,
      },
      signal,
    };
    try {
      const response = await this.#send(call, signal);
      for await (const line of watchLines(response.body)) yield parseWatchEvent<T>(line);
    } catch (error) {
      // A reader ends a watch because it was silent: then the idle connections are likely as dead as this one.
      if (signal?.aborted) this.#connections.renew();
      throw toKubeError(error);
    }
  }

  create<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    const { namespace, name } = object.metadata;
    const path = options.subresource
      ? resourcePath(kind, namespace, name, options.subresource)
      : resourcePath(kind, namespace);
    return this.#json({ ...options, method: 'POST', path, query: writeQuery(options), body: object });
  }

  replace<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    return this.#write('PUT', kind, object.metadata, object, 'application/json', options);
  }

  apply<T extends KubeObject>(kind: Kind<T>, object: Applied, options: ApplyOptions): Promise<Stored<T>> {
    // JSON is YAML; the plain apply-patch+json type is unknown to servers before 1.36.
    return this.#write('PATCH', kind, object.metadata, object, 'application/apply-patch+yaml', options, {
      force: options.force,
    });
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<Stored<T>> {
    return patch.type === 'json'
      ? this.#write('PATCH', kind, name, patch.operations, 'application/json-patch+json', options)
      : this.#write('PATCH', kind, name, patch.body, 'application/merge-patch+json', options);
  }

  async delete(kind: Kind, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    const { preconditions, propagationPolicy } = options;
    // Beside a body the server reads no query.
    const dryRun = options.dryRun ? ['All'] : undefined;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy, dryRun };
    await this.#text({ ...options, method: 'DELETE', path: resourcePath(kind, name.namespace, name.name), body });
  }

  post<Response>(path: string, body: unknown, options: CallOptions = {}): Promise<Response> {
    return this.#json({ ...options, method: 'POST', path, body });
  }

  raw(path: string, options: CallOptions = {}): Promise<string> {
    return this.#text({ ...options, method: 'GET', path });
  }

  #write<T extends KubeObject>(
    method: 'PUT' | 'PATCH',
    kind: Kind<T>,
    name: ObjectName,
    body: unknown,
    contentType: string,
    options: WriteOptions,
    query: Call['query'] = {},
  ): Promise<Stored<T>> {
    return this.#json({
      ...options,
      method,
      path: resourcePath(kind, name.namespace, name.name, options.subresource),
      query: { ...writeQuery(options), ...query },
      body,
      contentType,
    });
  }

  async #json<Answer>(call: Call): Promise<Answer> {
    return JSON.parse(await this.#text(call)) as Answer;
  }

  async #text(call: Call): Promise<string> {
    const timeout = new AbortController();
    const cancel = this.#clock.after(call.timeoutMs ?? defaultTimeoutMs, () => timeout.abort());
    const signal = call.signal ? AbortSignal.any([call.signal, timeout.signal]) : timeout.signal;
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          const response = await this.#send(call, signal);
          return await response.body.text();
        } catch (error) {
          const failure = toKubeError(error);
          if (failure.failure.reason !== 'TooManyRequests' || attempt > maxRetries || signal.aborted) throw failure;
          await sleep(this.#clock, failure.failure.retryAfterMs, signal);
        }
      }
    } catch (error) {
      if (timeout.signal.aborted && !call.signal?.aborted) {
        this.#connections.renew();
        throw new KubeError({ reason: 'Timeout' }, `${call.method} ${call.path} had no answer`, { cause: error });
      }
      throw error;
    } finally {
      cancel();
    }
  }

  /** Sends once (twice when our token had expired) and answers with a success, or throws. */
  async #send(call: Call, signal: AbortSignal | undefined): Promise<Dispatcher.ResponseData> {
    const response = await this.#attempt(call, signal);
    if (response.statusCode < 400) return response;
    const text = await response.body.text();
    if (response.statusCode === 401 && (await this.#credentials.refresh())) {
      const again = await this.#attempt(call, signal);
      if (again.statusCode < 400) return again;
      throw errorOf(call, again, await again.body.text());
    }
    throw errorOf(call, response, text);
  }

  async #attempt(call: Call, signal: AbortSignal | undefined): Promise<Dispatcher.ResponseData> {
    const access = await this.#credentials.current();
    const url = new URL(access.server.replace(/\/$/, '') + call.path);
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return request(url, {
      method: call.method,
      dispatcher: this.#connections.for(access),
      headers: {
        ...this.#headers,
        accept: 'application/json',
        ...(access.authorization === undefined ? {} : { authorization: access.authorization }),
        ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: signal ?? null,
      // Ours is the deadline of the whole call; a watch has none, the reflector listens for silence.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

function selectors({ labelSelector, fieldSelector }: Selection): Call['query'] {
  return { labelSelector, fieldSelector };
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): Call['query'] {
  return { fieldManager, ...(dryRun ? { dryRun: 'All' } : {}) };
}

/** Arrays become repeated headers. Keys of `extra` are percent-encoded, since a header's name cannot hold all they may. */
function impersonationHeaders(identity: Identity | undefined): Record<string, string | string[]> {
  if (!identity) return {};
  const extra = Object.entries(identity.extra ?? {}).map(
    ([key, values]) =>
      [
        `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
        values.map((value) => headerValue(value)),
      ] as const,
  );
  return {
    'impersonate-user': headerValue(identity.user),
    ...(identity.groups?.length ? { 'impersonate-group': identity.groups.map((group) => headerValue(group)) } : {}),
    ...(identity.uid === undefined ? {} : { 'impersonate-uid': identity.uid }),
    ...Object.fromEntries(extra),
  };
}

/** Names are UTF-8 to the API server; what writes headers here knows bytes by the characters of Latin-1. */
const headerValue = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function errorOf(call: Call, response: Dispatcher.ResponseData, text: string): KubeError {
  const retryAfter = Number(response.headers['retry-after']);
  let status: Status = {};
  try {
    status = JSON.parse(text) as Status;
  } catch {
    // A proxy's or an aggregated server's page: the status code must do.
  }
  const failure = failureOf(response.statusCode, status, Number.isFinite(retryAfter) ? retryAfter : undefined);
  return new KubeError(failure, `${call.method} ${call.path}: ${status.message ?? text.slice(0, 200)}`);
}
