// Statements of others that bear a Sid of ours: data.all, which we have the Sids from, and people who followed it. They stay as they are,
// and our statements of the same name stand beside them by another.
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { isAlike } from './statement-index.ts';

/**
 * Sids that are somebody else's in a policy that an import finds.
 * @param own every statement that we may write, for whomever. One that is exactly so is ours, left by an installation that was lost, and
 *   must not give anybody access for ever; unless it denies, which somebody else may count on.
 */
export const foreignSids = (policy: PolicyDocument | undefined, own: readonly Statement[]): readonly string[] => {
  const sids = new Set(own.map(({ Sid }) => Sid));
  const isOurs = (statement: Statement): boolean =>
    statement.Effect === 'Allow' && own.some((ours) => ours.Sid === statement.Sid && isAlike(ours, statement));
  const foreign = (policy?.Statement ?? []).filter((statement) => sids.has(statement.Sid) && !isOurs(statement));
  return [...new Set(foreign.flatMap(({ Sid }) => Sid ?? []))].toSorted();
};

/** The Sids that our statements bear where those of others have some of them. */
export const sidsBeside = <Names extends Readonly<Record<string, string>>>(
  own: Names,
  foreign: readonly string[],
): Readonly<Record<keyof Names, string>> =>
  Object.fromEntries(
    Object.entries(own).map(([name, sid]) => [name, foreign.includes(sid) ? besideSid(sid) : sid]),
  ) as Readonly<Record<keyof Names, string>>;

export const besideSid = (sid: string): string => `${sid}-2`;
