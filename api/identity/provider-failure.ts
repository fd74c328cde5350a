// What it means that a request to the identity provider failed: it refuses, it refuses us, or it does not answer.

import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { AuthenticationFailure } from './authentication-failure.ts';

/** Errors of RFC 6749 (5.2) that say nothing of the person who signs in. */
const ABOUT_THE_CLIENT = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
]);
/** What openid-client says of an answer that it has and does not take. */
const ABOUT_THE_ANSWER = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

/** Whether it is the provider's last word on this code or refresh token. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof AuthorizationResponseError ||
  (error instanceof ResponseBodyError && error.status < 500 && !ABOUT_THE_CLIENT.has(error.error)) ||
  (error instanceof ClientError && ABOUT_THE_ANSWER.has(error.code ?? ''));

/** For people. Bears the provider's code for the error, and none of what else it says, which may be anything. */
export const providerFailure = (error: unknown): AuthenticationFailure => {
  if (error instanceof AuthenticationFailure) return error;
  const code =
    error instanceof AuthorizationResponseError || error instanceof ResponseBodyError ? error.error : undefined;
  const said = code !== undefined && /^[\w.-]{1,64}$/.test(code) ? ` (${code})` : '';
  const options = { cause: error };
  if (isRefusal(error)) {
    return new AuthenticationFailure(
      'LoginRefused',
      `the identity provider does not sign you in${said}: begin again at /auth/login`,
      options,
    );
  }
  if (said !== '') {
    const text = `the identity provider refuses the gateway itself${said}: check clientId, clientSecret and scopes of identity.oidc`;
    return new AuthenticationFailure('IssuerUnavailable', text, options);
  }
  return new AuthenticationFailure(
    'IssuerUnavailable',
    'the identity provider does not answer: try again in a moment',
    options,
  );
};
