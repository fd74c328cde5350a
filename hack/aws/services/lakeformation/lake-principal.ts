// Whom Lake Formation grants to, and the name a caller has in grants.
// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakePrincipal.html
import type { Principal } from '../../core/principal.ts';

/** The group of everybody whom IAM policies allow: its `ALL` on a resource means that only IAM decides about it. */
export const IAM_ALLOWED_PRINCIPALS = 'IAM_ALLOWED_PRINCIPALS';

export type Grantee =
  | { readonly kind: 'iam-allowed' }
  | { readonly kind: 'account'; readonly account: string }
  /** Every user and role of one account. */
  | { readonly kind: 'account-principals'; readonly account: string }
  | { readonly kind: 'role' | 'user'; readonly account: string; readonly name: string };

/** Reads an identifier; undefined when the simulator knows no such kind of principal. */
export const parseGrantee = (identifier: string | undefined): Grantee | undefined => {
  if (identifier === undefined) return undefined;
  if (identifier === IAM_ALLOWED_PRINCIPALS) return { kind: 'iam-allowed' };
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

/** The principal RAM shares with: a group of an account is reached through its account. */
export const sharedPrincipal = (identifier: string): string => identifier.replace(/:IAMPrincipals$/, '');
