import { Configuration } from 'openid-client';
import { describe, expect, it } from 'vitest';
import { logoutUrl } from './logout-url.ts';

const home = new URL('https://data.example/');
const at = (metadata: ConstructorParameters<typeof Configuration>[0]) => new Configuration(metadata, 'gateway');

describe('The address at which a browser logs out', () => {
  it('is the end_session_endpoint of OpenID Connect, where the provider has one', () => {
    const issuer = 'https://id.example';
    const url = logoutUrl(at({ issuer, end_session_endpoint: `${issuer}/end` }), home, 'token');
    expect(url?.origin).toBe(issuer);
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      client_id: 'gateway',
      id_token_hint: 'token',
      post_logout_redirect_uri: home.href,
    });
    expect(logoutUrl(at({ issuer }), home, 'token')).toBeUndefined();
  });

  it('is Cognito’s own, with the parameters that it takes, whether or not it tells of it', () => {
    const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc';
    const domain = 'https://acme.auth.eu-west-1.amazoncognito.com';
    const metadata = { issuer, authorization_endpoint: `${domain}/oauth2/authorize` };
    const expected = `${domain}/logout?client_id=gateway&logout_uri=https%3A%2F%2Fdata.example%2F`;
    expect(logoutUrl(at(metadata), home, 'token')?.href).toBe(expected);
    expect(logoutUrl(at({ ...metadata, end_session_endpoint: `${domain}/logout` }), home, undefined)?.href).toBe(
      expected,
    );
    // Somebody else's issuer with that name in its path.
    const other = { ...metadata, issuer: 'https://id.example/cognito-idp.eu-west-1.amazonaws.com/' };
    expect(logoutUrl(at(other), home, 'token')).toBeUndefined();
  });
});
