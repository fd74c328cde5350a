// What the pipeline must know about identities. IAM answers it (services/iam/directory.ts); the core knows no service.
import type { PolicySource } from '../../../operator/policy/request.ts';
import type { Principal, RoleSessionPrincipal, UserPrincipal } from './principal.ts';
import type { World } from './world.ts';

/** The identity side of a decision. */
export interface Entitlements {
  readonly identityPolicies: readonly PolicySource[];
  readonly permissionsBoundary?: PolicySource;
  /** One list per level of the organization; every level must allow. Empty: the account is in no organization. */
  readonly serviceControlPolicies: readonly (readonly PolicySource[])[];
  readonly tags: Readonly<Record<string, string>>;
}

export type CredentialProblem = 'unknown-key' | 'inactive-key' | 'bad-token' | 'expired-token';

export interface IdentityDirectory {
  /** Who an access key belongs to and the secret it must have signed with. */
  resolveCredentials(
    world: World,
    accessKeyId: string,
    sessionToken: string | undefined,
  ): { readonly principal: UserPrincipal | RoleSessionPrincipal; readonly secretAccessKey: string } | CredentialProblem;
  /** Policies in force for a principal now. A role or user that is gone, or was re-created, has none. */
  entitlementsOf(world: World, principal: Principal): Entitlements;
}
