// One page of a list, as data.all's clients know it.

import type { SelectQueryBuilder } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Which page: numbers from 1. */
export interface PageRequest {
  readonly page?: number | null | undefined;
  readonly pageSize?: number | null | undefined;
}

export interface Page<Node> {
  /** On all pages. */
  readonly count: number;
  readonly page: number;
  readonly pageSize: number;
  readonly pages: number;
  readonly nextPage: number;
  readonly previousPage: number;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly nodes: Node[];
}

const DEFAULT_SIZE = 10;
const MAX_SIZE = 500;
/** Further pages are for programs, which filter instead: skipping rows costs the database each of them. */
const MAX_OFFSET = 100_000;

/** @param query ordered by something unique, or pages would overlap */
export async function pageOf<Node>(
  database: Database,
  query: SelectQueryBuilder<Tables, keyof Tables, Node>,
  request: PageRequest | null | undefined,
): Promise<Page<Node>> {
  const pageSize = clamp(request?.pageSize ?? DEFAULT_SIZE, 1, MAX_SIZE);
  const page = clamp(request?.page ?? 1, 1, Math.floor(MAX_OFFSET / pageSize) + 1);
  const [nodes, total] = await Promise.all([
    query
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
    database
      .selectFrom(query.clearOrderBy().as('matching'))
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow(),
  ]);
  return numbered(nodes, Number(total.count), page, pageSize);
}

/** A page of what is in memory. */
export function pageOfAll<Node>(all: readonly Node[], request: PageRequest | null | undefined): Page<Node> {
  const pageSize = clamp(request?.pageSize ?? DEFAULT_SIZE, 1, MAX_SIZE);
  const page = clamp(request?.page ?? 1, 1, Number.MAX_SAFE_INTEGER);
  return numbered(all.slice((page - 1) * pageSize, page * pageSize), all.length, page, pageSize);
}

function numbered<Node>(nodes: Node[], count: number, page: number, pageSize: number): Page<Node> {
  const pages = Math.ceil(count / pageSize);
  return {
    count,
    page,
    pageSize,
    pages,
    nextPage: page < pages ? page + 1 : page,
    previousPage: page > 1 ? page - 1 : page,
    hasNext: page < pages,
    hasPrevious: page > 1,
    nodes,
  };
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(Math.trunc(value), min), max);
