// What a log-in must not be talked into, and what data.all's front end finds under /auth.

import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import { describe, expect, it, vi } from 'vitest';
import { pickUser, signIn } from '../../hack/oidc/authorization-code.ts';
import { databaseServer } from '../support/database.ts';
import {
  Browser,
  demoProvider,
  FRONT_END,
  gateway,
  ORIGIN,
  PUBLIC_CLIENT,
  sessionKey,
  ShiftedClock,
} from '../support/sign-in-scene.ts';

const postgres = databaseServer();

const scene = async (clock = new ShiftedClock()) => {
  const { database } = await postgres.fresh();
  const { issuer } = await demoProvider();
  return { database, issuer, clock, first: await gateway({ issuer, database, clock }) };
};

const loginRefused = { statusCode: 401 };

describe('A log-in', () => {
  it('is begun on one gateway and finished on another', async () => {
    const { database, issuer, first } = await scene();
    const browser = new Browser(first);
    const callback = await browser.goToProvider('owner');
    browser.gateway = await gateway({ issuer, database });
    expect(await browser.send(callback)).toMatchObject({ statusCode: 302 });
    expect(await browser.who()).toMatchObject({ body: { user: 'owner' } });
  });

  it('is finished once: a callback that is sent again signs nobody in', async () => {
    const { first } = await scene();
    const browser = new Browser(first);
    const callback = await browser.goToProvider('owner');
    const state = browser.cookies.get('dataall_login') ?? '';
    await browser.send(callback);
    expect(browser.cookies.has('dataall_login')).toBe(false);
    const other = new Browser(first);
    expect(await other.send(callback)).toMatchObject(loginRefused);
    // Also with the state that belongs to it: the code is used up.
    other.cookies.set('dataall_login', state);
    expect(await other.send(callback)).toMatchObject(loginRefused);
    expect(other.sessionId).toBeUndefined();
  });

  it("is finished by the browser that has begun it: somebody else's callback signs nobody in under their name", async () => {
    const { first } = await scene();
    const [attacker, victim] = [new Browser(first), new Browser(first)];
    const callback = await attacker.goToProvider('analyst');
    expect(await victim.send(callback)).toMatchObject(loginRefused);
    await victim.goToProvider('owner');
    expect(await victim.send(callback)).toMatchObject(loginRefused);
    expect(victim.sessionId).toBeUndefined();
  });

  it.each(['not sealed at all', 'sealed with another key', 'eleven minutes old'])(
    'is not finished by a state that is %s',
    async (how) => {
      const { first, issuer, database, clock } = await scene();
      const browser = new Browser(
        how === 'sealed with another key'
          ? await gateway({ issuer, database, session: { keys: [sessionKey('9')] } })
          : first,
      );
      const callback = await browser.goToProvider('owner');
      browser.gateway = first;
      if (how === 'not sealed at all')
        browser.cookies.set('dataall_login', Buffer.from('{"state":"mine"}').toString('base64url'));
      if (how === 'eleven minutes old') clock.ms += 11 * 60_000;
      expect(await browser.send(callback)).toMatchObject(loginRefused);
      expect(browser.sessionId).toBeUndefined();
    },
  );

  it.each([
    'https://evil.example.com/',
    '//evil.example.com',
    '/\\evil.example.com',
    '/\t/evil.example.com',
    'javascript:alert(1)',
    '/%09/evil.example.com/..//evil.example.com',
    '\\\\evil.example.com',
    '/.//evil.example.com',
    '/datasets/..//evil.example.com/x',
    '/%2e//evil.example.com',
  ])('sends nobody on to %j', async (wanted) => {
    const { first } = await scene();
    const browser = new Browser(first);
    const { headers } = await browser.signIn('owner', `/auth/login?return_to=${encodeURIComponent(wanted)}`);
    const arrival = new URL(String(headers['location']), ORIGIN);
    expect(arrival.origin).toBe(ORIGIN);
    expect(String(headers['location'])).toMatch(/^\/(?![/\\])/);
  });

  it('asks the provider to ask again where a fresh sign-in is wanted', async () => {
    const { first } = await scene();
    const { headers } = await new Browser(first).send('/auth/login?reauth=1');
    const { searchParams } = new URL(String(headers['location']));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      prompt: 'login',
      max_age: '0',
      code_challenge_method: 'S256',
    });
  });

  it('tells what the provider says by its code, and shows none of what else stands in the address', async () => {
    const { first } = await scene();
    const browser = new Browser(first);
    const callback = new URL(await browser.goToProvider('owner'), ORIGIN);
    const { searchParams } = callback;
    searchParams.delete('code');
    searchParams.set('error', 'access_denied');
    searchParams.set('error_description', '<script>alert(1)</script>');
    const response = await browser.send(callback.pathname + callback.search, { headers: { accept: 'text/html' } });
    expect(response.statusCode).toBe(401);
    expect(response.body).toContain('access_denied');
    expect(response.body).not.toContain('<script>');
  });

  it('leaves no code, token, verifier or cookie in the log, whether it succeeds or not', async () => {
    const { issuer, database, clock } = await scene();
    const lines: string[] = [];
    const browser = new Browser(await gateway({ issuer, database, clock, lines }));
    const sent = vi.spyOn(globalThis, 'fetch');
    const callback = await browser.goToProvider('owner');
    const login = browser.cookies.get('dataall_login') ?? '';
    await browser.send(callback);
    const session = browser.sessionId ?? '';
    await new Browser(browser.gateway).send(callback);
    browser.cookies.set('dataall_login', login);
    await browser.send(callback);
    await browser.who();
    clock.ms += 3_600_000;
    await browser.who();
    await browser.send('/auth/logout', { method: 'POST' });

    const toProvider = sent.mock.calls
      .map(([, options]) => options?.body)
      .filter((body) => body instanceof URLSearchParams);
    sent.mockRestore();
    const secrets = toProvider.flatMap((body) =>
      ['code', 'code_verifier', 'refresh_token', 'token', 'client_secret'].map((name) => body.get(name)),
    );
    const known = [...secrets, session, login, new URL(callback, ORIGIN).searchParams.get('code')].filter(
      (text) => text !== null && text !== '',
    );
    // Also of the refresh: the test sees what it looks for.
    expect(known.length).toBeGreaterThan(8);
    const log = lines.join('');
    expect(log).toContain('a request under /auth was refused');
    expect(known.filter((secret) => log.includes(secret ?? ''))).toEqual([]);
  });

  it('is told to wait while the provider is down, and is possible when it is back', async () => {
    const { database } = await postgres.fresh();
    const clock = new ShiftedClock();
    const gone = await demoProvider();
    const { issuer } = gone;
    await gone.stop();
    const first = await gateway({ issuer, database, clock });
    const response = await new Browser(first).send('/auth/login');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ reason: 'IssuerUnavailable', error: expect.stringContaining(issuer) });
    await demoProvider({ port: Number(new URL(issuer).port) });
    clock.ms += 10_000;
    expect(await new Browser(first).send('/auth/login')).toMatchObject({ statusCode: 302 });
  });
});

