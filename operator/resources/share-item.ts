// What a request asks for and an approval consents to: items and permissions, written alike in both.

import { z } from 'zod';
import { catalogNameIf, filterName, glueName, prose } from './fields.ts';
import type { CelRule } from './kind.ts';
import { deadline, keyedList, set, withRules } from './schema.ts';

export const itemKinds = ['Table', 'Folder', 'Bucket'] as const;
export const sharePermissions = ['Read', 'Write', 'Modify'] as const;
/** Kinds of objects (in the consumer's namespace) that can be given access. */
export const principalKinds = ['Team', 'ConsumptionRole'] as const;

/** So that a status with one entry an item fits an object (api.md, Status size). */
export const MAX_ITEMS = 500;
/** Lake Formation takes at most 10 filters in one grant, https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html */
const MAX_FILTERS = 10;

const identity = {
  kind: z.enum(itemKinds).describe('Table, Folder or Bucket.'),
  name: glueName('an item name').describe("Table name, folder name as in the Dataset, or the Dataset's status.bucket."),
};

const filtered = {
  ...identity,
  filters: set(filterName(), { max: MAX_FILTERS, nonEmpty: 'leave filters out for the whole table, or name one' })
    .optional()
    .describe(
      'Names of data filters of a table, at most 10. Unset means the whole table; several show what any of them shows.',
    ),
};

const ofCatalog = catalogNameIf(`self.kind == 'Table'`);
const rulesOfFilters: readonly CelRule[] = [
  {
    rule: `!has(self.filters) || self.kind == 'Table'`,
    message: 'only a Table has filters: remove filters, or share a table instead of a folder or bucket',
    fieldPath: '.filters',
  },
  ofCatalog,
];

const shareItem = withRules(z.object(filtered), rulesOfFilters);

/** What is asked for. */
const askedItem = withRules(
  z.object({
    ...filtered,
    askedAt: deadline()
      .optional()
      .describe(
        'Asks again for an item that was rejected or withdrawn before this time, RFC 3339. Where none was it means nothing.',
      ),
  }),
  rulesOfFilters,
);

/** What is not given, or not any more, and since when. */
const deniedItem = withRules(
  z.object({
    ...identity,
    at: deadline().describe('When that was decided, RFC 3339. The item of a request asks again by a later askedAt.'),
    reason: prose(256).optional().describe('For the requester, at most 256 characters.'),
  }),
  [ofCatalog],
);

const namedItem = withRules(z.object(identity), [ofCatalog]);

const keys = ['kind', 'name'];
const bounds = { max: MAX_ITEMS };

export const shareItems = () => keyedList(shareItem, keys, bounds);
export const askedItems = () => keyedList(askedItem, keys, bounds);
export const deniedItems = () => keyedList(deniedItem, keys, bounds);
export const namedItems = () => keyedList(namedItem, keys, bounds);

export const permissionSet = () =>
  set(z.enum(sharePermissions), {
    max: sharePermissions.length,
    nonEmpty: 'name at least one of Read, Write and Modify',
  });

export type ShareItem = z.output<typeof shareItem>;
export type AskedItem = z.output<typeof askedItem>;
export type DeniedItem = z.output<typeof deniedItem>;
export type ItemKind = (typeof itemKinds)[number];
export type SharePermission = (typeof sharePermissions)[number];
export type PrincipalKind = (typeof principalKinds)[number];
