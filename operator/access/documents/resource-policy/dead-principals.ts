// Roles and users that are gone, in statements of others: AWS shows each by its unique id, and takes no policy that names it, whoever
// changes what. A unique id is never given again, so what a statement says of one it says of nobody, and can be said without it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
import type { PolicyDocument, PrincipalElement, Statement } from '../../../policy/document.ts';
import { toList } from '../../../policy/one-or-many.ts';

/** A policy as it can be written. */
interface LivePolicy {
  readonly policy: PolicyDocument;
  /** Unique ids that were left out. */
  readonly omittedPrincipals: readonly string[];
}

/** A statement that names who is gone. */
interface DeadStatement {
  readonly sid: string | undefined;
  /** Position in the policy, from 0. */
  readonly index: number;
  readonly ids: readonly string[];
}

/** @param isOurs statements that are written anew anyway */
export const withoutDead = (policy: PolicyDocument, isOurs: (statement: Statement) => boolean): LivePolicy => {
  const theirs = (statement: Statement): readonly string[] => (isOurs(statement) ? [] : deadOf(statement));
  const after = policy.Statement.map((statement) => (isOurs(statement) ? statement : alive(statement)));
  const left = new Set(after.flatMap((statement) => (statement === undefined ? [] : theirs(statement))));
  const omittedPrincipals = [...new Set(policy.Statement.flatMap(theirs))].filter((id) => !left.has(id));
  return omittedPrincipals.length === 0
    ? { policy, omittedPrincipals }
    : { policy: { ...policy, Statement: after.filter((statement) => statement !== undefined) }, omittedPrincipals };
};

export const deadStatements = (policy: PolicyDocument): readonly DeadStatement[] =>
  policy.Statement.flatMap((statement, index) => {
    const ids = deadOf(statement);
    return ids.length === 0 ? [] : [{ sid: statement.Sid, index, ids }];
  });

/** What a statement says without them; undefined: nothing, for it speaks of nobody else. */
const alive = (statement: Statement): Statement | undefined => {
  if (deadOf(statement).length === 0) return statement;
  const { Principal: principal, NotPrincipal: others, ...rest } = statement;
  if (principal !== undefined) {
    const Principal = living(principal);
    return Principal === undefined ? undefined : { ...rest, Principal };
  }
  const NotPrincipal = others && living(others);
  if (NotPrincipal !== undefined) return { ...rest, NotPrincipal };
  // To deny everybody but who is gone is to deny everybody. To allow everybody is never for us to write.
  return statement.Effect === 'Deny' ? { ...rest, Principal: '*' } : statement;
};

const living = (element: PrincipalElement): PrincipalElement | undefined => {
  if (element === '*') return element;
  const { AWS: _named, ...services } = element;
  const named = toList(element.AWS).filter((one) => !isUniqueId(one));
  if (named.length > 0) return { ...element, AWS: named };
  return Object.keys(services).length === 0 ? undefined : services;
};

const deadOf = ({ Principal: principal, NotPrincipal: others }: Statement): readonly string[] =>
  [principal, others].flatMap((element) =>
    element === undefined || element === '*' ? [] : toList(element.AWS).filter(isUniqueId),
  );

const isUniqueId = (principal: string): boolean => /^A(ID|RO)A[A-Z0-9]+$/.test(principal);
