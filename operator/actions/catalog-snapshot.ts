// What Glue has of one dataset, read once and kept as the JSON that is sent: pages of it cost nothing but their bytes.

import { createHash } from 'node:crypto';
import { strayLocation } from '../access/table-location.ts';
import type { AccountAws } from '../aws/account.ts';
import type { GlueTable } from '../aws/services/glue.ts';
import { MAX_COLUMNS, MAX_TABLES, type CatalogTable } from './contract/catalog.ts';

export interface CatalogSnapshot {
  /** Weak: of what the tables are, not of when they were read. */
  readonly etag: string;
  readonly database: { readonly name: string; readonly description?: string };
  /** RFC 3339. */
  readonly readAt: string;
  readonly complete: boolean;
  /** By name. */
  readonly tables: readonly { readonly name: string; readonly json: string }[];
  readonly bytes: number;
}

/** One GetDatabase, and a GetTables for each 100 tables. @returns undefined if there is no such database */
export const readCatalog = async (
  { glue }: Pick<AccountAws, 'glue'>,
  { database, bucket }: { readonly database: string; readonly bucket: string },
  now: () => number,
): Promise<CatalogSnapshot | undefined> => {
  const found = await glue.database(database);
  if (found === undefined) return undefined;
  const readAt = new Date(now()).toISOString();
  const all: GlueTable[] = [];
  let complete = true;
  for await (const page of glue.tablePages(database)) {
    all.push(...page);
    complete = all.length <= MAX_TABLES;
    if (!complete) break;
  }
  const tables = all
    .slice(0, MAX_TABLES)
    .filter((table) => table.target === undefined && strayLocation(table, [bucket]) === undefined)
    .map((table) => ({ name: table.name, json: JSON.stringify(told(table)) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const about = { name: database, ...(found.description !== undefined && { description: found.description }) };
  const hash = createHash('sha256').update(JSON.stringify([about, complete]));
  let bytes = 0;
  for (const { json } of tables) {
    hash.update(json).update('\n');
    bytes += json.length;
  }
  return { etag: `W/"${hash.digest('base64url')}"`, database: about, readAt, complete, tables, bytes };
};

const told = ({ name, type, description, location, columns, partitionKeys, updatedAt }: GlueTable): CatalogTable => ({
  name,
  type,
  description,
  location,
  columns: columns.slice(0, MAX_COLUMNS),
  partitionKeys: [...partitionKeys],
  ...(columns.length > MAX_COLUMNS && { columnsOmitted: columns.length - MAX_COLUMNS }),
  updatedAt: updatedAt?.toISOString(),
});

/** Characters of a page, beside its first table: an answer is made at once and whole. */
const PAGE_LENGTH = 2_000_000;

/** @param after name of the last table before */
export const pageOf = (
  { database, readAt, complete, tables }: CatalogSnapshot,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): string => {
  const first = after === undefined ? 0 : tables.findIndex(({ name }) => name > after);
  const page: string[] = [];
  let length = 0;
  let next: string | undefined;
  if (first >= 0)
    for (const { name, json } of tables.slice(first, first + limit)) {
      if (page.length > 0 && length + json.length > PAGE_LENGTH) break;
      page.push(json);
      length += json.length;
      next = name;
    }
  const isLast = next === undefined || tables.at(-1)?.name === next;
  const head = JSON.stringify({ database, readAt, total: tables.length, complete, ...(!isLast && { next }) });
  return `${head.slice(0, -1)},"tables":[${page.join(',')}]}`;
};
