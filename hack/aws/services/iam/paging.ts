// IAM's paging: Marker and MaxItems in, IsTruncated and Marker out.
import { validationError } from './identities.ts';

/** "If you do not include this parameter, the number of items defaults to 100." IAM API reference, every List operation. */
const DEFAULT_ITEMS = 100;
const MAX_ITEMS = 1000;

export interface Paging {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** A marker is the number of items already given, opaque to callers. */
export const pageOf = <T>(all: readonly T[], { Marker, MaxItems }: Paging): Page<T> => {
  const size = MaxItems ?? DEFAULT_ITEMS;
  if (size < 1 || size > MAX_ITEMS)
    throw validationError(
      `Value '${size}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and ${MAX_ITEMS}`,
    );
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw validationError('Invalid Marker');
  const end = start + size;
  const items = all.slice(start, end);
  return end < all.length
    ? { items, IsTruncated: true, Marker: Buffer.from(String(end)).toString('base64url') }
    : { items, IsTruncated: false };
};
