// KMS's paging: Marker and Limit in, Truncated and NextMarker out.
import { AwsError } from '../../core/aws-error.ts';

/** Default of ListKeys; the other lists have 50, which nobody can tell from outside. */
const DEFAULT_LIMIT = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly Truncated: boolean;
  readonly NextMarker?: string;
}

export const pageOf = <T>(
  all: readonly T[],
  { Marker, Limit }: { readonly Marker?: string | undefined; readonly Limit?: number | undefined },
): Page<T> => {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString());
  if (!Number.isInteger(start)) throw new AwsError('InvalidMarkerException', 'The marker is invalid.');
  const end = start + (Limit ?? DEFAULT_LIMIT);
  const items = all.slice(start, end);
  if (end >= all.length) return { items, Truncated: false };
  return { items, Truncated: true, NextMarker: Buffer.from(String(end)).toString('base64url') };
};
