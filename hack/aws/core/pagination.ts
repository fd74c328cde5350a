// Pages of a list. The token is the position; it is opaque to callers and valid as long as the list is only appended to.
import { AwsError } from './aws-error.ts';

export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
}

/** @throws AwsError `invalidTokenCode` for a token that none of our answers held. */
export function page<T>(all: readonly T[], token: string | undefined, size: number, invalidTokenCode: string): Page<T> {
  const decoded = token === undefined ? '0' : Buffer.from(token, 'base64url').toString();
  if (!/^\d+$/.test(decoded) || Number(decoded) > all.length)
    throw new AwsError(invalidTokenCode, 'The specified token is not valid.');
  const start = Number(decoded);
  const end = start + size;
  return {
    items: all.slice(start, end),
    next: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}
