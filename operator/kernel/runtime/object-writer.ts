// Writes a controller makes to API objects: skipped when nothing would change, remembered until the stores show them.

import { isDeepStrictEqual } from 'node:util';
import type { LargeWrites } from './large-writes.ts';
import type { OwnWrites } from './own-writes.ts';
import { isMap, type Json } from '../json.ts';
import { type Applied, type CallOptions, isKubeError, type KubeApi, type KubeError } from '../client/kube-api.ts';
import { type Kind, kindKey, type KubeObject, objectKey, type Stored } from '../kind.ts';
import type { Write } from '../cache/store.ts';

export interface ObjectWriter {
  /**
   * Server-side apply of `status` fields. Name *every* field this controller owns in every call, `undefined` where it should be absent.
   * Skipped when the object, as given or as this writer stored it since, shows just these values. @throws KubeError NotFound or Conflict when this
   * object (by uid) is no more.
   * @param options what is written only over the object as given is not redone over what others wrote since: @throws KubeError Conflict
   */
  status<T extends KubeObject>(
    kind: Kind<T>,
    object: Stored<T>,
    status: Readonly<Record<string, unknown>>,
    options?: { readonly ifUnchanged?: boolean },
  ): Promise<Stored<T>>;

  /**
   * Server-side apply of an object we own (RBAC, namespaces, approvals), taking fields over from others. Skipped when this process
   * applied just this before and the store still shows it.
   */
  apply<T extends KubeObject>(kind: Kind<T>, object: Applied): Promise<Stored<T>>;

  /** Adds the finalizer to exactly this object (by uid); nothing when it is there. */
  addFinalizer<T extends KubeObject>(kind: Kind<T>, object: Stored<T>, finalizer: string): Promise<Stored<T>>;

  /** Removes the finalizer from exactly this object; nothing when it is not there or the object is gone. */
  removeFinalizer<T extends KubeObject>(kind: Kind<T>, object: Stored<T>, finalizer: string): Promise<void>;

  /** Merges annotations into exactly this object; `null` removes. Skipped when nothing would change. */
  annotate<T extends KubeObject>(
    kind: Kind<T>,
    object: Stored<T>,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<Stored<T>>;

  /** Tells of a write made another way, so that the next run waits for it. */
  wrote<T extends KubeObject>(kind: Kind<T>, object: Stored<T>): void;
}

export interface ObjectWriterOptions {
  api: KubeApi;
  /** One per process: our own fields never conflict among controllers. */
  fieldManager: string;
  /** Current object in the store, undefined when absent or the kind is not cached. */
  lookUp: <T extends KubeObject>(kind: Kind<T>, key: string) => Stored<T> | undefined;
  /** What this process applied last, by kind and key; shared by all writers of the process. */
  lastApplied: Map<string, { body: string; uid: string }>;
  /** Of the process, and how urgent the work is that writes. */
  ownWrites: OwnWrites;
  priority: number;
  /** Of the process. */
  largeWrites: LargeWrites;
  signal: AbortSignal;
}

/** How often a write is redone because another writer was faster. Each time the object was read anew, so more would be a war. */
const attempts = 5;

export class StoreAwareWriter implements ObjectWriter {
  readonly #options: ObjectWriterOptions;
  readonly #call: CallOptions;
  readonly #writes: { kind: Kind; write: Write }[] = [];
  /** By version: what this writer made of it. Whoever still holds that one would skip what is to be written over the other. */
  readonly #successors = new Map<string, Stored>();
  readonly #expectations: (() => void)[] = [];

  constructor(options: ObjectWriterOptions) {
    this.#options = options;
    this.#call = { signal: options.signal };
  }

  /** What has been written, for waiting until it is seen. */
  get writes(): readonly { kind: Kind; write: Write }[] {
    return this.#writes;
  }

