import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../operator/kernel/clock.ts';
import { BearerTokens } from './bearer-tokens.ts';
import { ClaimsReader } from './claims-reader.ts';
import { Issuer } from './issuer.ts';
import { settingsFor } from './testing/settings.ts';
import { TokenIssuer } from './testing/token-issuer.ts';

const log = pino({ level: 'silent' });
/** Of an access token as Cognito makes it: no audience, no address, groups under a name of its own. */
const COGNITO = {
  aud: undefined,
  email: undefined,
  groups: undefined,
  client_id: 'dataall',
  token_use: 'access',
  username: 'ann',
  'cognito:groups': ['sales'],
};

describe('userinfo', () => {
  let issuer: TokenIssuer;
  let tokens: BearerTokens;
  const asked = (): number => issuer.requests.get('/userinfo') ?? 0;

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
  });
  afterAll(async () => issuer.stop());
  beforeEach(() => {
    const claimsMapping = { user: 'email', email: 'email', groups: ['custom:saml.groups', 'cognito:groups'] };
    const { oidc } = settingsFor(issuer.url, { claimsMapping });
    tokens = new BearerTokens({
      oidc,
      claims: new ClaimsReader(oidc.claimsMapping, async () => [], systemClock),
      clock: systemClock,
      log,
      issuer: new Issuer(oidc, systemClock),
    });
    issuer.userInfo = {
      sub: 'subject',
      email: 'ann@example.com',
      email_verified: 'true',
      'custom:saml.groups': '[finance]',
    };
    issuer.requests.clear();
  });

  it("completes an access token of Cognito's: the address from there, the groups of both", async () => {
    expect(await tokens.identityOf(await issuer.token(COGNITO))).toMatchObject({
      user: 'ann@example.com',
      email: 'ann@example.com',
      groups: ['finance', 'sales'],
    });
  });

  it('is not asked where the token says everything, and is asked once for a token that is sent a hundred times', async () => {
    await tokens.identityOf(await issuer.token({ 'cognito:groups': ['sales'] }));
    expect(asked()).toBe(0);
    const token = await issuer.token(COGNITO);
    await Promise.all(Array.from({ length: 50 }, async () => tokens.identityOf(token)));
    for (let index = 0; index < 50; index += 1) await tokens.identityOf(token);
    expect(asked()).toBe(1);
  });

  it('does not change what is signed', async () => {
    issuer.userInfo = { sub: 'subject', email: 'ann@example.com', 'cognito:groups': ['administrators'], aud: 'other' };
    expect(await tokens.identityOf(await issuer.token(COGNITO))).toMatchObject({ groups: ['sales'] });
  });

  it('is not believed about somebody else than the bearer', async () => {
    issuer.userInfo = { sub: 'somebody else', email: 'eve@example.com' };
    await expect(tokens.identityOf(await issuer.token(COGNITO))).rejects.toMatchObject({ reason: 'IssuerUnavailable' });
  });

  it('that is down is told as that, to be tried again, and lets nobody in with half of what they are', async () => {
    issuer.userInfo = 500;
    const token = await issuer.token(COGNITO);
    await expect(tokens.identityOf(token)).rejects.toMatchObject({
      reason: 'IssuerUnavailable',
      status: 503,
      message: expect.stringContaining('userinfo of the identity provider does not answer'),
    });
    issuer.userInfo = { sub: 'subject', email: 'ann@example.com' };
    expect(await tokens.identityOf(token)).toMatchObject({ user: 'ann@example.com' });
  });

  it('that has nothing to say to the token of a program leaves it what it says itself, and nobody where that is nothing', async () => {
    issuer.userInfo = 403;
    const program = await issuer.token({ ...COGNITO, email: 'job@example.com', 'cognito:groups': undefined });
    expect(await tokens.identityOf(program)).toMatchObject({ user: 'job@example.com', groups: [] });
    await expect(tokens.identityOf(await issuer.token(COGNITO))).rejects.toMatchObject({
      reason: 'UnusableClaims',
      message: expect.stringContaining('neither the token nor userinfo says email'),
    });
  });
});
