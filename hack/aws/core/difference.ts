// Structural differences between two values of plain data.
import type { Difference } from './world.ts';

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The children of a container by name; undefined for a leaf. Map entries, list items and set members all become named children. */
const childrenOf = (value: unknown): Map<string, unknown> | undefined => {
  if (value instanceof Map) return new Map([...value].map(([key, child]) => [String(key), child]));
  if (value instanceof Set) return new Map([...value].map((member) => [String(member), member]));
  if (Array.isArray(value)) return new Map(value.map((child, index) => [String(index), child as unknown]));
  if (isPlain(value)) return new Map(Object.entries(value));
  return undefined;
};

const sameLeaf = (a: unknown, b: unknown): boolean => {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(a, b);
};

const collect = (path: string, before: unknown, after: unknown, into: Difference[]): void => {
  const [left, right] = [childrenOf(before), childrenOf(after)];
  if (left === undefined || right === undefined) {
    if (!sameLeaf(before, after)) into.push({ path, before, after });
    return;
  }
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    collect(path === '' ? name : `${path}/${name}`, left.get(name), right.get(name), into);
  }
};

/** Leaves that differ, and whole containers that exist on one side only, sorted by path. A container that is empty equals an absent one. */
export const differencesOf = (before: unknown, after: unknown): readonly Difference[] => {
  const found: Difference[] = [];
  collect('', before, after, found);
  return found
    .filter((difference) => !(isEmpty(difference.before) && isEmpty(difference.after)))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
};

/** State that is made at first use must not look like a change: `{roles: Map(0)}` is as empty as no state. */
const isEmpty = (value: unknown): boolean => {
  if (value === undefined) return true;
  const children = childrenOf(value);
  return children !== undefined && [...children.values()].every(isEmpty);
};
