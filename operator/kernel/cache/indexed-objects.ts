// Objects of one kind by key and by what their indexers say: one state of a store.

import { type KubeObject, objectKey, type Stored } from '../kind.ts';

/** Gives the few values under which an object is found, e.g. its dataset's key: it is asked anew at every write of the object. */
export type Indexer<T extends KubeObject = KubeObject> = (object: Stored<T>) => readonly string[];

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

export class IndexedObjects<T extends KubeObject> {
  readonly #indexers: ReadonlyMap<string, Indexer<T>>;
  readonly #objects = new Shelf<T>();
  /** By index and value. */
  readonly #shelves = new Map<string, Map<string, Shelf<T>>>();

  /** @param indexers to which more may come until the first object does */
  constructor(indexers: ReadonlyMap<string, Indexer<T>>) {
    this.#indexers = indexers;
  }

  get size(): number {
    return this.#objects.size;
  }

  get list(): readonly Stored<T>[] {
    return this.#objects.list;
  }

  get(key: string): Stored<T> | undefined {
    return this.#objects.get(key);
  }

  byIndex(index: string, value: string): readonly Stored<T>[] | undefined {
    return this.#shelves.get(index)?.get(value)?.list;
  }

  /**
   * Where it is found stays as it is, but for what is another: of what is written all the time most stays, and taking a value out of a
   * large index and putting it back has the whole of it copied every now and then.
   */
  put(object: Stored<T>): void {
    const key = objectKey(object.metadata);
    const old = this.#objects.get(key);
    this.#objects.put(key, object);
    for (const [index, indexer] of this.#indexers) {
      const values = indexer(object);
      if (old) this.#unindex(key, index, indexer(old), values);
      for (const value of values) this.#shelf(index, value).put(key, object);
    }
  }

  drop(object: Stored<T>): void {
    const key = objectKey(object.metadata);
    this.#objects.drop(key);
    for (const [index, indexer] of this.#indexers) this.#unindex(key, index, indexer(object), []);
  }

  #shelf(index: string, value: string): Shelf<T> {
    let shelves = this.#shelves.get(index);
    if (shelves === undefined) this.#shelves.set(index, (shelves = new Map()));
    let shelf = shelves.get(value);
    if (shelf === undefined) shelves.set(value, (shelf = new Shelf()));
    return shelf;
  }

  #unindex(key: string, index: string, values: readonly string[], kept: readonly string[]): void {
    const shelves = this.#shelves.get(index);
    for (const value of values) {
      if (kept.includes(value)) continue;
      const shelf = shelves?.get(value);
      shelf?.drop(key);
      if (shelf?.size === 0) shelves?.delete(value);
    }
  }
}
