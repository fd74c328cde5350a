// Whether a request in somebody's session was made by a page of ours, and not by another site in their browser (CSRF).

import { AuthenticationFailure } from './authentication-failure.ts';
import type { IdentitySettings } from './settings.ts';

export interface SentRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What forms send. Every other type makes the browser ask first (CORS), and is refused then. */
const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/** The gateway's own, and that of data.all's front end where it stands elsewhere. */
export const trustedOrigins = ({ oidc, session }: IdentitySettings): ReadonlySet<string> =>
  new Set(
    [oidc.redirectUrl, oidc.tokenExchangeRedirectUrl, ...session.origins]
      .filter((url) => url !== undefined)
      .map((url) => new URL(url).origin),
  );

/**
 * To be asked of each request that a cookie identifies, beside SameSite=Lax. Programs, which no page can make send a cookie, have no Origin.
 * Throws {@link AuthenticationFailure} with reason ForgedRequest.
 */
export const refuseForged = ({ method, headers }: SentRequest, origins: ReadonlySet<string>): void => {
  if (SAFE_METHODS.has(method.toUpperCase())) return;
  const [origin, site, type] = ['origin', 'sec-fetch-site', 'content-type'].map((name) => headers[name]?.toString());
  if (origin !== undefined && !origins.has(origin))
    throw forged(`it comes from ${JSON.stringify(origin.slice(0, 100))}`);
  if (origin === undefined && site !== undefined && site !== 'same-origin' && site !== 'none')
    throw forged('it comes from another site');
  if (type !== undefined && FORM_TYPES.test(type)) throw forged('forms are not taken: send application/json');
};

const forged = (why: string): AuthenticationFailure =>
  new AuthenticationFailure('ForgedRequest', `this request in your session is refused: ${why}`);
