// For whom a request is made: headers as Kubernetes' impersonation has them, one `impersonate-group` for each group.
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation

/** A person, named as the API server names them: with the prefixes of the installation. */
export interface AssertedUser {
  readonly name: string;
  readonly groups: readonly string[];
}

export const USER_HEADER = 'impersonate-user';
export const GROUP_HEADER = 'impersonate-group';

/** Groups of one person. */
export const MAX_GROUPS = 1_000;
/** Bytes of one name. */
export const MAX_NAME_BYTES = 512;

/**
 * Headers to send, for a client that repeats a header for each value of an array (undici's `request`; not `fetch`, which would join them
 * to one group). HTTP carries bytes, and Node writes each character of a header as one: UTF-8 goes as its bytes.
 */
export const userHeaders = ({ name, groups }: AssertedUser): Record<string, string | string[]> => ({
  [USER_HEADER]: asBytes(name),
  ...(groups.length > 0 && { [GROUP_HEADER]: groups.map(asBytes) }),
});

const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
