// One page of a list, as data.all's clients know it.

import { sql, type Expression } from 'kysely';
import type { Database } from './database.ts';

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

/** A query of Kysely's, as far as pages need it. */
interface Listing<Node> extends Expression<Node> {
  limit(count: number): Listing<Node>;
  offset(count: number): Listing<Node>;
  clearOrderBy(): Expression<Node>;
  execute(): Promise<Node[]>;
}

/** @param query ordered by something unique, or pages would overlap */
export async function pageOf<Node>(
  database: Database,
  query: Listing<Node>,
  request: PageRequest | null | undefined,
): Promise<Page<Node>> {
  const pageSize = clamp(request?.pageSize ?? DEFAULT_SIZE, 1, MAX_SIZE);
  const page = clamp(request?.page ?? 1, 1, Math.floor(MAX_OFFSET / pageSize) + 1);
  const counted = sql<{ count: string }>`select count(*) from (${query.clearOrderBy()}) as matching`;
  const [nodes, { rows }] = await Promise.all([
    query
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
    counted.execute(database),
  ]);
  return numbered(nodes, Number(rows[0]?.count ?? 0), page, pageSize);
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
