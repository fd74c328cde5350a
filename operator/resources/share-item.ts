// What a request asks for and an approval consents to: items and permissions, written alike in both.

import { z } from 'zod';
import { catalogNameIf, filterName, glueName } from './fields.ts';
import { keyedList, set } from './schema.ts';

export const itemKinds = ['Table', 'Folder', 'Bucket'] as const;
export const sharePermissions = ['Read', 'Write', 'Modify'] as const;
/** Kinds of objects (in the consumer's namespace) that can be given access. */
export const principalKinds = ['Team', 'ConsumptionRole'] as const;

/** So that a status with one entry an item fits an object (api.md, Status size). */
export const MAX_ITEMS = 500;
/** Lake Formation takes at most 10 filters in one grant, https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html */
const MAX_FILTERS = 10;

const shareItem = z
  .object({
    kind: z.enum(itemKinds).describe('Table, Folder or Bucket.'),
    name: glueName('an item name').describe(
      "Table name, folder name as in the Dataset, or the Dataset's status.bucket.",
    ),
    filters: set(filterName(), { max: MAX_FILTERS, nonEmpty: 'leave filters out for the whole table, or name one' })
      .optional()
      .describe(
        'Names of data filters of a table, at most 10. Unset means the whole table; several show what any of them shows.',
      ),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: `!has(self.filters) || self.kind == 'Table'`,
        message: 'only a Table has filters: remove filters, or share a table instead of a folder or bucket',
        fieldPath: '.filters',
      },
      catalogNameIf(`self.kind == 'Table'`),
    ],
  });

export const shareItems = () =>
  keyedList(shareItem, ['kind', 'name'], { max: MAX_ITEMS, nonEmpty: 'list at least one table, folder or bucket' });

export const permissionSet = () =>
  set(z.enum(sharePermissions), {
    max: sharePermissions.length,
    nonEmpty: 'name at least one of Read, Write and Modify',
  });

export type ShareItem = z.output<typeof shareItem>;
export type ItemKind = (typeof itemKinds)[number];
export type SharePermission = (typeof sharePermissions)[number];
export type PrincipalKind = (typeof principalKinds)[number];
