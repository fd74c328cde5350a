// An API server in memory, for tests that run thousands of histories. It passes kube-api-contract.ts, as the real one does.
// It knows no schemas, no admission and no authorization. In one file, because every operation works on the one history of objects.

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '../clock.ts';
import { isMap, type Json } from '../json.ts';
import { applyFields, type Ownership, ownChanges } from './field-ownership.ts';
import { patched } from './json-patch.ts';
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
} from '../client/kube-api.ts';
import { selects } from './selector.ts';
import { type RecordedChange, WatchHistory } from './watch-history.ts';
import {
  compareResourceVersions,
  type Kind,
  kindKey,
  type KubeObject,
  type ObjectName,
  objectKey,
  type Stored,
} from '../kind.ts';

export interface MemoryKubeApiOptions {
  clock?: Clock;
  /** Whether the kind has /status: writes to the object then leave status alone. Default: all but the usual built-in ones. */
  hasStatus?: (kind: Kind) => boolean;
  /** Defaults of the CRD's schema, set into a new object before it is stored, e.g. `status: {observedGeneration: -1}`. */
  defaults?: (kind: Kind, object: Json) => void;
  /** Answers {@link KubeApi.post}: reviews. Default: NotFound. */
  review?: (path: string, body: unknown) => unknown;
}

interface Entry {
  object: Json & Stored;
  ownership: Ownership;
}

const groupsWithoutStatus = new Set(['', 'coordination.k8s.io', 'events.k8s.io', 'rbac.authorization.k8s.io']);

export class MemoryKubeApi implements KubeApi {
  readonly #clock: Clock;
  readonly #options: MemoryKubeApiOptions;
  readonly #collections = new Map<string, Map<string, Entry>>();
  readonly #history = new WatchHistory();
  readonly #pages = new Map<string, { items: Stored[]; resourceVersion: string }>();
  #resourceVersion = 0;
  #outage: KubeError | undefined;

