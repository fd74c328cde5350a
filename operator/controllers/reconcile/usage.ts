// Who uses an object: what a refused deletion names.
import { objectKey } from '../../kernel/kind.ts';
import type { ShareRequest } from '../../resources/share-request.ts';

export interface Usage {
  readonly inUse: number;
  /** The first ten, as `Kind namespace/name`. */
  readonly usedBy: readonly string[] | undefined;
}

const SHOWN = 10;

export const usageOf = (users: readonly string[]): Usage => ({
  inUse: users.length,
  usedBy: users.length === 0 ? undefined : users.toSorted().slice(0, SHOWN),
});

export const sharesInUse = (shares: readonly ShareRequest[]): Usage =>
  usageOf(shares.map(({ metadata }) => `ShareRequest ${objectKey(metadata)}`));
