// Who asks: as the identity provider says, and as Kubernetes is told when the gateway writes for them.

/** A signed-in person or program. */
export interface Identity {
  /** Name as in the configured claim (an e-mail address by default), without the prefix of the installation. */
  readonly user: string;
  /** Groups exactly as the identity provider spells them, without the prefix of the installation. */
  readonly groups: readonly string[];
  /** Where to write to them. Absent where the provider does not say. */
  readonly email?: string;
  /** What people call them (claim `name`), to be shown only. Absent where the provider does not say. */
  readonly displayName?: string;
  /** When they last proved who they are, in seconds since 1970; undefined where nobody says, of a bearer token without `auth_time`. */
  readonly authenticatedAt: number | undefined;
  /** How they came: with a token of their own, by the gateway's log-in, or by data.all's front end, which logs in by itself. */
  readonly signIn: SignIn;
  /** Id of the session they came by, to be shown and revoked, no secret; absent for who sends a bearer token. */
  readonly session?: string;
}

export type SignIn = 'bearer-token' | 'login' | 'token-exchange';
