// What the provider's token endpoint says of who has just signed in, or whose session goes on.

import { fetchUserInfo, type TokenEndpointResponse, type TokenEndpointResponseHelpers } from 'openid-client';
import type { ClaimsReader } from './claims-reader.ts';
import { missingClaims, type Claims, type MappedClaims } from './claims.ts';
import type { Issuer } from './issuer.ts';
import type { OidcSettings } from './settings.ts';

export type TokenResponse = TokenEndpointResponse & TokenEndpointResponseHelpers;

export interface SignedIn extends MappedClaims {
  /** Claim `sub`, by which userinfo knows them. */
  readonly subject: string | undefined;
  /** Seconds since 1970; undefined where there is no new ID token. */
  readonly authenticatedAt: number | undefined;
  /** For how long it stands, in seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** Whether the provider says groups at all: nobody loses theirs by silence. */
  readonly saysGroups: boolean;
}

/** Groups that somebody has lost are noticed after so long, whatever the provider's tokens last. */
const LONGEST_SECONDS = 3600;

/**
 * From the ID token, which openid-client has checked, and userinfo for what it does not say.
 * Throws AuthenticationFailure, or what openid-client throws.
 */
export const readSignedIn = async (
  tokens: TokenResponse,
  reader: ClaimsReader,
  issuer: Issuer,
  subject?: string,
): Promise<SignedIn> => {
  const said = tokens.claims();
  const claims = await complete(said ?? {}, tokens.access_token, said?.sub ?? subject, reader.mapping, issuer);
  const { groups } = reader.mapping;
  const hasRefreshToken = tokens.refresh_token !== undefined;
  const lasts = tokens.expires_in ?? LONGEST_SECONDS;
  return {
    ...(await reader.read(claims)),
    subject: said?.sub ?? subject,
    authenticatedAt: said === undefined ? undefined : (numberOf(said.auth_time) ?? said.iat),
    expiresIn: hasRefreshToken ? Math.min(lasts, LONGEST_SECONDS) : lasts,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    saysGroups: groups.length === 0 || groups.some((claim) => claims[claim] !== undefined),
  };
};

const complete = async (
  claims: Claims,
  accessToken: string,
  subject: string | undefined,
  mapping: OidcSettings['claimsMapping'],
  issuer: Issuer,
): Promise<Claims> => {
  if (missingClaims(claims, mapping).length === 0 || subject === undefined) return claims;
  const configuration = await issuer.configuration();
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...(await fetchUserInfo(configuration, accessToken, subject)), ...claims };
};

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
