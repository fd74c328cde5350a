// From the claims of a token to a name and groups that can be told to Kubernetes. Pure.

import { AuthenticationFailure } from './authentication-failure.ts';
import type { OidcSettings } from './settings.ts';

/** As the provider makes them: nothing is known of their types. */
export type Claims = Readonly<Record<string, unknown>>;

export interface MappedClaims {
  readonly user: string;
  readonly groups: readonly string[];
  readonly email?: string;
  readonly displayName?: string;
  /** Groups that nobody gets here, and why: to be logged. */
  readonly dropped: readonly DroppedGroup[];
}

export interface DroppedGroup {
  /** Shortened, with its control characters escaped. */
  readonly group: string;
  readonly because: string;
}

type Mapping = OidcSettings['claimsMapping'];

const MAX_NAME_LENGTH = 256;
/** Each becomes a header of a request to Kubernetes and an element of every query. People in 300 groups exist. */
export const MAX_GROUPS = 500;
const SHOWN_LENGTH = 80;

/** Claims that are asked for and not in these: worth a question to userinfo. */
export const missingClaims = (claims: Claims, { user, email, groups }: Mapping): readonly string[] => [
  ...[user, email].filter((claim) => isAbsent(claims[claim])),
  ...(groups.some((claim) => !isAbsent(claims[claim])) ? [] : groups),
];

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Throws {@link AuthenticationFailure} with reason UnusableClaims. */
export const mapClaims = (claims: Claims, mapping: Mapping): MappedClaims => {
  const user = userOf(claims, mapping);
  const spelled = new Set(mapping.groups.flatMap((claim) => readGroups(claim, claims[claim])));
  const groups: string[] = [];
  const dropped: DroppedGroup[] = [];
  for (const group of spelled) {
    const because = whyNoName(group);
    if (because === undefined) groups.push(group);
    else dropped.push({ group: show(group), because });
  }
  if (groups.length > MAX_GROUPS) {
    throw unusable(
      `you are in ${groups.length} groups and ${MAX_GROUPS} are the most: let the identity provider say only the groups that data.all needs`,
    );
  }
  return { user, groups, dropped, ...readContact(claims, mapping) };
};

/** Throws as {@link mapClaims}. */
export const userOf = (claims: Claims, { user: claim }: Pick<Mapping, 'user'>): string => {
  const user = claims[claim];
  if (isAbsent(user)) {
    throw unusable(
      `neither the token nor userinfo says ${claim}: ask for the scope that it comes with, or map another claim`,
    );
  }
  if (typeof user !== 'string') throw unusable(`claim ${claim} is no text`);
  const because = whyNoName(user);
  if (because !== undefined) throw unusable(`claim ${claim} names nobody: it ${because}`);
  // As kube-apiserver: an address that its bearer has typed in and nobody has checked is nobody's name.
  if (claim === 'email' && isFalse(claims['email_verified'])) throw unusable('the e-mail address is not verified');
  return user;
};

/** Cognito says `"false"`. */
const isFalse = (value: unknown): boolean => value === false || value === 'false';

const readContact = (claims: Claims, mapping: Mapping): Pick<MappedClaims, 'email' | 'displayName'> => {
  const email = readText(claims[mapping.email]);
  const displayName = readText(claims['name']);
  return {
    ...(email?.includes('@') === true && !/\s/.test(email) ? { email } : {}),
    ...(displayName === undefined ? {} : { displayName }),
  };
};

const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= MAX_NAME_LENGTH && !hasControls(value) && value.trim() !== ''
    ? value
    : undefined;

/**
 * A list of names. Text is one name, unless it is in brackets: JSON, or what Cognito makes of an attribute with several values, `[a, b]`,
 * where a name with a comma cannot be told from two.
 */
const readGroups = (claim: string, value: unknown): readonly string[] => {
  if (isAbsent(value)) return [];
  const list = typeof value === 'string' ? readListText(value) : value;
  if (!Array.isArray(list) || !list.every((each) => typeof each === 'string')) {
    throw unusable(`claim ${claim} is no list of names`);
  }
  return list;
};

const readListText = (text: string): unknown => {
  const inner = /^\[(.*)\]$/s.exec(text.trim())?.[1];
  if (inner === undefined) return [text];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return inner
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
};

/** What ends a line or is not seen: fillers and variation selectors are letters and marks by their category. */
const hasControls = (text: string): boolean =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\p{Cs}/u.test(text);

/** By bytes it is another name, which nobody can tell from the one that people mean. */
const looksLikeAnother = (text: string): boolean => text.normalize('NFC') !== text || /(?! )\p{Zs}/u.test(text);

/** Undefined if it can be a user's or a group's name in Kubernetes. */
const whyNoName = (text: string): string | undefined => {
  if (text === '') return 'is empty';
  if (text.length > MAX_NAME_LENGTH) return `is longer than ${MAX_NAME_LENGTH} characters`;
  if (hasControls(text)) return 'has control or invisible characters';
  if (looksLikeAnother(text))
    return 'looks like another name: it is not in Unicode normal form C, or has a space that is not the usual one';
  // HTTP drops them from headers, and ` system:masters` would arrive as system:masters.
  if (text.trim() !== text) return 'begins or ends with a space';
  if (text.normalize('NFKC').toLowerCase().startsWith('system:')) return 'is a name of Kubernetes itself (system:...)';
  return undefined;
};

const show = (text: string): string => JSON.stringify(text.slice(0, SHOWN_LENGTH));

const unusable = (message: string): AuthenticationFailure =>
  new AuthenticationFailure('UnusableClaims', `cannot sign you in: ${message}`);
