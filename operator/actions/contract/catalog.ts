// Tables and columns of a dataset's Glue database, as a snapshot that clients keep: an answer with the ETag they have is a 304.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

/** Tables of one snapshot; what is beyond them is counted as not complete. */
export const MAX_TABLES = 10_000;
/** Columns of one table that are told. */
export const MAX_COLUMNS = 2_000;
export const MAX_PAGE = 1_000;

const column = z.object({ name: z.string(), type: z.string(), comment: z.string().optional() });

export const catalogTable = z.object({
  name: z.string(),
  /** `EXTERNAL_TABLE`, `VIRTUAL_VIEW`... */
  type: z.string().optional(),
  description: z.string().optional(),
  /** e.g. `s3://bucket/prefix/` */
  location: z.string().optional(),
  columns: z.array(column),
  partitionKeys: z.array(column),
  /** How many columns are left out. */
  columnsOmitted: z.int().optional(),
  /** RFC 3339, as Glue says. */
  updatedAt: z.string().optional(),
});

export type CatalogTable = z.output<typeof catalogTable>;

export const catalogRoute = defineRoute({
  name: 'catalog',
  method: 'GET',
  on: ['datasets'],
  verb: verbs.catalog,
  input: z.strictObject({
    /** Most tables of this page; it ends earlier where it would be large. */
    limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
    /** `next` of the page before. */
    after: z.string().max(255).optional(),
    /** ETag of the page before, with `after`: `changed` where the catalogue is another by now. */
    snapshot: z.string().max(128).optional(),
  }),
  answer: z.object({
    database: z.object({ name: z.string(), description: z.string().optional() }),
    /** When it was read from Glue, RFC 3339. */
    readAt: z.string(),
    /** Tables of the snapshot, on all pages. */
    total: z.int(),
    /** False where Glue has more than {@link MAX_TABLES}. */
    complete: z.boolean(),
    /** Those of this page, by name. Tables whose data lies outside of the dataset's bucket, and links to others, are not of it. */
    tables: z.array(catalogTable),
    /** Name of the last one, where there are more. */
    next: z.string().optional(),
  }),
});
