// What the provider says of a token's bearer beyond the token (OpenID Connect Core 5.3), asked once a token.

import { createHash } from 'node:crypto';
import { ClientError, fetchUserInfo, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import type { Clock } from '../../operator/kernel/clock.ts';
import { Answers } from './answers.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import type { Claims } from './claims.ts';
import type { Issuer } from './issuer.ts';
import type { VerifiedToken } from './token-verifier.ts';

const MAX_AGE_MS = 5 * 60_000;

export class UserInfo {
  readonly #issuer: Issuer;
  readonly #clock: Clock;
  /** By hash of the token: what is kept lets nobody in. */
  readonly #answers: Answers<Claims>;

  constructor(issuer: Issuer, clock: Clock) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#answers = new Answers(clock);
  }

  /**
   * Nothing where the provider says that it has nothing to say to this token, as to those of programs and to ID tokens.
   * Throws {@link AuthenticationFailure} with reason IssuerUnavailable.
   */
  async claimsOf(token: string, { subject, expiresAt }: VerifiedToken): Promise<Claims> {
    const key = createHash('sha256').update(token).digest('base64');
    const until = Math.min(this.#clock.now() + MAX_AGE_MS, expiresAt * 1000);
    return this.#answers.get(key, until, async () => this.#ask(token, subject));
  }

  async #ask(token: string, subject: string): Promise<Claims> {
    const configuration = await this.#issuer.configuration();
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
    try {
      return await fetchUserInfo(configuration, token, subject);
    } catch (error) {
      if (isRefusal(error)) return {};
      throw new AuthenticationFailure(
        'IssuerUnavailable',
        'the token does not say all that is needed, and userinfo of the identity provider does not answer: try again in a moment',
        { cause: error },
      );
    }
  }
}

/** The provider's answer to this token; too many requests is none. */
const isRefusal = (error: unknown): boolean => [400, 401, 403, 404].includes(statusOf(error) ?? 0);

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError) return error.status;
  return error instanceof ClientError && error.cause instanceof Response ? error.cause.status : undefined;
};
