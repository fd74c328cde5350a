// Ids of what has no object of its own: tables and folders of a dataset, items of a share.

import { createHash } from 'node:crypto';
import type { ItemKind } from '../../operator/resources/share-item.ts';

/**
 * The same for ever, whatever is made anew: a function of names alone.
 * @param parent uri of the dataset or share
 * @returns 32 characters of 0-9a-f
 */
export const itemId = (parent: string, kind: ItemKind, name: string): string =>
  createHash('sha256')
    .update(JSON.stringify([parent, kind, name]))
    .digest('hex')
    .slice(0, 32);
