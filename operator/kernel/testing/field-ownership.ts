// Server-side apply on plain objects: who owns which field, conflicts, removal of what is no longer applied.
// Simplified: lists are atomic (as in our CRDs) except finalizers, which are a set. Keys of maps are fields of their own.

import { isDeepStrictEqual } from 'node:util';
import { KubeError } from '../client/kube-api.ts';
import { isMap, type Json } from '../json.ts';

/** `manager` with its operation and subresource, which own apart on the server. */
type Manager = string;
/** Keys from the root, as JSON: `["spec","owner"]`; a finalizer is `["metadata","finalizers","<its name>"]`. */
type Path = string;

export type Ownership = Map<Manager, Set<Path>>;

/**
 * The object after `manager` applied `fields`, and the ownership after it.
 * @throws KubeError Conflict when others own a field with another value and `force` is not set
 */
export function applyFields(
  live: Json,
  fields: Json,
  ownership: Ownership,
  manager: Manager,
  force: boolean,
): { object: Json; ownership: Ownership } {
  const applied = leaves(fields);
  const changed = [...applied].filter(([path, value]) => !shows(live, path, value));
  const conflicts = changed.flatMap(([path]) => ownersOf(ownership, path, manager).map((owner) => `${owner}: ${path}`));
  if (conflicts.length > 0 && !force)
    throw new KubeError({ reason: 'Conflict' }, `conflicts with ${conflicts.join('; ')}`);

  const object = structuredClone(live);
  for (const path of ownership.get(manager) ?? [])
    if (!applied.has(path) && ownersOf(ownership, path, manager).length === 0) write(object, keysOf(path), undefined);
  for (const [path, value] of applied) if (!shows(object, path, value)) write(object, keysOf(path), value);

  const after = withoutPaths(
    ownership,
    changed.map(([path]) => path),
  );
  after.set(manager, new Set(applied.keys()));
  return { object, ownership: after };
}

/** After an ordinary write (PUT, PATCH, POST): the writer owns what it changed, nobody owns what is gone. */
export function ownChanges(before: Json, after: Json, ownership: Ownership, manager: Manager): Ownership {
  const was = leaves(before);
  const is = leaves(after);
  const changed = [...is].filter(([path, value]) => !isDeepStrictEqual(was.get(path), value)).map(([path]) => path);
  const gone = [...was.keys()].filter((path) => !is.has(path));
  const result = withoutPaths(ownership, [...changed, ...gone]);
  result.set(manager, new Set([...(result.get(manager) ?? []), ...changed]));
  return result;
}

const identity = new Set(
  [
    ['apiVersion'],
    ['kind'],
    ...['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'].map(
      (key) => ['metadata', key],
    ),
  ].map((keys) => JSON.stringify(keys)),
);
const finalizers = JSON.stringify(['metadata', 'finalizers']);

/** Scalars, lists and empty maps, by path; identity belongs to nobody. */
function leaves(value: Json): Map<Path, unknown> {
  const found = new Map<Path, unknown>();
  const visit = (node: unknown, keys: readonly string[]) => {
    const path = JSON.stringify(keys);
    if (identity.has(path) || node === undefined) return;
    if (path === finalizers) for (const name of node as string[]) found.set(JSON.stringify([...keys, name]), name);
    else if (isMap(node) && Object.keys(node).length > 0)
      for (const [key, child] of Object.entries(node)) visit(child, [...keys, key]);
    else if (keys.length > 0) found.set(path, node);
  };
  visit(value, []);
  return found;
}

function keysOf(path: Path): string[] {
  return JSON.parse(path) as string[];
}

/** An empty map asks for a map, whatever is in it. */
function shows(object: Json, path: Path, value: unknown): boolean {
  const present = read(object, keysOf(path));
  return isMap(value) ? isMap(present) : isDeepStrictEqual(present, value);
}

function read(object: Json, keys: readonly string[]): unknown {
  let node: unknown = object;
  for (const key of keys) {
    if (Array.isArray(node)) return node.includes(key) ? key : undefined;
    if (!isMap(node)) return undefined;
    node = node[key];
  }
  return node;
}

/** `undefined` removes, and with it the maps that become empty. */
function write(node: Json, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (key === 'finalizers' && rest.length === 1 && typeof rest[0] === 'string') {
    const others = ((node[key] as string[] | undefined) ?? []).filter((name) => name !== rest[0]);
    node[key] = value === undefined ? others : [...others, rest[0]];
    if ((node[key] as string[]).length === 0) delete node[key];
  } else if (rest.length === 0) {
    if (value === undefined) delete node[key];
    else node[key] = structuredClone(value);
  } else {
    const existing = node[key];
    if (!isMap(existing) && value === undefined) return;
    const child = isMap(existing) ? existing : {};
    node[key] = child;
    write(child, rest, value);
    if (value === undefined && Object.keys(child).length === 0) delete node[key];
  }
}

function ownersOf(ownership: Ownership, path: Path, except: Manager): Manager[] {
  return [...ownership].filter(([manager, paths]) => manager !== except && paths.has(path)).map(([manager]) => manager);
}

function withoutPaths(ownership: Ownership, paths: readonly Path[]): Ownership {
  const removed = new Set(paths);
  return new Map(
    [...ownership].map(([manager, owned]) => [manager, new Set([...owned].filter((path) => !removed.has(path)))]),
  );
}
