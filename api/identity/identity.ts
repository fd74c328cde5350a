// Who asks: as the identity provider says, and as Kubernetes is told when the gateway writes for them.

/** A signed-in person or program. */
export interface Identity {
  /** Name as in the configured claim (an e-mail address by default), without the prefix of the installation. */
  readonly user: string;
  /** Groups exactly as the identity provider spells them, without the prefix of the installation. */
  readonly groups: readonly string[];
  /** Where to write to them. Absent where the provider does not say. */
  readonly email?: string;
  /** When they last proved who they are (claim `auth_time`, else `iat`), in seconds since 1970. */
  readonly authenticatedAt: number;
  /** Id of the session they came by; absent for who sends a bearer token. */
  readonly session?: string;
}
