// Somebody who can sign in at the demo provider, and what it says of them.

export interface DemoUser {
  /** As Kubernetes names them too: what kubectl does under this name and what GraphQL does are one person's doing. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** Claims of the ID token, the access token and userinfo. */
export const claimsOf = ({ name, groups }: DemoUser) => ({
  sub: name,
  preferred_username: name,
  name,
  email: emailOf(name),
  email_verified: true,
  groups: [...groups],
});

export const emailOf = (name: string): string => `${name}@example.com`;
