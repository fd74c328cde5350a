// Why somebody is not let in: a reason for programs, a sentence for people, and the status that HTTP has for it.

/** 401: sign in (again); 403: this request, from wherever it came, not; 503: nobody can be told apart now. */
const STATUSES = {
  /** Neither a token nor a session. */
  NoCredentials: 401,
  /** Not a signed JWT of a kind that is taken here. */
  MalformedToken: 401,
  /** Its signature is none that the issuer makes, or of an algorithm that is not taken. */
  UntrustedSignature: 401,
  WrongIssuer: 401,
  /** Made for another program. */
  WrongAudience: 401,
  TokenExpired: 401,
  TokenNotYetValid: 401,
  /** Who it names cannot be somebody here. */
  UnusableClaims: 401,
  /** Logged out, too old, or ended by the provider. */
  SessionEnded: 401,
  /** The log-in was not begun by this browser, or long ago, or was refused by the provider. */
  LoginRefused: 401,
  /** A request in somebody's session that another site may have made. */
  ForgedRequest: 403,
  /** The identity provider does not answer, or with what cannot be read. */
  IssuerUnavailable: 503,
} as const;

export type AuthenticationFailureReason = keyof typeof STATUSES;

/** `message` says what is wrong and what to do, and bears nothing of the token. */
export class AuthenticationFailure extends Error {
  override readonly name = 'AuthenticationFailure';
  readonly reason: AuthenticationFailureReason;
  readonly status: 401 | 403 | 503;

  constructor(reason: AuthenticationFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.status = STATUSES[reason];
  }
}
