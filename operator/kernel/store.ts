// The local copy of all objects of one kind: read synchronously, written by a reflector only.

import type { Kind, KubeObject, Stored } from './kind.ts';

/** Objects are frozen and without managedFields; a change is a new object. */
export interface ReadStore<T extends KubeObject = KubeObject> {
  get(namespace: string | undefined, name: string): Stored<T> | undefined;
  /** All, or those of one namespace. */
  list(namespace?: string): readonly Stored<T>[];
  /** Objects whose indexer gave `value`. @throws Error for an index nobody registered. */
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