  /** What it wrote has been seen, or will not be waited for. */
  release(): void {
    for (const end of this.#expectations.splice(0)) end();
  }

  async status<T extends KubeObject>(
    kind: Kind<T>,
    given: Stored<T>,
    status: Readonly<Record<string, unknown>>,
    { ifUnchanged = false }: { readonly ifUnchanged?: boolean } = {},
  ): Promise<Stored<T>> {
    const object = this.#latest(given);
    const current = asJson((object as { status?: unknown }).status ?? {});
    const wanted = asJson(status);
    if (Object.keys(status).every((field) => isDeepStrictEqual(current[field], wanted[field]))) return object;
    const { api, fieldManager } = this.#options;
    const options = { ...this.#call, fieldManager, force: true, subresource: 'status' };
    // The server ignores a uid in a status write, so the resource version must say which object is meant.
    const write = async ({ metadata: { namespace, name, resourceVersion } }: Stored<T>): Promise<Stored<T>> => {
      const metadata = { ...(namespace === undefined ? {} : { namespace }), name, resourceVersion };
      return api.apply(kind, { apiVersion: object.apiVersion, kind: object.kind, metadata, status: wanted }, options);
    };
    return this.#redo(kind, object, write, ifUnchanged ? 1 : attempts);
  }

  async apply<T extends KubeObject>(kind: Kind<T>, object: Applied): Promise<Stored<T>> {
    const { api, fieldManager, lastApplied, lookUp } = this.#options;
    const id = `${kindKey(kind)} ${objectKey(object.metadata)}`;
    const body = JSON.stringify(object);
    const present = lookUp(kind, objectKey(object.metadata));
    const before = lastApplied.get(id);
    if (present && before?.body === body && before.uid === present.metadata.uid && contains(present, asJson(object)))
      return present;
    const stored = await api.apply(kind, object, { ...this.#call, fieldManager, force: true });
    lastApplied.set(id, { body, uid: stored.metadata.uid });
    this.wrote(kind, stored);
    return stored;
  }

  async addFinalizer<T extends KubeObject>(kind: Kind<T>, object: Stored<T>, finalizer: string): Promise<Stored<T>> {
    return this.#redo(kind, object, (latest) => {
      const finalizers = latest.metadata.finalizers ?? [];
      return finalizers.includes(finalizer)
        ? latest
        : this.#merge(kind, latest, { finalizers: [...finalizers, finalizer] });
    });
  }

  async removeFinalizer<T extends KubeObject>(kind: Kind<T>, object: Stored<T>, finalizer: string): Promise<void> {
    try {
      await this.#redo(kind, object, (latest) => {
        const finalizers = latest.metadata.finalizers ?? [];
        if (!finalizers.includes(finalizer)) return latest;
        return this.#merge(kind, latest, { finalizers: finalizers.filter((other) => other !== finalizer) });
      });
    } catch (error) {
      if (!isKubeError(error, 'NotFound') && !isAnotherObject(error)) throw error;
    }
  }

  async annotate<T extends KubeObject>(
    kind: Kind<T>,
    object: Stored<T>,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<Stored<T>> {
    return this.#redo(kind, object, (latest) => {
      const current = latest.metadata.annotations ?? {};
      const differs = Object.entries(annotations).some(([key, value]) => (current[key] ?? null) !== value);
      return differs ? this.#merge(kind, latest, { annotations }) : latest;
    });
  }

  wrote<T extends KubeObject>(kind: Kind<T>, { metadata }: Stored<T>): void {
    const { namespace, name, uid, resourceVersion } = metadata;
    this.#writes.push({ kind, write: { namespace, name, uid, resourceVersion } });
  }

  #latest<T extends KubeObject>(object: Stored<T>): Stored<T> {
    const next = this.#successors.get(versionOf(object.metadata)) as Stored<T> | undefined;
    return next === undefined || next === object ? object : this.#latest(next);
  }

  #merge<T extends KubeObject>(kind: Kind<T>, { metadata }: Stored<T>, change: object): Promise<Stored<T>> {
    const { resourceVersion } = metadata;
    const body = { metadata: { resourceVersion, ...change } };
    return this.#options.api.patch(
      kind,
      metadata,
      { type: 'merge', body },
      { ...this.#call, fieldManager: this.#options.fieldManager },
    );
  }

  /** Writes against the resource version at hand; when that is old, reads this object and writes again. */
  async #redo<T extends KubeObject>(
    kind: Kind<T>,
    object: Stored<T>,
    write: (latest: Stored<T>) => Promise<Stored<T>> | Stored<T>,
    most = attempts,
  ): Promise<Stored<T>> {
    const { ownWrites, priority, largeWrites, signal } = this.#options;
    const size = JSON.stringify(object).length;
    this.#expectations.push(ownWrites.expect(object.metadata.uid, priority));
    let latest = object;
    for (let attempt = 1; ; attempt++) {
      try {
        const stored = await largeWrites.run(size, signal, async () => write(latest));
        if (stored.metadata.resourceVersion !== latest.metadata.resourceVersion) this.wrote(kind, stored);
        for (const { metadata } of [object, latest]) this.#successors.set(versionOf(metadata), stored);
        return stored;
      } catch (error) {
        if (!isKubeError(error, 'Conflict') || attempt === most) throw error;
        latest = await this.#options.api.get(kind, object.metadata, this.#call);
        if (latest.metadata.uid !== object.metadata.uid) throw asAnotherObject(error);
      }
    }
  }
}

const versionOf = ({ uid, resourceVersion }: Stored['metadata']): string => `${uid} ${resourceVersion}`;

const anotherObject = Symbol('the name belongs to another object now');

function asAnotherObject(error: KubeError): KubeError {
  return Object.assign(error, { [anotherObject]: true });
}

function isAnotherObject(error: unknown): boolean {
  return isKubeError(error, 'Conflict') && anotherObject in error;
}

/** Whether every field of `wanted` shows in `present`; lists count as a whole. */
function contains(present: unknown, wanted: unknown): boolean {
  if (!isMap(wanted)) return isDeepStrictEqual(present, wanted);
  return isMap(present) && Object.entries(wanted).every(([key, value]) => contains(present[key], value));
}

/** As it would come back from the server: without undefined fields. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