  constructor(options: MemoryKubeApiOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  // What happens to servers.

  /** Ends all open watches: in order, or as a broken connection. */
  cutWatches(how: 'end' | 'reset' = 'reset'): void {
    this.#history.cut(how === 'end' ? undefined : new KubeError({ reason: 'Unavailable' }, 'connection reset'));
  }

  /** Forgets history: watches from older resource versions get 410. */
  compact(): void {
    this.#history.compact(this.#resourceVersion);
    this.#pages.clear();
  }

  /** Sends a bookmark to all open watches, as the real server does each minute. */
  bookmark(): void {
    this.#history.bookmark(this.#resourceVersion);
  }

  /** Until `up()` every call fails with Unavailable and watches are cut. */
  down(): void {
    this.#outage = new KubeError({ reason: 'Unavailable' }, 'connection refused');
    this.cutWatches();
  }

  up(): void {
    this.#outage = undefined;
  }

  /**
   * A backup of etcd: what is returned brings it back, with the resource versions that there were. Whatever was written since is gone, and
   * who watches from later than that is told to list.
   */
  backUp(): () => void {
    const collections = structuredClone(this.#collections);
    const resourceVersion = this.#resourceVersion;
    return () => {
      this.#collections.clear();
      for (const [kind, entries] of structuredClone(collections)) this.#collections.set(kind, entries);
      this.#resourceVersion = resourceVersion;
      this.compact();
      this.cutWatches();
    };
  }

  // KubeApi.

  as(_identity: Identity): KubeApi {
    return this;
  }

  async get<T extends KubeObject>(kind: Kind<T>, name: ObjectName, options: CallOptions = {}): Promise<Stored<T>> {
    this.#arrive(options);
    return structuredClone(this.#entry(kind, name).object) as Stored as Stored<T>;
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    this.#arrive(options);
    if (options.resourceVersion !== undefined) this.#refuseFuture(options.resourceVersion);
    const page = options.continue === undefined ? this.#snapshot(kind, options) : this.#pages.get(options.continue);
    if (!page) throw new KubeError({ reason: 'Gone' }, 'the continue token is too old');
    const { resourceVersion } = page;
    const limit = options.limit ?? page.items.length;
    const list = { items: structuredClone(page.items.slice(0, limit)) as Stored<T>[], resourceVersion };
    const rest = page.items.slice(limit);
    if (rest.length === 0) return list;
    const next = randomUUID();
    this.#pages.set(next, { items: rest, resourceVersion });
    return { ...list, continue: next };
  }

  async *watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    this.#arrive(options);
    const stream = this.#open(kind, options);
    const abort = () => stream.end(new KubeError({ reason: 'Unavailable' }, 'aborted'));
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      for await (const event of stream) {
        if (options.signal?.aborted) throw new KubeError({ reason: 'Unavailable' }, 'aborted');
        yield structuredClone(event) as WatchEvent<T>;
      }
    } finally {
      this.#history.close(stream);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    this.#arrive(options);
    if (this.#collection(kind).has(objectKey(object.metadata)))
      throw new KubeError({ reason: 'AlreadyExists' }, `${kind.plural} ${objectKey(object.metadata)} exists`);
    const fresh = this.#born(kind, object);
    const ownership = ownChanges({}, fresh, new Map(), updater(options));
    return this.#commit(kind, undefined, fresh, ownership, options) as Stored<T>;
  }

  async replace<T extends KubeObject>(kind: Kind<T>, object: T, options: WriteOptions = {}): Promise<Stored<T>> {
    this.#arrive(options);
    return this.#update(kind, object.metadata, () => toJson(object), options) as Stored<T>;
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<Stored<T>> {
    this.#arrive(options);
    return this.#update(kind, name, (live) => patched(live, patch), options) as Stored<T>;
  }

  async apply<T extends KubeObject>(kind: Kind<T>, object: Applied, options: ApplyOptions): Promise<Stored<T>> {
    this.#arrive(options);
    const { fieldManager, force = false, subresource } = options;
    const fields = toJson(object);
    const entry = this.#collection(kind).get(objectKey(object.metadata));
    if (!entry && subresource === undefined) {
      if (object.metadata.uid !== undefined)
        throw new KubeError({ reason: 'Conflict' }, 'uid given, but there is no object');
      const fresh = this.#born(kind, object);
      const { ownership } = applyFields({}, fresh, new Map(), fieldManager, force);
      return this.#commit(kind, undefined, fresh, ownership, options) as Stored<T>;
    }
    const before = entry ?? this.#entry(kind, object.metadata);
    checkIdentity(before.object, object.metadata, subresource);
    const scope = this.#scoped(kind, before.object, fields, subresource);
    const manager = subresource === undefined ? fieldManager : `${fieldManager}/${subresource}`;
    const result = applyFields(before.object, scope, before.ownership, manager, force);
    return this.#commit(kind, before, result.object, result.ownership, options) as Stored<T>;
  }

  async delete(kind: Kind, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    this.#arrive(options);
    const entry = this.#entry(kind, name);
    checkPreconditions(entry.object, options.preconditions ?? {});
    if (options.dryRun) return;
    const metadata = entry.object.metadata;
    if (!metadata.finalizers?.length) this.#erase(kind, entry.object);
    else if (metadata.deletionTimestamp === undefined) {
      const generation = (metadata.generation ?? 0) + 1;
      const marked = { ...metadata, deletionTimestamp: this.#timestamp(), generation };
      this.#store(kind, entry, { ...entry.object, metadata: marked }, entry.ownership);
    }
  }

  async post<Response>(path: string, body: unknown, options: CallOptions = {}): Promise<Response> {
    this.#arrive(options);
    if (!this.#options.review) throw new KubeError({ reason: 'NotFound' }, path);
    return this.#options.review(path, body) as Response;
  }

  async raw(path: string, options: CallOptions = {}): Promise<string> {
    this.#arrive(options);
    if (path === '/readyz') return 'ok';
    throw new KubeError({ reason: 'NotFound' }, path);
  }

  #arrive(options: CallOptions): void {
    if (this.#outage) throw this.#outage;
    if (options.signal?.aborted) throw new KubeError({ reason: 'Unavailable' }, 'aborted');
  }

  // Reading.

  #collection(kind: Kind): Map<string, Entry> {
    const key = kindKey(kind);
    const collection = this.#collections.get(key) ?? new Map<string, Entry>();
    this.#collections.set(key, collection);
    return collection;
  }

  #entry(kind: Kind, name: ObjectName): Entry {
    const entry = this.#collection(kind).get(objectKey(name));
    if (!entry) throw new KubeError({ reason: 'NotFound' }, `${kind.plural} ${objectKey(name)} not found`);
    return entry;
  }

  #snapshot(kind: Kind, selection: Selection): { items: Stored[]; resourceVersion: string } {
    const items = [...this.#collection(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { object }]) => object);
    return { items: items.filter((item) => selects(selection, item)), resourceVersion: String(this.#resourceVersion) };
  }

  #open(kind: Kind, { resourceVersion = '', sendInitialEvents = false, ...selection }: WatchOptions) {
    if (sendInitialEvents && resourceVersion !== '') this.#refuseFuture(resourceVersion);
    const isExact = resourceVersion !== '' && resourceVersion !== '0';
    if (isExact && !sendInitialEvents) return this.#history.openFrom(kind, selection, Number(resourceVersion));
    const end = sendInitialEvents ? this.#resourceVersion : undefined;
    return this.#history.openWith(kind, selection, this.#snapshot(kind, selection).items, end);
  }

  #refuseFuture(resourceVersion: string): void {
    if (compareResourceVersions(resourceVersion, String(this.#resourceVersion)) > 0)
      throw new KubeError({ reason: 'Gone' }, `Too large resource version: ${resourceVersion}`);
  }

  // Writing.

  /** A new object as the server completes it. */
  #born(kind: Kind, object: KubeObject): Json & Stored {
    const {
      uid: _uid,
      resourceVersion: _version,
      deletionTimestamp: _deletion,
      managedFields: _fields,
      ...metadata
    } = object.metadata;
    const fresh = { ...toJson(object) };
    if (this.#hasStatus(kind)) delete fresh['status'];
    this.#options.defaults?.(kind, fresh);
    const identity = { uid: randomUUID(), resourceVersion: '', generation: 1, creationTimestamp: this.#timestamp() };
    return { ...fresh, metadata: { ...metadata, ...identity } } as unknown as Json & Stored;
  }

  #update(kind: Kind, name: ObjectName, change: (live: Json) => Json, options: WriteOptions): Stored {
    const entry = this.#entry(kind, name);
    const wanted = change(structuredClone(entry.object));
    checkIdentity(entry.object, wanted['metadata'] as KubeObject['metadata'], options.subresource);
    const object = { ...entry.object, ...this.#scoped(kind, entry.object, wanted, options.subresource) };
    // What the writer left out is gone, in the part that it writes.
    for (const key of Object.keys(object))
      if (!(key in wanted) && this.#writes(kind, key, options.subresource)) delete object[key];
    const ownership = ownChanges(entry.object, object, entry.ownership, updater(options));
    return this.#commit(kind, entry, object, ownership, options);
  }

  #writes(kind: Kind, key: string, subresource: string | undefined): boolean {
    if (subresource === 'status') return key === 'status';
    return key !== 'status' || !this.#hasStatus(kind);
  }

  /** The part of `wanted` that a write to this (sub)resource may change; identity stays the live one. */
  #scoped(kind: Kind, live: Json & Stored, wanted: Json, subresource: string | undefined): Json {
    const scope = Object.fromEntries(Object.entries(wanted).filter(([key]) => this.#writes(kind, key, subresource)));
    if (subresource === 'status') return scope;
    const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = live.metadata;
    const identity = { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp };
    const { managedFields: _, ...metadata } = isMap(wanted['metadata']) ? wanted['metadata'] : {};
    return { ...scope, metadata: dropUndefined({ ...metadata, ...identity }) };
  }

  /** Stores what changed, ends what has lost its last finalizer, and answers with the result. */
  #commit(kind: Kind, before: Entry | undefined, object: Json, ownership: Ownership, { dryRun }: WriteOptions): Stored {
    const candidate = { ...object, metadata: withoutEmpty(object['metadata'] as Json) } as unknown as Json & Stored;
    if (before) {
      refuseNewFinalizers(before.object, candidate);
      if (isDeepStrictEqual(before.object, candidate)) {
        if (!dryRun) before.ownership = ownership;
        return structuredClone(before.object);
      }
      const specChanged = !isDeepStrictEqual(specOf(before.object), specOf(candidate));
      const generation = (before.object.metadata.generation ?? 0) + (specChanged ? 1 : 0);
      candidate.metadata = { ...candidate.metadata, generation };
    }
    refuseTooLarge(candidate);
    if (dryRun) return structuredClone(candidate);
    const stored = this.#store(kind, before, candidate, ownership);
    if (stored.metadata.deletionTimestamp !== undefined && !stored.metadata.finalizers?.length)
      this.#erase(kind, stored);
    return structuredClone(stored);
  }

  #store(kind: Kind, before: Entry | undefined, object: Json & Stored, ownership: Ownership): Json & Stored {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#resourceVersion) } };
    this.#collection(kind).set(objectKey(stored.metadata), { object: stored, ownership });
    const leaves = stored.metadata.deletionTimestamp !== undefined && !stored.metadata.finalizers?.length;
    if (!leaves) this.#record(kind, { type: before ? 'MODIFIED' : 'ADDED', object: stored, old: before?.object });
    return stored;
  }

  #erase(kind: Kind, object: Json & Stored): void {
    this.#collection(kind).delete(objectKey(object.metadata));
    const metadata = { ...object.metadata, resourceVersion: String(++this.#resourceVersion) };
    this.#record(kind, { type: 'DELETED', object: { ...object, metadata }, old: object });
  }

  #record(kind: Kind, change: RecordedChange): void {
    this.#history.record(kind, change, this.#resourceVersion);
  }

  #hasStatus(kind: Kind): boolean {
    return this.#options.hasStatus?.(kind) ?? !groupsWithoutStatus.has(kind.group);
  }

  /** Whole seconds, as metav1.Time. */
  #timestamp(): string {
    return new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

function checkPreconditions(live: Stored, { uid, resourceVersion }: { uid?: string; resourceVersion?: string }): void {
  if (uid !== undefined && uid !== live.metadata.uid)
    throw new KubeError({ reason: 'Conflict' }, `uid ${uid} was expected, it is ${live.metadata.uid}`);
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== live.metadata.resourceVersion)
    throw new KubeError(
      { reason: 'Conflict' },
      'the object has been modified; apply your changes to the latest version',
    );
}

/** A write that carries a resource version must carry the current one; a uid may not change, but status writes do not look at it. */
function checkIdentity(
  live: Stored,
  { uid, resourceVersion }: KubeObject['metadata'],
  subresource: string | undefined,
): void {
  checkPreconditions(live, resourceVersion === undefined ? {} : { resourceVersion });
  if (subresource === undefined && uid !== undefined && uid !== live.metadata.uid)
    throw new KubeError({ reason: 'Invalid' }, 'metadata.uid: field is immutable');
}

/** etcd's --max-request-bytes, whose default few installations change. */
const LARGEST_BYTES = 1.5 * 1024 * 1024;

function refuseTooLarge(object: Json): void {
  if (Buffer.byteLength(JSON.stringify(object)) > LARGEST_BYTES)
    throw new KubeError({ reason: 'TooLarge' }, 'etcdserver: request is too large');
}

function refuseNewFinalizers(before: Stored, after: Stored): void {
  if (before.metadata.deletionTimestamp === undefined) return;
  const had = new Set(before.metadata.finalizers);
  const added = (after.metadata.finalizers ?? []).filter((name) => !had.has(name));
  if (added.length > 0)
    throw new KubeError(
      { reason: 'Invalid' },
      `no new finalizers can be added if the object is being deleted: ${added.join()}`,
    );
}

/** A manager's updates and its applies are two owners: its first apply may conflict with its own create. */
function updater({ fieldManager = 'unknown', subresource = '' }: WriteOptions): string {
  return `${fieldManager} by update ${subresource}`;
}

function specOf({ metadata: _metadata, status: _status, ...rest }: Json): Json {
  return rest;
}

/** As it comes over the wire: undefined fields are not there. */
function toJson(object: unknown): Json {
  return JSON.parse(JSON.stringify(object)) as Json;
}

/** Go's `omitempty` of ObjectMeta's maps and lists. */
function withoutEmpty(metadata: Json): Json {
  return Object.fromEntries(
    Object.entries(metadata).filter(([, value]) => typeof value !== 'object' || Object.keys(value ?? {}).length > 0),
  );
}

function dropUndefined(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, child]) => child !== undefined));
}
