// Who sends a request: nobody, the bearer of a token, or the owner of a session.

import type { Logger } from 'pino';
import type { Clock } from '../../operator/kernel/clock.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import { mapClaims, missingClaims } from './claims.ts';
import type { Identity, SignIn } from './identity.ts';
import { Issuer } from './issuer.ts';
import type { IdentitySettings } from './settings.ts';
import { TokenVerifier } from './token-verifier.ts';
import { UserInfo } from './userinfo.ts';

/** What of a request says who sends it: Fastify's, with @fastify/cookie. */
export interface Credentials {
  readonly headers: { readonly authorization?: string | undefined };
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

export interface AuthenticatorOptions {
  readonly settings: IdentitySettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly issuer?: Issuer;
}

export class Authenticator {
  readonly #settings: IdentitySettings;
  readonly #log: Logger;
  readonly #tokens: TokenVerifier;
  readonly #userInfo: UserInfo;

  constructor({ settings, clock, log, issuer = new Issuer(settings.oidc, clock) }: AuthenticatorOptions) {
    this.#settings = settings;
    this.#log = log;
    this.#tokens = new TokenVerifier(settings.oidc, issuer, clock);
    this.#userInfo = new UserInfo(issuer, clock);
  }

  /**
   * Undefined: nobody, there are no credentials. A bearer token goes before a cookie, which the browser adds unasked.
   * Throws {@link AuthenticationFailure} for credentials that are no good.
   */
  async authenticate({ headers }: Credentials): Promise<Identity | undefined> {
    const token = bearerToken(headers.authorization);
    return token === undefined ? undefined : this.identityOf(token, 'bearer-token');
  }

  /** Throws {@link AuthenticationFailure}. */
  async identityOf(token: string, signIn: SignIn): Promise<Identity> {
    const { claimsMapping } = this.#settings.oidc;
    const verified = await this.#tokens.verify(token);
    const isComplete = missingClaims(verified.claims, claimsMapping).length === 0;
    // What is signed goes before what is fetched.
    const claims = isComplete
      ? verified.claims
      : { ...(await this.#userInfo.claimsOf(token, verified)), ...verified.claims };
    const { dropped, ...who } = mapClaims(claims, claimsMapping);
    if (dropped.length > 0) {
      this.#log.warn(
        { user: who.user, dropped: dropped.slice(0, 5), count: dropped.length },
        'groups of a token that nobody gets here',
      );
    }
    return { ...who, authenticatedAt: verified.authenticatedAt, signIn };
  }
}

/** `Bearer <token>`, or the bare token, as data.all's own front end writes it; nothing where it is empty, as that one leaves it. */
const bearerToken = (header: string | undefined): string | undefined => {
  const [, scheme, token] = /^(?:(\S+) +)?(\S+)$/.exec(header?.trim() ?? '') ?? [];
  if (header === undefined || header.trim() === '') return undefined;
  if (token === undefined || (scheme !== undefined && scheme.toLowerCase() !== 'bearer')) {
    throw new AuthenticationFailure('MalformedToken', 'the Authorization header is not `Bearer <token>`');
  }
  return token;
};
