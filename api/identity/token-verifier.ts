// Whether a bearer token is one that the configured issuer made for us and now (RFC 9068, OpenID Connect Core 3.1.3.7).

import { errors, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose';
import type { Clock } from '../../operator/kernel/clock.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import type { Issuer } from './issuer.ts';
import type { OidcSettings } from './settings.ts';

/** Asymmetric ones only: with HS256 the issuer's public key would do as a secret, and `none` needs no key at all. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Clocks of two machines differ. */
const CLOCK_SKEW_SECONDS = 30;
/** Somebody in 300 groups has a token of 16 KiB. */
export const MAX_TOKEN_BYTES = 64 * 1024;
/** `typ` of access tokens, where they have one. Log-out tokens and others of the same issuer are none. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);

export interface VerifiedToken {
  readonly subject: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** Undefined where the token does not say. */
  readonly authenticatedAt: number | undefined;
  readonly claims: Readonly<JWTPayload>;
}

export class TokenVerifier {
  readonly #settings: OidcSettings;
  readonly #issuer: Issuer;
  readonly #clock: Clock;

  constructor(settings: OidcSettings, issuer: Issuer, clock: Clock) {
    this.#settings = settings;
    this.#issuer = issuer;
    this.#clock = clock;
  }

  /** Throws {@link AuthenticationFailure}. */
  async verify(token: string): Promise<VerifiedToken> {
    if (token.length > MAX_TOKEN_BYTES) throw malformed(`is longer than ${MAX_TOKEN_BYTES} bytes`);
    const now = Math.floor(this.#clock.now() / 1000);
    const { payload, protectedHeader } = await this.#verifySignature(token, now);
    if (!isAccessToken(payload, protectedHeader.typ?.toLowerCase())) throw malformed('is no access token');
    this.#checkAudience(payload);
    const { sub, exp, iat } = payload;
    if (sub === undefined || sub === '' || exp === undefined || iat === undefined)
      throw malformed('lacks sub, exp or iat');
    return { subject: sub, expiresAt: exp, authenticatedAt: authenticatedAt(payload, iat, now), claims: payload };
  }

  async #verifySignature(token: string, now: number): Promise<JWTVerifyResult> {
    const keys = await this.#issuer.keys();
    const { issuer } = (await this.#issuer.configuration()).serverMetadata();
    try {
      return await jwtVerify(token, keys.find, {
        algorithms: ALGORITHMS,
        issuer,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(now * 1000),
        requiredClaims: ['sub', 'exp', 'iat'],
      });
    } catch (error) {
      throw explain(error, issuer);
    }
  }

  /** By `aud`; where there is none, as in Cognito's access tokens, by the client that it was made for. A client that is named has to be known. */
  #checkAudience({ aud, client_id: clientId, cid, azp }: JWTPayload): void {
    const { audiences, clients } = this.#settings;
    const audience = aud === undefined ? [] : [aud].flat();
    const named = [clientId, cid, azp].filter((client) => client !== undefined);
    if (aud !== undefined && !audience.some((each) => audiences.includes(each))) {
      throw wrongAudience(
        `is made for ${show(audience.join(', '))}; identity.oidc.audiences has ${audiences.join(', ')}`,
      );
    }
    if (aud === undefined && named.length === 0)
      throw wrongAudience('does not say for whom it is made (aud, client_id, cid)');
    const foreign = named.find((client) => typeof client !== 'string' || !clients.includes(client));
    if (foreign !== undefined) {
      throw wrongAudience(
        `is made for client ${show(typeof foreign === 'string' ? foreign : 'that is no text')}; identity.oidc.clients has ${clients.join(', ')}`,
      );
    }
  }
}

/**
 * An ID token tells its client who has signed in, and opens nothing: a log-out hands it to the page and to the provider's address. It is
 * known by what Cognito and Keycloak call it, or by what ties it to a log-in where it has no scope.
 */
const isAccessToken = (claims: JWTPayload, type: string | undefined): boolean => {
  if (claims['events'] !== undefined || (type !== undefined && !TYPES.has(type))) return false;
  if (claims['token_use'] === 'id' || claims['typ'] === 'ID') return false;
  const isTied = ['nonce', 'at_hash', 'c_hash'].some((name) => claims[name] !== undefined);
  const hasScope = claims['scope'] !== undefined || claims['scp'] !== undefined;
  return !isTied || hasScope || type?.endsWith('at+jwt') === true;
};

/**
 * `auth_time`. When the token was made is no answer: whoever has a refresh token has new ones made. What lies in the future would be fresh for
 * ever.
 */
const authenticatedAt = ({ auth_time: said }: JWTPayload, issuedAt: number, now: number): number | undefined => {
  if (said !== undefined && (typeof said !== 'number' || !Number.isFinite(said)))
    throw malformed('has an auth_time that is no number');
  if (Math.max(said ?? issuedAt, issuedAt) > now + CLOCK_SKEW_SECONDS) {
    throw new AuthenticationFailure(
      'TokenNotYetValid',
      'the token was made in the future: compare the clocks of gateway and issuer',
    );
  }
  return said === undefined ? undefined : Math.floor(said);
};

const explain = (error: unknown, issuer: string): unknown => {
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  if (error instanceof AuthenticationFailure) return error;
  if (error instanceof errors.JWTExpired)
    return new AuthenticationFailure('TokenExpired', 'the token has expired: sign in again');
  if (claim === 'nbf') return new AuthenticationFailure('TokenNotYetValid', 'the token is not valid yet');
  if (claim === 'iss') return new AuthenticationFailure('WrongIssuer', `the token is none of issuer ${issuer}`);
  if (claim !== undefined) return malformed(`has no usable claim ${claim}`);
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return new AuthenticationFailure(
      'UntrustedSignature',
      `the token's algorithm is not taken (only ${ALGORITHMS.join(', ')})`,
    );
  }
  if (isForgery(error))
    return new AuthenticationFailure('UntrustedSignature', `the token is not signed by a key of ${issuer}`);
  if (error instanceof errors.JOSEError) return malformed('is no signed JWT');
  return error;
};

const isForgery = (error: unknown): boolean =>
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys;

const malformed = (what: string): AuthenticationFailure =>
  new AuthenticationFailure('MalformedToken', `the bearer token ${what}`);
const wrongAudience = (what: string): AuthenticationFailure =>
  new AuthenticationFailure('WrongAudience', `the token ${what}`);
const show = (text: string): string => JSON.stringify(text.slice(0, 100));
