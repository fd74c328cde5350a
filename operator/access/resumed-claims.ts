// What would be wanted if nothing were suspended: what differs from it is told, although nothing is put right.
import type { GrantClaims } from './desired.ts';
import type { DocumentContext } from './document.ts';
import type { Grant } from './grant.ts';

/** In pieces: there may be a hundred thousand. Grants that are not suspended stay the same objects. */
export const resumedClaims = async <Claims extends GrantClaims>(
  claims: Claims,
  pause: DocumentContext['pause'],
): Promise<Claims> => {
  const grants: Grant[] = [];
  for (const grant of claims.grants) {
    grants.push(grant.suspended ? { ...grant, suspended: false } : grant);
    await pause?.(1);
  }
  return { ...claims, grants };
};