describe('A request in a session', () => {
  it.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'https://evil.example.com', 'content-type': 'application/json' }],
    ['of a page without an origin', { origin: 'null', 'content-type': 'application/json' }],
    ['that a browser says is cross-site', { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' }],
    ['of another host of the domain', { 'sec-fetch-site': 'same-site', 'content-type': 'application/json' }],
  ])('%s is refused, and changes nothing', async (_, headers) => {
    const { first } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    expect(await browser.send('/who', { method: 'POST', headers, body: {} })).toMatchObject({ statusCode: 403 });
    expect(await browser.send('/auth/logout', { method: 'POST', headers, body: {} })).toMatchObject({
      statusCode: 403,
    });
    expect(await browser.who()).toMatchObject({ status: 200, body: { user: 'owner' } });
  });

  it('of its own pages is served', async () => {
    const { first } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    for (const headers of [
      { origin: ORIGIN },
      { origin: new URL(FRONT_END).origin },
      { 'sec-fetch-site': 'same-origin' },
      {},
    ]) {
      expect(
        await browser.send('/who', {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: {},
        }),
      ).toMatchObject({
        statusCode: 200,
      });
    }
  });
});

describe("data.all's front end", () => {
  /** Signs in at the provider itself. */
  const codeOf = async (
    issuer: string,
    user: string,
  ): Promise<{ readonly code: string; readonly code_verifier: string }> => {
    const verifier = randomPKCECodeVerifier();
    const begin = new URL(`${issuer}/auth`);
    begin.search = new URLSearchParams({
      client_id: 'dataall',
      response_type: 'code',
      scope: 'openid profile email groups',
      redirect_uri: FRONT_END,
      state: 'its own',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const answer = await pickUser(begin, FRONT_END, user);
    return { code: answer.searchParams.get('code') ?? '', code_verifier: verifier };
  };

  it('exchanges its code for a session, asks who it is, and logs out', async () => {
    const { first, issuer } = await scene();
    const browser = new Browser(first);
    const response = await browser.send('/auth/token-exchange', {
      method: 'POST',
      body: await codeOf(issuer, 'owner'),
    });
    expect(response.json()).toEqual({ success: true });
    expect((await browser.who()).body).toMatchObject({ user: 'owner', signIn: 'token-exchange' });
    expect((await browser.send('/auth/userinfo')).json()).toMatchObject({
      email: 'owner@example.com',
      name: 'owner',
      sub: 'owner',
    });
    await browser.send('/auth/logout', { method: 'POST' });
    const nobody = await browser.send('/auth/userinfo');
    expect([nobody.statusCode, nobody.json()]).toEqual([401, { error: 'Not authenticated', reason: 'NoCredentials' }]);
  });

  it('is refused a code twice, with a verifier of somebody else, and without one', async () => {
    const { first, issuer } = await scene();
    const exchange = async (body: object) => new Browser(first).send('/auth/token-exchange', { method: 'POST', body });
    const good = await codeOf(issuer, 'owner');
    expect(await exchange(good)).toMatchObject({ statusCode: 200 });
    expect(await exchange(good)).toMatchObject(loginRefused);
    const other = await codeOf(issuer, 'owner');
    expect(await exchange({ ...other, code_verifier: randomPKCECodeVerifier() })).toMatchObject(loginRefused);
    const missing = await exchange({ code: 'x' });
    expect(missing.statusCode).toBe(400);
    expect(missing.json()).toEqual({ error: 'Missing code or code_verifier' });
  });

  it('is told at log-out where the provider ends its session, by a token that opens nothing', async () => {
    const { first, issuer } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    const { logout_url: url } = (await browser.send('/auth/logout', { method: 'POST' })).json<{ logout_url: string }>();
    expect(url.startsWith(issuer)).toBe(true);
    const idToken = new URL(url).searchParams.get('id_token_hint') ?? '';
    const response = await browser.send('/who', { headers: { authorization: `Bearer ${idToken}` } });
    expect(response.json()).toMatchObject({ reason: 'MalformedToken', message: 'the bearer token is no access token' });
  });

  it('may send the token of a client of its own where settings name it, which is refused otherwise', async () => {
    const { first, issuer } = await scene();
    const { access_token: token } = await signIn({ ...PUBLIC_CLIENT, issuer, user: 'owner' });
    const response = await new Browser(first).send('/who', { headers: { authorization: `Bearer ${token}` } });
    expect(response.json()).toMatchObject({ reason: 'WrongAudience' });
  });
});
