// Names of objects that people know by a label.

import { createHash } from 'node:crypto';
import { slug } from '../../operator/resources/names.ts';

/** Hexadecimal digits that tell objects of one label apart. */
const HASH = 8;
/** A DNS label, RFC 1123. */
const MAX_NAME = 63;

/**
 * `<label>-<hash of what it is>`: the same input gives the same name, so that what is sent twice makes one object.
 * @param what everything that makes it another object
 */
export function objectName(label: string, what: unknown, max: number = MAX_NAME): string {
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, HASH);
  const start = slug(label, '-')
    .slice(0, max - HASH - 1)
    .replace(/-+$/, '');
  return start === '' ? `o-${hash}` : `${start}-${hash}`;
}
