import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK, type CryptoKey } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../operator/kernel/clock.ts';
import { BearerTokens } from './bearer-tokens.ts';
import { ClaimsReader } from './claims-reader.ts';
import type { Identity } from './identity.ts';
import { Issuer } from './issuer.ts';
import type { IdentitySettings } from './settings.ts';
import { SIGNING_KEYS_TIMING } from './signing-keys.ts';
import { settingsFor } from './testing/settings.ts';
import { TokenIssuer } from './testing/token-issuer.ts';

const log = pino({ level: 'silent' });

describe('the bearer of a token', () => {
  let issuer: TokenIssuer;
  let tokens: BearerTokens;

  const tokensFor = ({ oidc }: IdentitySettings, timing = SIGNING_KEYS_TIMING): BearerTokens =>
    new BearerTokens({
      oidc,
      claims: new ClaimsReader(oidc.claimsMapping, async () => [], systemClock),
      clock: systemClock,
      log,
      issuer: new Issuer(oidc, systemClock, timing),
    });
  const authenticate = async (token: string, by = tokens): Promise<Identity> => by.identityOf(token);
  /** Header and payload of a token that nobody has signed. */
  const unsigned = (header: object, payload: object): string =>
    [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const now = (): number => Math.floor(Date.now() / 1000);

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
  });
  afterAll(async () => issuer.stop());
  beforeEach(() => {
    issuer.userInfo = 404;
    issuer.comeBack();
    tokens = tokensFor(settingsFor(issuer.url));
  });

  it('is who the token says, signed in when it says', async () => {
    const signedIn = now() - 60;
    const token = await issuer.token({ name: 'Ann', auth_time: signedIn });
    expect(await authenticate(token)).toEqual({
      user: 'ann@example.com',
      email: 'ann@example.com',
      displayName: 'Ann',
      groups: ['sales'],
      authenticatedAt: signedIn,
      signIn: 'bearer-token',
    });
    expect((await authenticate(await issuer.token({ auth_time: undefined }))).authenticatedAt).toBeUndefined();
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['another issuer', 'WrongIssuer', { iss: 'https://elsewhere.example.com' }],
    ['another audience', 'WrongAudience', { aud: 'another-program' }],
    ['another client, though the audience is ours', 'WrongAudience', { client_id: 'another-program' }],
    ['nobody in particular', 'WrongAudience', { aud: undefined }],
    ['another client, and no audience', 'WrongAudience', { aud: undefined, cid: 'another-program' }],
    ['a time that is over', 'TokenExpired', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['a time that has not come', 'TokenNotYetValid', { nbf: Math.floor(Date.now() / 1000) + 300 }],
    [
      'a sign-in in the future, which would be fresh for ever',
      'TokenNotYetValid',
      { auth_time: Math.floor(Date.now() / 1000) + 86_400 },
    ],
    ['ever, without an end', 'MalformedToken', { exp: undefined }],
    ['a log-out', 'MalformedToken', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['the client alone (an ID token)', 'MalformedToken', { nonce: 'of the log-in' }],
    ["the client alone (an ID token of Cognito's)", 'MalformedToken', { token_use: 'id' }],
    ["the client alone (an ID token of Keycloak's)", 'MalformedToken', { typ: 'ID', scope: 'openid' }],
    ['a user of Kubernetes itself', 'UnusableClaims', { email: 'system:admin' }],
  ])('is refused a token for %s (%s)', async (_, reason, claims) => {
    await expect(authenticate(await issuer.token(claims))).rejects.toMatchObject({
      name: 'AuthenticationFailure',
      reason,
      status: 401,
    });
  });

  it.each([
    { nonce: 'of the log-in', scope: 'openid' },
    { token_use: 'access', client_id: 'dataall' },
    { typ: 'Bearer', azp: 'dataall' },
  ])('is let in by an access token, as providers spell it: %j', async (claims) => {
    expect(await authenticate(await issuer.token(claims))).toMatchObject({ user: 'ann@example.com' });
  });

  it('is refused a token without a signature (alg none)', async () => {
    const payload = {
      iss: issuer.url,
      aud: 'dataall',
      sub: 's',
      email: 'eve@example.com',
      iat: now(),
      exp: now() + 60,
    };
    await expect(authenticate(`${unsigned({ alg: 'none' }, payload)}.`)).rejects.toMatchObject({
      reason: 'UntrustedSignature',
    });
  });

  it("is refused a token that takes the issuer's public key for a shared secret (HS256)", async () => {
    const payload = {
      iss: issuer.url,
      aud: 'dataall',
      sub: 's',
      email: 'eve@example.com',
      iat: now(),
      exp: now() + 60,
    };
    const publicKey = (await importJWK({ ...issuer.publicKey }, 'RS256', { extractable: true })) as CryptoKey;
    const forged = unsigned({ alg: 'HS256', kid: 'first' }, payload);
    const signature = createHmac('sha256', await exportSPKI(publicKey))
      .update(forged)
      .digest('base64url');
    await expect(authenticate(`${forged}.${signature}`)).rejects.toMatchObject({ reason: 'UntrustedSignature' });
  });

  it('is refused a token that was changed, and one that somebody else signed under a known key id', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const payload = unsigned(
      {},
      { iss: issuer.url, aud: 'dataall', sub: 's', email: 'eve@example.com', iat: now(), exp: now() + 60 },
    ).split('.')[1];
    await expect(authenticate(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
      reason: 'UntrustedSignature',
    });
    const other = await TokenIssuer.start();
    const foreign = await other.token({ iss: issuer.url });
    await other.stop();
    await expect(authenticate(foreign)).rejects.toMatchObject({ reason: 'UntrustedSignature' });
  });

  it.each(['', 'x', 'a.b.c', 'e30.e30.e30', `${'x'.repeat(1_000_000)}.y.z`])(
    'is refused what is no token, in short words',
    async (token) => {
      const failure: unknown = await authenticate(token).catch((error: unknown) => error);
      expect(failure).toMatchObject({ reason: 'MalformedToken', status: 401 });
      expect(String(failure).length).toBeLessThan(300);
    },
  );

  it.each(['answers', 'is down'])(
    'causes one fetch of keys at most by tokens with key ids of their own making, while the issuer %s',
    async (state) => {
      await authenticate(await issuer.token());
      const before = issuer.requests.get('/jwks') ?? 0;
      if (state === 'is down') issuer.fail();
      for (let index = 0; index < 200; index += 1) {
        await expect(authenticate(await issuer.token({}, { kid: `made-up-${index}` }))).rejects.toMatchObject({
          name: 'AuthenticationFailure',
        });
      }
      expect((issuer.requests.get('/jwks') ?? 0) - before).toBeLessThanOrEqual(1);
    },
  );

  it('is known by a key that the issuer has changed to, and no more by the one that it has withdrawn', async () => {
    const rotating = await TokenIssuer.start();
    try {
      const timing = { ...SIGNING_KEYS_TIMING, unknownKeyCooldownMs: 0 };
      const own = tokensFor(settingsFor(rotating.url), timing);
      const old = await rotating.token();
      expect(await authenticate(old, own)).toBeDefined();
      await rotating.rotateKey('second');
      expect(await authenticate(await rotating.token(), own)).toBeDefined();
      await expect(authenticate(old, own)).rejects.toMatchObject({ reason: 'UntrustedSignature' });
    } finally {
      await rotating.stop();
    }
  });

  it('is let in while the issuer is down, by the keys that were fetched before', async () => {
    const token = await issuer.token();
    await authenticate(token);
    issuer.fail();
    expect(await authenticate(token)).toMatchObject({ user: 'ann@example.com' });
  });

  it('is told to come back where the issuer was down from the start, and is let in when it is back', async () => {
    const token = await issuer.token();
    issuer.fail();
    await expect(authenticate(token)).rejects.toMatchObject({ reason: 'IssuerUnavailable', status: 503 });
    issuer.comeBack();
    expect(await authenticate(token, tokensFor(settingsFor(issuer.url)))).toBeDefined();
  });
});
