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

/** What a list is to be ordered by, each field once: said again it would change nothing, and cost. */
export function sortsOf<Sort extends { readonly field?: unknown }>(
  sort: readonly (Sort | null | undefined)[] | null | undefined,
): Sort[] {
  const seen = new Set<unknown>();
  return (sort ?? []).flatMap((one) => {
    if (one === null || one === undefined || seen.has(one.field)) return [];
    seen.add(one.field);
    return [one];
  });
}

/** @param query ordered by something unique, or pages would overlap */
export async function pageOf<Node>(
  database: Database,
  query: Listing<Node>,
  request: PageRequest | null | undefined,
): Promise<Page<Node>> {
  const { page, pageSize } = pageAsked(request);
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

/**
 * A page each of the lists of many owners, in two statements for all of them.
 * @param query unordered; its rows have `name` and `id`, by which they are ordered
 * @param key column of whom a row is
 */
export async function pagesOf<Key extends string, Node extends Readonly<Record<Key, string>>>(
  database: Database,
  query: Expression<Node>,
  key: Key,
  owners: readonly string[],
  request: PageRequest | null | undefined,
): Promise<Page<Node>[]> {
  const { page, pageSize } = pageAsked(request);
  const column = sql.ref(key);
  const [{ rows }, counted] = await Promise.all([
    sql<Node>`
      select * from (
        select listed.*, row_number() over (partition by ${column} order by name, id) as position from (${query}) as listed
      ) as numbered
      where position > ${(page - 1) * pageSize} and position <= ${page * pageSize}
      order by position`.execute(database),
    sql<{ key: string; count: number }>`
      select ${column} as key, count(*)::int as count from (${query}) as listed group by 1`.execute(database),
  ]);
  const nodes = Map.groupBy(rows, (row): string => row[key]);
  const counts = new Map(counted.rows.map((one) => [one.key, one.count]));
  return owners.map((owner) => numbered(nodes.get(owner) ?? [], counts.get(owner) ?? 0, page, pageSize));
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

function pageAsked(request: PageRequest | null | undefined): { readonly page: number; readonly pageSize: number } {
  const pageSize = clamp(request?.pageSize ?? DEFAULT_SIZE, 1, MAX_SIZE);
  return { pageSize, page: clamp(request?.page ?? 1, 1, Math.floor(MAX_OFFSET / pageSize) + 1) };
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(Math.trunc(value), min), max);
