// A KubeApi with something in between, for tests that break it: one place for every verb, before and after the call is made.
// The shape is that of controller-runtime's client interceptor.

import type { Applied, ApplyOptions, CallOptions, DeleteOptions, Identity, KubeApi, ListOptions, ObjectList, Patch, WatchEvent, WatchOptions, WriteOptions } from '../client/kube-api.ts'; // prettier-ignore
import type { Kind, KubeObject, ObjectName, Stored } from '../kind.ts';

export interface Interceptor {
  /** Every call but watch. Throw before `proceed()` (it never arrived), after it (its answer was lost), or delay it. */
  call?<R>(call: InterceptedCall, proceed: () => Promise<R>): Promise<R>;
  watch?<T extends KubeObject>(
    options: WatchOptions,
    proceed: () => AsyncIterable<WatchEvent<T>>,
  ): AsyncIterable<WatchEvent<T>>;
}

export interface InterceptedCall {
  verb: 'get' | 'list' | 'create' | 'replace' | 'apply' | 'patch' | 'delete' | 'post' | 'raw';
  kind?: Kind;
  name?: ObjectName;
  subresource?: string | undefined;
}

export class InterceptedKubeApi implements KubeApi {
  readonly #api: KubeApi;
  readonly #interceptor: Interceptor;

  constructor(api: KubeApi, interceptor: Interceptor) {
    this.#api = api;
    this.#interceptor = interceptor;
  }

  as(identity: Identity): KubeApi {
    return new InterceptedKubeApi(this.#api.as(identity), this.#interceptor);
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const proceed = () => this.#api.watch(kind, options);
    return this.#interceptor.watch ? this.#interceptor.watch(options, proceed) : proceed();
  }

  get<T extends KubeObject>(kind: Kind<T>, name: ObjectName, options?: CallOptions): Promise<Stored<T>> {
    return this.#call({ verb: 'get', kind, name }, () => this.#api.get(kind, name, options));
  }

  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    return this.#call({ verb: 'list', kind }, () => this.#api.list(kind, options));
  }

  create<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<Stored<T>> {
    return this.#write('create', kind, object.metadata, options, () => this.#api.create(kind, object, options));
  }

  replace<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<Stored<T>> {
    return this.#write('replace', kind, object.metadata, options, () => this.#api.replace(kind, object, options));
  }

  apply<T extends KubeObject>(kind: Kind<T>, object: Applied, options: ApplyOptions): Promise<Stored<T>> {
    return this.#write('apply', kind, object.metadata, options, () => this.#api.apply(kind, object, options));
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<Stored<T>> {
    return this.#write('patch', kind, name, options, () => this.#api.patch(kind, name, patch, options));
  }

  delete(kind: Kind, name: ObjectName, options?: DeleteOptions): Promise<void> {
    return this.#call({ verb: 'delete', kind, name }, () => this.#api.delete(kind, name, options));
  }

  post<Response>(path: string, body: unknown, options?: CallOptions): Promise<Response> {
    return this.#call({ verb: 'post' }, () => this.#api.post<Response>(path, body, options));
  }

  raw(path: string, options?: CallOptions): Promise<string> {
    return this.#call({ verb: 'raw' }, () => this.#api.raw(path, options));
  }

  #write<R>(
    verb: InterceptedCall['verb'],
    kind: Kind,
    name: ObjectName,
    options: WriteOptions | undefined,
    proceed: () => Promise<R>,
  ): Promise<R> {
    return this.#call({ verb, kind, name, subresource: options?.subresource }, proceed);
  }

  async #call<R>(call: InterceptedCall, proceed: () => Promise<R>): Promise<R> {
    return this.#interceptor.call ? this.#interceptor.call(call, proceed) : proceed();
  }
}
