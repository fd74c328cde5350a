// Objects as rows that are ready to be written: projected, seen by groups with numbers, with a digest of it all. Pure but for the numbers.

import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import { numberGroups } from './identity-groups.ts';
import type { ProjectedObject } from './object-columns.ts';
import type { Children, Projection } from './projection.ts';

/** What is written of one object. */
export interface ObjectRows {
  readonly table: Projection['table'];
  readonly row: Readonly<Record<string, unknown>> & {
    readonly uid: string;
    readonly uri: string;
    readonly digest: string;
  };
  readonly children: readonly Children[];
}

/** An object as it is to be written, but for the numbers of the groups. */
export interface Projected {
  readonly object: ProjectedObject;
  readonly row: Readonly<Record<string, unknown>> & { readonly uid: string; readonly uri: string };
  readonly viewers: readonly string[];
  readonly children: readonly Children[];
  /** Changes with everything that is written, and with nothing else: not with numbers of groups either. */
  readonly digest: string;
  /** About how many bytes are written. */
  readonly size: number;
}

/** Before the groups have numbers: what the object says. */
export function projected(projection: Projection, given: ProjectedObject, viewers: readonly string[]): Projected {
  // Until the operator has seen it, an object may have no status.
  const object = { ...given, status: (given.status as ProjectedObject['status'] | undefined) ?? {} };
  const row = projection.row(object) as Projected['row'];
  const children = projection.children?.(object) ?? [];
  const text = toJson([row, viewers, children]);
  const digest = createHash('sha256').update(text).digest('base64url');
  return { object, row, viewers, children, digest, size: text.length };
}

/** @param all of one kind */
export async function numbered(
  database: Database,
  projection: Projection,
  all: readonly Projected[],
): Promise<readonly ObjectRows[]> {
  const numbers = await numberGroups(
    database,
    all.flatMap(({ viewers }) => viewers.map(storable)),
  );
  return all.map((one) => ({
    table: projection.table,
    row: {
      ...one.row,
      viewers: one.viewers.map((name) => numbers.get(storable(name))),
      digest: one.digest,
    },
    children: one.children,
  }));
}

/** JSON that PostgreSQL takes: it knows no character 0 and no halves of characters, which people can write into descriptions. */
export const toJson = (value: unknown): string => {
  const text = JSON.stringify(value);
  return REFUSED.test(text)
    ? JSON.stringify(value, (_, child: unknown) => (typeof child === 'string' ? storable(child) : child))
    : text;
};

/** As JSON.stringify writes them. Whoever wrote such letters as text is looked at for nothing. */
const REFUSED = /\\u(?:0000|d[89a-f])/;

const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
