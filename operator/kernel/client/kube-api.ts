// The Kubernetes API as the kernel uses it: ten verbs. HttpKubeApi speaks to a server, MemoryKubeApi is one.

import type { Kind, KubeObject, ObjectName, Stored } from '../kind.ts';

export interface KubeApi {
  /** @throws KubeError `NotFound` when there is none. */
  get<T extends KubeObject>(kind: Kind<T>, name: ObjectName, options?: CallOptions): Promise<Stored<T>>;

  /** One page, or everything when `limit` is not given. */
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>>;

  /**
   * Streams changes after `resourceVersion` until the server ends the stream (normal), `signal` aborts it, or it fails: an in-stream
   * ERROR is thrown as a KubeError (`Gone` when the resource version is too old).
   */
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;

  create<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<Stored<T>>;

  /** PUT: `metadata.resourceVersion`, when given, must be current (`Conflict` otherwise). */
  replace<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<Stored<T>>;

  /** Server-side apply: `object` holds only the fields `fieldManager` wants to own. Creates the object when there is none. */
  apply<T extends KubeObject>(kind: Kind<T>, object: Applied, options: ApplyOptions): Promise<Stored<T>>;

  /** JSON patch (RFC 6902, a failed `test` is `Invalid`) or merge patch (RFC 7386). */
  patch<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<Stored<T>>;

  /** Resolves when the server has accepted: an object with finalizers is then terminating, not gone. */
  delete(kind: Kind, name: ObjectName, options?: DeleteOptions): Promise<void>;

  /** POST of a review (TokenReview, SubjectAccessReview) or of a subresource such as `token`; `path` as in {@link resourcePath}. */
  post<Response>(path: string, body: unknown, options?: CallOptions): Promise<Response>;

  /** GET of what is no object: `/version`, `/openapi/v3`, `/readyz`. */
  raw(path: string, options?: CallOptions): Promise<string>;

  /** The same server, acting for someone else; needs the verb `impersonate`. */
  as(identity: Identity): KubeApi;
}

/** Whom to impersonate. @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
export interface Identity {
  user: string;
  groups?: readonly string[];
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds until `Timeout`; default 30 s. */
  timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  fieldManager?: string;
  subresource?: string;
  dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  fieldManager: string;
  /** Take over fields that others own, rather than fail with `Conflict`. */
  force?: boolean;
}

/** What is sent to apply: identity and any part of the rest. */
export type Applied = KubeObject | (KubeObject & Record<string, unknown>);

export interface DeleteOptions extends CallOptions {
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  /** Rights and policies are asked, and the object stays. */
  dryRun?: boolean;
}

export interface Selection {
  /** Limits a namespaced kind to one namespace. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListOptions extends CallOptions, Selection {
  /** The answer is not older than this; without it, it is the newest state. */
  resourceVersion?: string | undefined;
  limit?: number;
  continue?: string;
}

export interface ObjectList<T extends KubeObject> {
  items: Stored<T>[];
  resourceVersion: string;
  continue?: string;
}

export interface WatchOptions extends Selection {
  signal?: AbortSignal | undefined;
  resourceVersion?: string | undefined;
  /** Watch-list: the state comes first as ADDED, closed by a bookmark with `initialEventsEnd`. */
  sendInitialEvents?: boolean;
  /** After how many seconds the server ends the stream. */
  timeoutSeconds?: number;
}

export type WatchEvent<T extends KubeObject> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Stored<T> }
  | { type: 'BOOKMARK'; resourceVersion: string; initialEventsEnd: boolean };

export type Patch =
  | { type: 'json'; operations: readonly JsonPatchOperation[] }
  | { type: 'merge'; body: Readonly<Record<string, unknown>> };

export type JsonPatchOperation =
  { op: 'add' | 'replace' | 'test'; path: string; value: unknown } | { op: 'remove'; path: string };

/** What went wrong, and with it what to do; `message` is the server's. */
export type KubeFailure =
  /** 401, 403: wrong until someone changes RBAC, an admission policy or our credentials. */
  | { reason: 'Unauthorized' | 'Forbidden' }
  /** 404: no such object, or the kind is not installed. */
  | { reason: 'NotFound' }
  /** 409 on create. */
  | { reason: 'AlreadyExists' }
  /** 409: someone else wrote first, or owns the field; read again and redo. */
  | { reason: 'Conflict' }
  /** 410: the resource version is too old; list again. */
  | { reason: 'Gone' }
  /** 400, 405, 415, 422: the request itself is wrong; sending it again is useless. */
  | { reason: 'Invalid' }
  /** 413: too large for the server or for etcd. */
  | { reason: 'TooLarge' }
  /** 429: priority and fairness; wait. */
  | { reason: 'TooManyRequests'; retryAfterMs: number }
  /** 500, 503, 504, refused or broken connections: try again with backoff. A write may have happened. */
  | { reason: 'Unavailable'; retryAfterMs?: number }
  /** No answer in time. A write may have happened. */
  | { reason: 'Timeout' };

export type KubeFailureReason = KubeFailure['reason'];

export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly failure: KubeFailure;

  constructor(failure: KubeFailure, message: string, options?: ErrorOptions) {
    super(`${failure.reason}: ${message}`, options);
    this.failure = failure;
  }

  get reason(): KubeFailureReason {
    return this.failure.reason;
  }
}

/** Narrows a caught value: `isKubeError(error, 'NotFound', 'Conflict')`. */
export function isKubeError(error: unknown, ...reasons: KubeFailureReason[]): error is KubeError {
  return error instanceof KubeError && (reasons.length === 0 || reasons.includes(error.reason));
}

/** The object, or undefined when there is none. */
export async function getIfPresent<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  name: ObjectName,
  options?: CallOptions,
): Promise<Stored<T> | undefined> {
  try {
    return await api.get(kind, name, options);
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Deletes what may be gone already. */
export async function deleteIfPresent(
  api: KubeApi,
  kind: Kind,
  name: ObjectName,
  options?: DeleteOptions,
): Promise<void> {
  try {
    await api.delete(kind, name, options);
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
  }
}
