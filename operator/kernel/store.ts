// The local copy of all objects of one kind: read synchronously, written by a reflector only.

import { type Clock, sleep } from './clock.ts';
import {
  compareResourceVersions,
  type Kind,
  type KubeObject,
  type ObjectName,
  objectKey,
  type Stored,
} from './kind.ts';

/** Objects are frozen and without managedFields; a change is a new object. */
export interface ReadStore<T extends KubeObject = KubeObject> {
  get(namespace: string | undefined, name: string): Stored<T> | undefined;
  /** All, or those of one namespace. The same array until one of them changes. */
  list(namespace?: string): readonly Stored<T>[];
  /** Objects whose indexer gave `value`; the same array until one of them changes. @throws Error for an index nobody registered. */
  byIndex(index: string, value: string): readonly Stored<T>[];
  readonly size: number;
  /** The resource version the store has caught up with; empty before the first list. */
  readonly resourceVersion: string;
}

/** Gives the values under which an object is found, e.g. its dataset's key. */
export type Indexer<T extends KubeObject = KubeObject> = (object: Stored<T>) => readonly string[];

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

/** Some objects by key, and as a list that is made once for each state: it is read far more often than they change. */
class Shelf<T extends KubeObject> {
  readonly #objects = new Map<string, Stored<T>>();
  #list: readonly Stored<T>[] | undefined;

  get size(): number {
    return this.#objects.size;
  }

  get list(): readonly Stored<T>[] {
    return (this.#list ??= [...this.#objects.values()]);
  }

  get(key: string): Stored<T> | undefined {
    return this.#objects.get(key);
  }

  put(key: string, object: Stored<T>): void {
    this.#objects.set(key, object);
    this.#list = undefined;
  }

  drop(key: string): void {
    if (this.#objects.delete(key)) this.#list = undefined;
  }
}

export class Store<T extends KubeObject = KubeObject> implements ReadStore<T> {
  readonly #objects = new Shelf<T>();
  readonly #indexers = new Map<string, Indexer<T>>();
  readonly #indexes = new Map<string, Map<string, Shelf<T>>>();
  readonly #subscribers = new Set<(change: StoreChange<T>) => void>();
  readonly #catchingUp = new Set<() => void>();
  readonly #changes: StoreChange<T>[] = [];
  #resourceVersion = '';

  constructor() {
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
    const values = this.#indexes.get(index);
    if (!values) throw new Error(`no index ${index} is registered; it has ${[...this.#indexes.keys()].join(', ')}`);
    return values.get(value)?.list ?? NONE;
  }

  /** Before the first object comes. */
  addIndexer(name: string, indexer: Indexer<T>): void {
    if (this.#indexers.has(name) && this.#indexers.get(name) !== indexer)
      throw new Error(`index ${name} is registered twice`);
    this.#indexers.set(name, indexer);
    this.#indexes.set(name, new Map());
  }

  /** Called after each change, when the store shows it. Returns how to end it. */
  subscribe(subscriber: (change: StoreChange<T>) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** One watch event. An object made anew under its name since we last saw it is a deletion and an addition. */
  set(incoming: Stored<T>): void {
    const object = strip(incoming);
    this.#put(object);
    this.#reached(object.metadata.resourceVersion);
    this.#publish();
  }

  /** One DELETED event; `incoming` is the last state. */
  remove(incoming: Stored<T>): void {
    const old = this.#objects.get(objectKey(incoming.metadata));
    if (old?.metadata.uid === incoming.metadata.uid) this.#drop(old);
    this.#reached(incoming.metadata.resourceVersion);
    this.#publish();
  }

  /** The whole state after a list: what is missing was deleted while we did not look. */
  replace(items: readonly Stored<T>[], resourceVersion: string): void {
    const present = new Set(items.map((item) => objectKey(item.metadata)));
    for (const old of this.#objects.list) if (!present.has(objectKey(old.metadata))) this.#drop(old);
    for (const item of items) this.#put(strip(item));
    this.#reached(resourceVersion);
    this.#publish();
  }

  /** A bookmark: nothing of ours happened up to here. */
  bookmark(resourceVersion: string): void {
    this.#reached(resourceVersion);
  }

  /** Whether a read now sees this write or something later. */
  shows(write: Write): boolean {
    const object = this.get(write.namespace, write.name);
    return (
      compareResourceVersions(this.#resourceVersion, write.resourceVersion) >= 0 ||
      (object !== undefined && compareResourceVersions(object.metadata.resourceVersion, write.resourceVersion) >= 0)
    );
  }

  /** Resolves when the store shows the write, at the latest after `timeoutMs`. */
  async whenShown(write: Write, clock: Clock, timeoutMs: number): Promise<boolean> {
    if (this.shows(write)) return true;
    const shown = new AbortController();
    const check = () => {
      if (this.shows(write)) shown.abort();
    };
    this.#catchingUp.add(check);
    await sleep(clock, timeoutMs, shown.signal);
    this.#catchingUp.delete(check);
    return shown.signal.aborted;
  }

  #put(object: Stored<T>): void {
    const old = this.#objects.get(objectKey(object.metadata));
    if (old && old.metadata.uid !== object.metadata.uid) {
      this.#drop(old);
      this.#put(object);
      return;
    }
    if (old?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    if (old) this.#unindex(old);
    this.#objects.put(objectKey(object.metadata), object);
    this.#index(object);
    this.#changes.push(old ? { type: 'updated', object, old } : { type: 'added', object });
  }

  #drop(object: Stored<T>): void {
    this.#objects.drop(objectKey(object.metadata));
    this.#unindex(object);
    this.#changes.push({ type: 'deleted', object });
  }

  #index(object: Stored<T>): void {
    for (const [name, indexer] of this.#indexers) {
      const values = this.#indexes.get(name);
      for (const value of indexer(object)) {
        const shelf = values?.get(value) ?? new Shelf<T>();
        shelf.put(objectKey(object.metadata), object);
        values?.set(value, shelf);
      }
    }
  }

  #unindex(object: Stored<T>): void {
    for (const [name, indexer] of this.#indexers) {
      const values = this.#indexes.get(name);
      for (const value of indexer(object)) {
        const shelf = values?.get(value);
        shelf?.drop(objectKey(object.metadata));
        if (shelf?.size === 0) values?.delete(value);
      }
    }
  }

  /** After the whole change: a subscriber that reads the store never sees half a list. */
  #publish(): void {
    for (const change of this.#changes.splice(0)) for (const subscriber of this.#subscribers) subscriber(change);
  }

  #reached(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    for (const check of this.#catchingUp) check();
  }
}

/** Drops managedFields (a third of an object's size) and freezes the rest: a store is shared by all readers. */
function strip<T extends KubeObject>(object: Stored<T>): Stored<T> {
  delete object.metadata.managedFields;
  return deepFreeze(object);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
