// Who the bearer of a token is: by the token, and by userinfo for what it does not say.

import type { Logger } from 'pino';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { ClaimsReader } from './claims-reader.ts';
import { missingClaims } from './claims.ts';
import type { Identity } from './identity.ts';
import type { Issuer } from './issuer.ts';
import type { OidcSettings } from './settings.ts';
import { TokenVerifier } from './token-verifier.ts';
import { UserInfo } from './userinfo.ts';

export interface BearerTokensOptions {
  readonly oidc: OidcSettings;
  readonly issuer: Issuer;
  readonly claims: ClaimsReader;
  readonly clock: Clock;
  readonly log: Logger;
}

export class BearerTokens {
  readonly #claims: ClaimsReader;
  readonly #log: Logger;
  readonly #tokens: TokenVerifier;
  readonly #userInfo: UserInfo;

  constructor({ oidc, issuer, claims, clock, log }: BearerTokensOptions) {
    this.#claims = claims;
    this.#log = log;
    this.#tokens = new TokenVerifier(oidc, issuer, clock);
    this.#userInfo = new UserInfo(issuer, clock);
  }

  /** Throws AuthenticationFailure. */
  async identityOf(token: string): Promise<Identity> {
    const verified = await this.#tokens.verify(token);
    const isComplete = missingClaims(verified.claims, this.#claims.mapping).length === 0;
    // What is signed goes before what is fetched.
    const claims = isComplete
      ? verified.claims
      : { ...(await this.#userInfo.claimsOf(token, verified)), ...verified.claims };
    const { dropped, ...who } = await this.#claims.read(claims);
    if (dropped.length > 0) {
      this.#log.warn(
        { user: who.user, dropped: dropped.slice(0, 5), count: dropped.length },
        'groups that nobody gets here',
      );
    }
    return { ...who, authenticatedAt: verified.authenticatedAt, signIn: 'bearer-token' };
  }
}
