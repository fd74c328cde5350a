// Which Principal and NotPrincipal elements speak of which caller.
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
//          https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
import type { PrincipalElement } from './document.ts';
import { toList } from './one-or-many.ts';
import type { Caller } from './request.ts';

/**
 * How directly an Allow of a resource policy names the caller.
 * - `direct`: the user, the session, the service, or everyone: implicit denials of other policies do not limit it.
 * - `role`: the role behind the session: permissions boundary and session policy limit it.
 * - `account`: the caller's account, which may pass the right on by identity policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type Grant = 'direct' | 'role' | 'account';

const ROOT_ARN = /^arn:[\w-]+:iam::(\d{12}):root$/;
const ACCOUNT_ID = /^\d{12}$/;

/** The account id that an account principal (`123456789012` or its root ARN) stands for, or undefined. */
export const accountPrincipal = (value: string): string | undefined =>
  ACCOUNT_ID.test(value) ? value : ROOT_ARN.exec(value)?.[1];

/** How an Allow with this Principal names the caller; undefined if it does not. */
export function grantOf(element: PrincipalElement, caller: Caller): Grant | undefined {
  const names = namesOf(element);
  // An identity provider's user is no AWS principal: only Federated names it.
  if (names.everyone && caller.kind !== 'federated') return 'direct';
  if (caller.kind === 'anonymous') return undefined;
  if (caller.kind === 'service') return names.services.has(caller.service) ? 'direct' : undefined;
  if (caller.kind === 'federated') return names.federated.has(caller.provider) ? 'direct' : undefined;
  const account = names.accounts.has(caller.account);
  if (caller.kind === 'root') return account ? 'direct' : undefined;
  if (names.aws.has(caller.arn)) return 'direct';
  if (caller.kind === 'user' && names.aws.has(caller.userId)) return 'direct';
  if (caller.kind === 'role-session' && (names.aws.has(caller.roleArn) || names.aws.has(caller.roleId))) return 'role';
  return account ? 'account' : undefined;
}

/** Whether a Deny with this Principal speaks of the caller: by name, role, account, or as one of everyone. */
export function isDenied(element: PrincipalElement, caller: Caller): boolean {
  const names = namesOf(element);
  // Canonical user ids are accounts by another name, which cannot be resolved here: a Deny must not miss.
  if (names.everyone || (names.canonicalUsers && caller.kind !== 'anonymous')) return true;
  return grantOf(element, caller) !== undefined;
}

/** How an Allow with this NotPrincipal names the caller: everyone of whom no part is listed. */
export function grantByExclusion(element: PrincipalElement, caller: Caller): Grant | undefined {
  const names = namesOf(element);
  if (names.everyone || names.canonicalUsers || caller.kind === 'federated') return undefined;
  // `role`, the weaker grant: AWS does not say that such a statement overrides boundary or session policy.
  return partsOf(caller).some((part) => isListed(names, part)) ? undefined : 'role';
}

/**
 * Whether a Deny with this NotPrincipal speaks of the caller: unless every part of it is listed. AWS may check account,
 * role and session one after the other, so for a session all three must be named.
 */
export function isDeniedByExclusion(element: PrincipalElement, caller: Caller): boolean {
  const names = namesOf(element);
  if (names.everyone) return false;
  // Nobody (anonymous) has no parts and cannot be listed.
  return caller.kind === 'anonymous' || !partsOf(caller).every((part) => isListed(names, part));
}

/** What a caller is made of; each part lists the names it goes by. */
type Part = { readonly type: 'accounts' | 'aws' | 'services' | 'federated'; readonly names: readonly string[] };

function partsOf(caller: Caller): readonly Part[] {
  if (caller.kind === 'anonymous') return [];
  if (caller.kind === 'service') return [{ type: 'services', names: [caller.service] }];
  if (caller.kind === 'federated') return [{ type: 'federated', names: [caller.provider] }];
  const account: Part = { type: 'accounts', names: [caller.account] };
  if (caller.kind === 'root') return [account];
  if (caller.kind === 'user') return [account, { type: 'aws', names: [caller.arn, caller.userId] }];
  const role: Part = { type: 'aws', names: [caller.roleArn, caller.roleId] };
  return [account, role, { type: 'aws', names: [caller.arn] }];
}

interface Names {
  readonly everyone: boolean;
  readonly accounts: ReadonlySet<string>;
  readonly aws: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly federated: ReadonlySet<string>;
  readonly canonicalUsers: boolean;
}

const isListed = (names: Names, part: Part): boolean => part.names.some((name) => names[part.type].has(name));

/** Read once per element: a bucket policy may list hundreds of principals. */
const known = new WeakMap<object, Names>();
const EVERYONE: Names = {
  everyone: true,
  accounts: new Set(),
  aws: new Set(),
  services: new Set(),
  federated: new Set(),
  canonicalUsers: false,
};

function namesOf(element: PrincipalElement): Names {
  if (typeof element === 'string') return EVERYONE;
  let names = known.get(element);
  if (names === undefined) {
    names = readNames(element);
    known.set(element, names);
  }
  return names;
}

function readNames(element: Exclude<PrincipalElement, string>): Names {
  const aws = toList(element.AWS);
  return {
    everyone: aws.includes('*'),
    accounts: new Set(aws.map(accountPrincipal).filter((account) => account !== undefined)),
    aws: new Set(aws),
    services: new Set(toList(element.Service)),
    federated: new Set(toList(element.Federated)),
    canonicalUsers: element.CanonicalUser !== undefined,
  };
}
