// Puts principals with the same right into one statement, because resource policies are short (20 KB of a bucket).
import { fingerprint } from './canonical.ts';
import type { OneOrMany, PrincipalElement, Statement } from './document.ts';
import { fromList, toList } from './one-or-many.ts';

/**
 * Joins statements that differ in their Principal only (Sid and all else alike) into one that names them all, sorted.
 * The result grants exactly the same and is the fewest statements that do so without mixing rights. Order of first
 * appearance is kept. Statements with NotPrincipal stay alone: naming two there means something else.
 */
export function packPrincipals(statements: readonly Statement[]): readonly Statement[] {
  const groups = new Map<string, Statement>();
  for (const statement of statements) {
    const { Principal, ...right } = statement;
    const key = Principal === undefined ? `alone ${fingerprint(statement)}` : `shared ${fingerprint(right)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, statement);
    else if (Principal !== undefined && group.Principal !== undefined) {
      groups.set(key, { ...group, Principal: union(group.Principal, Principal) });
    }
  }
  return [...groups.values()];
}

const PRINCIPAL_TYPES = ['AWS', 'CanonicalUser', 'Federated', 'Service'] as const;

function union(a: PrincipalElement, b: PrincipalElement): PrincipalElement {
  if (a === '*' && b === '*') return '*';
  const [left, right] = [byType(a), byType(b)];
  const joined: Partial<Record<(typeof PRINCIPAL_TYPES)[number], OneOrMany>> = {};
  for (const type of PRINCIPAL_TYPES) {
    const values = new Set([...toList(left[type]), ...toList(right[type])]);
    if (values.size > 0) joined[type] = fromList([...values].toSorted());
  }
  return joined;
}

const byType = (element: PrincipalElement): Exclude<PrincipalElement, string> =>
  typeof element === 'string' ? { AWS: element } : element;
