// Who sends a request: nobody, the bearer of a token, or the owner of a session.

import { AuthenticationFailure } from './authentication-failure.ts';
import type { BearerTokens } from './bearer-tokens.ts';
import { cookiesFor } from './cookies.ts';
import type { Identity } from './identity.ts';
import { refuseForged, trustedOrigins, type SentRequest } from './request-origin.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { IdentitySettings } from './settings.ts';

/** What of a request says who sends it: Fastify's, with @fastify/cookie. */
export interface AuthenticatedRequest extends SentRequest {
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

/** What of a request says who sends it. Secret. */
export type Credentials = { readonly token: string } | { readonly session: string };

export interface AuthenticatorOptions {
  readonly settings: IdentitySettings;
  readonly bearerTokens: BearerTokens;
  readonly sessions: Sessions;
}

export class Authenticator {
  readonly #bearerTokens: BearerTokens;
  readonly #sessions: Sessions;
  readonly #sessionCookie: string;
  readonly #origins: ReadonlySet<string>;

  constructor({ settings, bearerTokens, sessions }: AuthenticatorOptions) {
    this.#bearerTokens = bearerTokens;
    this.#sessions = sessions;
    this.#sessionCookie = cookiesFor(settings).session.name;
    this.#origins = trustedOrigins(settings);
  }

  /**
   * Undefined: nobody, there are no credentials. A bearer token goes before a cookie, which the browser adds unasked.
   * Throws {@link AuthenticationFailure} for credentials that are no good, and for a request in a session that another site may have made.
   */
  async authenticate(request: AuthenticatedRequest): Promise<Identity | undefined> {
    const credentials = this.credentialsOf(request);
    if (credentials === undefined) return undefined;
    if ('session' in credentials) this.refuseForged(request);
    return this.identityOf(credentials, { isUse: true });
  }

  /** Throws {@link AuthenticationFailure} for what is no `Authorization` header. */
  credentialsOf(request: AuthenticatedRequest): Credentials | undefined {
    const token = bearerToken(request.headers['authorization']?.toString());
    if (token !== undefined) return { token };
    const session = request.cookies[this.#sessionCookie];
    return session === undefined || session === '' ? undefined : { session };
  }

  /** @param isUse whether somebody does something with it just now, by which a session goes on. Throws {@link AuthenticationFailure}. */
  async identityOf(credentials: Credentials, { isUse }: { readonly isUse: boolean }): Promise<Identity> {
    return 'token' in credentials
      ? this.#bearerTokens.identityOf(credentials.token)
      : this.#sessions.identityOf(credentials.session, { isUse });
  }

  /** Throws {@link AuthenticationFailure} with reason ForgedRequest. */
  refuseForged(request: SentRequest): void {
    refuseForged(request, this.#origins);
  }
}

/** `Bearer <token>`, or the bare token, as data.all's own front end writes it; nothing where it is empty, as that one leaves it. */
export const bearerToken = (header: string | undefined): string | undefined => {
  if (header === undefined || header.trim() === '') return undefined;
  const [, scheme, token] = /^(?:(\S+) +)?(\S+)$/.exec(header.trim()) ?? [];
  if (token === undefined || (scheme !== undefined && scheme.toLowerCase() !== 'bearer')) {
    throw new AuthenticationFailure('MalformedToken', 'the Authorization header is not `Bearer <token>`');
  }
  return token;
};
