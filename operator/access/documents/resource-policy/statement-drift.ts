// How our statements in a policy differ from what they should be, and which grants suffer by it.
import { fingerprint } from '../../../policy/canonical.ts';
import type { Statement } from '../../../policy/document.ts';
import type { Drift } from '../../document.ts';
import type { Grant } from '../../grant.ts';
import type { AlikeGrants } from './alike-grants.ts';
import { principalsOf } from './statement-index.ts';

/** By Sid of the statement, by principal that it lacks: the grants that want it there. */
type Sufferers = ReadonlyMap<string | undefined, ReadonlyMap<string, readonly string[]>>;

export const sufferersOf = (
  build: (grants: readonly Grant[]) => readonly Statement[],
  lacking: readonly AlikeGrants[],
  isThere: (needed: Statement) => boolean,
): Sufferers => {
  const sufferers = new Map<string | undefined, Map<string, string[]>>();
  for (const { example, ids } of lacking)
    for (const statement of build([example]).filter((needed) => !isThere(needed))) {
      const byPrincipal = sufferers.get(statement.Sid) ?? new Map<string, string[]>();
      sufferers.set(statement.Sid, byPrincipal);
      for (const principal of principalsOf(statement)) {
        const known = byPrincipal.get(principal);
        if (known === undefined) byPrincipal.set(principal, [...ids]);
        else known.push(...ids);
      }
    }
  return sufferers;
};

/** One for each principal that is missing: nobody is told of the others. */
export const describeDrift = (
  was: readonly Statement[],
  wanted: readonly Statement[],
  sufferers: Sufferers,
): readonly Drift[] => {
  const before = new Map(was.map((statement) => [statement.Sid, statement]));
  const after = new Map(wanted.map((statement) => [statement.Sid, statement]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((sid): Drift[] => {
    const present = before.get(sid);
    const desired = after.get(sid);
    const lacking = sufferers.get(sid);
    const grants = [...new Set([...(lacking?.values() ?? [])].flat())];
    if (desired === undefined) return [{ kind: 'extra', message: `statement ${sid} is not wanted`, grants: [] }];
    if (present === undefined) return [{ kind: 'missing', message: `statement ${sid} is missing`, grants }];
    const missing = namedOnlyIn(desired, present);
    const extra = namedOnlyIn(present, desired);
    if (missing.length > 0 && extra.length === 0)
      return missing.map((principal) => ({
        kind: 'missing',
        message: `statement ${sid} lacks ${principal}`,
        grants: lacking?.get(principal) ?? [],
      }));
    if (extra.length > 0 && missing.length === 0)
      return [{ kind: 'extra', message: `statement ${sid} also names ${extra.join(', ')}`, grants: [] }];
    return fingerprint(present) === fingerprint(desired)
      ? []
      : [{ kind: 'changed', message: `statement ${sid} was changed`, grants }];
  });
};

const namedOnlyIn = (statement: Statement, other: Statement): readonly string[] => {
  const named = new Set(principalsOf(other));
  return principalsOf(statement).filter((principal) => !named.has(principal));
};
