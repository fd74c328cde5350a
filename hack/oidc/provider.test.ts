import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from './authorization-code.ts';
import { startOidcProvider, type OidcProvider } from './provider.ts';

const REDIRECT = 'http://127.0.0.1/signed-in';

describe('the demo provider', () => {
  let provider: OidcProvider;

  beforeAll(async () => {
    provider = await startOidcProvider({
      users: [{ name: 'owner', groups: ['sales'] }],
      clients: [
        { client_id: 'cli', token_endpoint_auth_method: 'none', redirect_uris: [REDIRECT], application_type: 'native' },
      ],
    });
  });
  afterAll(async () => provider.stop());

  it('gives whoever is picked on its page a token that names them, their groups and when they signed in', async () => {
    const { access_token: token } = await signIn({
      issuer: provider.issuer,
      clientId: 'cli',
      redirectUrl: REDIRECT,
      user: 'owner',
    });
    expect(decodeJwt(token)).toMatchObject({
      iss: provider.issuer,
      aud: 'dataall',
      client_id: 'cli',
      preferred_username: 'owner',
      email: 'owner@example.com',
      groups: ['sales'],
      auth_time: expect.any(Number),
    });
  });

  it('lets nobody in whom it does not know', async () => {
    const attempt = signIn({ issuer: provider.issuer, clientId: 'cli', redirectUrl: REDIRECT, user: 'nobody' });
    await expect(attempt).rejects.toThrow('there is no demo user "nobody"');
  });
});
