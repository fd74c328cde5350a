// Whom Lake Formation grants to, and the name a caller has in grants.
// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakePrincipal.html
import type { Principal } from '../../core/principal.ts';

/** The group of everybody whom IAM policies allow: its `ALL` on a resource means that only IAM decides about it. */
export const IAM_ALLOWED_PRINCIPALS = 'IAM_ALLOWED_PRINCIPALS';

/**
 * Names of groups that AWS takes as identifiers though nothing can be granted to them: EVERYONE, by which IAMAllowedPrincipals was
 * known at first, and the console's name of an account's `:IAMPrincipals`. To revoke from them is to revoke what is not held.
 */
const NAMES_OF_NOBODY = ['EVERYONE', 'ALLIAMPRINCIPALS'];

export type Grantee =
  | { readonly kind: 'iam-allowed' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'account'; readonly account: string }
  /** Every user and role of one account. */
  | { readonly kind: 'account-principals'; readonly account: string }
  | { readonly kind: 'role' | 'user'; readonly account: string; readonly name: string };

/** Reads an identifier; undefined when the simulator knows no such kind of principal. */
export const parseGrantee = (identifier: string | undefined): Grantee | undefined => {
  if (identifier === undefined) return undefined;
  if (identifier === IAM_ALLOWED_PRINCIPALS) return { kind: 'iam-allowed' };
  if (NAMES_OF_NOBODY.includes(identifier.toUpperCase())) return { kind: 'nobody' };
  if (/^\d{12}$/.test(identifier)) return { kind: 'account', account: identifier };
  const everyone = /^(\d{12}):IAMPrincipals$/.exec(identifier);
  if (everyone) return { kind: 'account-principals', account: everyone[1] ?? '' };
  const found = /^arn:aws:iam::(\d{12}):(role|user)\/(?:.*\/)?([\w+=,.@-]+)$/.exec(identifier);
  if (!found) return undefined;
  return { kind: found[2] === 'role' ? 'role' : 'user', account: found[1] ?? '', name: found[3] ?? '' };
};

/** The ARN Lake Formation knows a caller by: a session counts as its role, so a re-created role of the same ARN inherits its grants. */
export const granteeArn = (principal: Principal): string => {
  if (principal.kind === 'role-session') return principal.roleArn;
  if (principal.kind === 'root' || principal.kind === 'user') return principal.arn;
  if (principal.kind === 'service') return principal.service;
  return 'anonymous';
};

/** The account a grant reaches; undefined where it names none. */
export const granteeAccount = (identifier: string): string | undefined => {
  const grantee = parseGrantee(identifier);
  return grantee !== undefined && 'account' in grantee ? grantee.account : undefined;
};
