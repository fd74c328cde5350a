// The local copy of all objects of one kind: read synchronously, written by a reflector only.

import { isDeepStrictEqual } from 'node:util';
import { type Clock, sleep } from '../clock.ts';
import { IndexedObjects, type Indexer } from './indexed-objects.ts';
import {
  compareResourceVersions,
  type Kind,
  type KubeObject,
  type ObjectName,
  objectKey,
  type Stored,
} from '../kind.ts';
import { Turns } from '../turns.ts';

/** What is kept of an object that was read; it may change it. As client-go's cache.TransformFunc. */
export type Transform<T extends KubeObject = KubeObject> = (object: Stored<T>) => Stored<T>;

/** Objects are frozen and, unless a transform says otherwise, without managedFields and what `kubectl apply` notes down; a change is a new object, with the same `spec` if that has not changed. */
export interface ReadStore<T extends KubeObject = KubeObject> {
  get(namespace: string | undefined, name: string): Stored<T> | undefined;
  /** All, or those of one namespace. The same array until one of them changes, or all are listed anew. */
  list(namespace?: string): readonly Stored<T>[];
  /** Objects whose indexer gave `value`; the same array as above. @throws Error for an index nobody registered. */
  byIndex(index: string, value: string): readonly Stored<T>[];
  readonly size: number;
  /** The resource version the store has caught up with; empty before the first list. */
  readonly resourceVersion: string;
}

export interface Stores {
  /** @throws Error for a kind that is neither cached nor a source. */
  get<T extends KubeObject>(kind: Kind<T>): ReadStore<T>;
}

export type StoreChange<T extends KubeObject = KubeObject> =
  | { type: 'added'; object: Stored<T> }
  | { type: 'updated'; object: Stored<T>; old: Stored<T> }
  | { type: 'deleted'; object: Stored<T> };

/** A write of ours that a reader may want to see before going on. */
export interface Write extends ObjectName {
  uid: string;
  resourceVersion: string;
}

const byNamespace = 'namespace';
const NONE: readonly never[] = Object.freeze([]);

/** Objects of a list that are looked at in one turn of the event loop. */
const objectsATurn = 100;
/** Changes that are told in one turn: they come by thousands, and each is told to every controller. */
export const changesATurn = 20;

export class Store<T extends KubeObject = KubeObject> implements ReadStore<T> {
  readonly #indexers = new Map<string, Indexer<T>>();
  #objects = new IndexedObjects<T>(this.#indexers);
  readonly #subscribers = new Set<(change: StoreChange<T>) => void>();
  readonly #waiting = new Set<() => void>();
  #resourceVersion = '';
  readonly #transform: Transform<T>;

  /** @param transform what is kept of an object */
  constructor(transform: Transform<T> = withoutWriteRecords) {
    this.#transform = transform;
    this.addIndexer(byNamespace, (object) => [object.metadata.namespace ?? '']);
  }

  get size(): number {
    return this.#objects.size;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  get(namespace: string | undefined, name: string): Stored<T> | undefined {
    return this.#objects.get(objectKey({ namespace, name }));
  }

  list(namespace?: string): readonly Stored<T>[] {
    return namespace === undefined ? this.#objects.list : this.byIndex(byNamespace, namespace);
  }

