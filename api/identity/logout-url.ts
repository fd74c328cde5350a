// Where a browser ends its session at the identity provider, and from where it comes back.

import { buildEndSessionUrl, type Configuration } from 'openid-client';

/** Cognito takes parameters of its own. https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html */
const COGNITO = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/** @param home has to be known to the provider @returns undefined where the provider has no such place */
export function logoutUrl(configuration: Configuration, home: URL, idToken: string | undefined): URL | undefined {
  const { issuer, authorization_endpoint: authorize, end_session_endpoint: end } = configuration.serverMetadata();
  if (COGNITO.test(issuer) && authorize !== undefined) {
    const url = new URL('/logout', authorize);
    url.searchParams.set('client_id', configuration.clientMetadata().client_id);
    url.searchParams.set('logout_uri', home.href);
    return url;
  }
  if (end === undefined) return undefined;
  return buildEndSessionUrl(configuration, {
    post_logout_redirect_uri: home.href,
    ...(idToken !== undefined && { id_token_hint: idToken }),
  });
}