  byIndex(index: string, value: string): readonly Stored<T>[] {
    if (!this.#indexers.has(index))
      throw new Error(`no index ${index} is registered; it has ${[...this.#indexers.keys()].join(', ')}`);
    return this.#objects.byIndex(index, value) ?? NONE;
  }

  /** Before the first object comes. */
  addIndexer(name: string, indexer: Indexer<T>): void {
    if (this.#indexers.has(name) && this.#indexers.get(name) !== indexer)
      throw new Error(`index ${name} is registered twice`);
    this.#indexers.set(name, indexer);
  }

  /** Called after each change, when the store shows it. Returns how to end it. */
  subscribe(subscriber: (change: StoreChange<T>) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** One watch event. An object made anew under its name since we last saw it is a deletion and an addition. */
  set(incoming: Stored<T>): void {
    const old = this.#objects.get(objectKey(incoming.metadata));
    const object = this.#kept(incoming, old);
    const changes = changesOf(old, object);
    if (changes.length > 0) this.#objects.put(object);
    this.#advanceTo(object.metadata.resourceVersion);
    for (const change of changes) this.#notify(change);
  }

  /** One DELETED event; `incoming` is the last state. */
  remove(incoming: Stored<T>): void {
    const old = this.#objects.get(objectKey(incoming.metadata));
    const isIt = old?.metadata.uid === incoming.metadata.uid;
    if (old && isIt) this.#objects.drop(old);
    this.#advanceTo(incoming.metadata.resourceVersion);
    if (old && isIt) this.#notify({ type: 'deleted', object: old });
  }

  /**
   * The whole state after a list: what is missing was deleted while we did not look. It is made aside, in turns of the event loop, and shown
   * at once; what changed is then told in turns. Nothing else may be written meanwhile.
   */
  async replace(items: readonly Stored<T>[], resourceVersion: string): Promise<void> {
    const before = this.#objects;
    const after = new IndexedObjects<T>(this.#indexers);
    const gone: StoreChange<T>[] = [];
    const changes: StoreChange<T>[] = [];
    const turns = new Turns(objectsATurn, 'news');
    for (const item of items) {
      const old = before.get(objectKey(item.metadata));
      const object = old !== undefined && isSame(old, item) ? old : this.#kept(item, old);
      after.put(object);
      changes.push(...changesOf(old, object));
      await turns.piece();
    }
    for (const old of before.list) {
      if (after.get(objectKey(old.metadata)) === undefined) gone.push({ type: 'deleted', object: old });
      await turns.piece();
    }
    this.#objects = after;
    this.#advanceTo(resourceVersion);
    const tellings = new Turns(changesATurn, 'news');
    for (const change of [...gone, ...changes]) {
      this.#notify(change);
      await tellings.piece();
    }
  }

  /** A bookmark: nothing of ours happened up to here. */
  bookmark(resourceVersion: string): void {
    this.#advanceTo(resourceVersion);
  }

  /** Whether a read now sees this write or something later. */
  hasObserved(write: Write): boolean {
    const object = this.get(write.namespace, write.name);
    return (
      compareResourceVersions(this.#resourceVersion, write.resourceVersion) >= 0 ||
      (object !== undefined && compareResourceVersions(object.metadata.resourceVersion, write.resourceVersion) >= 0)
    );
  }

  /** Resolves when the store shows the write, at the latest after `timeoutMs`. */
  async waitUntilObserved(write: Write, clock: Clock, timeoutMs: number): Promise<boolean> {
    if (this.hasObserved(write)) return true;
    const shown = new AbortController();
    const check = () => {
      if (this.hasObserved(write)) shown.abort();
    };
    this.#waiting.add(check);
    await sleep(clock, timeoutMs, shown.signal);
    this.#waiting.delete(check);
    return shown.signal.aborted;
  }

  /** Frozen, because a store is shared by all readers. */
  #kept(incoming: Stored<T>, old: Stored<T> | undefined): Stored<T> {
    return deepFreeze(withSpecOf(old, this.#transform(incoming)));
  }

  #notify(change: StoreChange<T>): void {
    for (const subscriber of this.#subscribers) subscriber(change);
  }

  #advanceTo(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    for (const check of this.#waiting) check();
  }
}

const isSame = <T extends KubeObject>(one: Stored<T>, other: Stored<T>): boolean =>
  one.metadata.uid === other.metadata.uid && one.metadata.resourceVersion === other.metadata.resourceVersion;

const changesOf = <T extends KubeObject>(old: Stored<T> | undefined, object: Stored<T>): readonly StoreChange<T>[] => {
  if (old === undefined) return [{ type: 'added', object }];
  if (old.metadata.uid !== object.metadata.uid)
    return [
      { type: 'deleted', object: old },
      { type: 'added', object },
    ];
  return isSame(old, object) ? [] : [{ type: 'updated', object, old }];
};

/** A spec that has not changed stays the same object, whatever is written in the status: what follows from it is found out once. */
const withSpecOf = <T extends KubeObject & { spec?: unknown }>(
  old: Stored<T> | undefined,
  object: Stored<T>,
): Stored<T> => {
  const isIt = old !== undefined && old.metadata.uid === object.metadata.uid;
  return isIt && isDeepStrictEqual(old.spec, object.spec) ? { ...object, spec: old.spec } : object;
};

/** Where `kubectl apply` keeps the manifest, spec and all. https://kubernetes.io/docs/reference/labels-annotations-taints/ */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What others note down about their writes is more than half of an object, and nothing to us. */
function withoutWriteRecords<T extends KubeObject>(object: Stored<T>): Stored<T> {
  const { metadata } = object;
  delete metadata.managedFields;
  if (metadata.annotations) delete metadata.annotations[LAST_APPLIED];
  return object;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
