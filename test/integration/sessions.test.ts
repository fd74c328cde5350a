// People sign in with browsers at the real demo provider; sessions stand in a real PostgreSQL, for any number of gateways.

import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { databaseServer } from '../support/database.ts';
import { Browser, demoProvider, gateway, ORIGIN, sessionKey, ShiftedClock } from '../support/sign-in-scene.ts';

const postgres = databaseServer();
const HOUR_MS = 3_600_000;

/** A provider, one gateway and its database. */
const scene = async (
  options: { readonly clock?: ShiftedClock; readonly users?: { name: string; groups: string[] }[] } = {},
) => {
  const { database } = await postgres.fresh();
  const provider = await demoProvider(options.users === undefined ? {} : { users: options.users });
  const clock = options.clock ?? new ShiftedClock();
  const first = await gateway({ issuer: provider.issuer, database, clock });
  return { database, provider, clock, first, issuer: provider.issuer };
};

/** How often the provider has given tokens for a refresh token. */
const refreshes = (provider: Awaited<ReturnType<typeof demoProvider>>): { count: number } => {
  const counted = { count: 0 };
  provider.provider.on('grant.success', ({ oidc }) => {
    if (oidc.params?.['grant_type'] === 'refresh_token') counted.count += 1;
  });
  return counted;
};

const waitingForLocks = async (database: Database): Promise<number> => {
  const waiting = sql<{
    pid: number;
  }>`select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return (await waiting.execute(database)).rows.length;
};

describe('A session', () => {
  it('begins when the provider sends the browser back, and lets any gateway know who it is', async () => {
    const { database, first, issuer } = await scene();
    const browser = new Browser(first);
    const response = await browser.signIn('owner', '/auth/login?return_to=/shares%3Ftab%3Dinbox');

    expect(response.headers['location']).toBe('/shares?tab=inbox');
    expect(response.cookies.find(({ name }) => name === 'dataall_session')).toMatchObject({
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    });
    const who = { user: 'owner', groups: ['sales'], email: 'owner@example.com', signIn: 'login' };
    expect(await browser.who()).toMatchObject({ status: 200, body: who });
    browser.gateway = await gateway({ issuer, database });
    expect(await browser.who()).toMatchObject({ status: 200, body: who });
  });

  it('leaves nothing in the database by which one could sign in', async () => {
    const { database, first } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    const row = await database.selectFrom('session').selectAll().executeTakeFirstOrThrow();
    const text = JSON.stringify({ ...row, id_hash: row.id_hash.toString('latin1') });
    expect(text).not.toContain(browser.sessionId);
    // Encrypted: five parts, of which the header says how; a JWT would have three.
    expect(row.tokens.split('.')).toHaveLength(5);
    const thief = new Browser(first);
    for (const value of [row.id_hash.toString('base64url'), row.public_id]) {
      thief.cookies.set('dataall_session', value);
      expect(await thief.who()).toMatchObject({ status: 401, body: { reason: 'SessionEnded' } });
    }
  });

  it('gets a new id at sign-in and ends the one that somebody had planted in the browser', async () => {
    const { first } = await scene();
    const attacker = new Browser(first);
    await attacker.signIn('analyst');
    const planted = attacker.sessionId ?? '';
    const victim = new Browser(first);
    victim.cookies.set('dataall_session', planted);
    await victim.signIn('owner');

    expect(victim.sessionId).not.toBe(planted);
    expect(await attacker.who()).toMatchObject({ status: 401, body: { reason: 'SessionEnded' } });
    expect(await victim.who()).toMatchObject({ body: { user: 'owner' } });
  });

  it('is over on every gateway once its owner has logged out, also for who has copied the cookie', async () => {
    const { database, first, issuer } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    const thief = new Browser(await gateway({ issuer, database }));
    thief.cookies.set('dataall_session', browser.sessionId ?? '');
    expect(await thief.who()).toMatchObject({ status: 200 });

    const response = await browser.send('/auth/logout', { method: 'POST', headers: { origin: ORIGIN } });
    expect(response.json()).toMatchObject({
      success: true,
      logout_url: expect.stringContaining(`${issuer}/session/end?`),
    });
    expect(browser.sessionId).toBeUndefined();
    expect(await thief.who()).toMatchObject({ status: 401, body: { reason: 'SessionEnded' } });
  });

  it('can be seen and ended by its owner from another one, and by nobody else', async () => {
    const { first } = await scene();
    const [stolen, own, stranger] = [new Browser(first), new Browser(first), new Browser(first)];
    await stolen.signIn('owner');
    await own.signIn('owner');
    await stranger.signIn('analyst');
    const { sessions } = (await own.send('/auth/sessions')).json<{ sessions: { id: string; current: boolean }[] }>();
    expect(sessions).toHaveLength(2);
    const id = sessions.find(({ current }) => !current)?.id ?? '';

    expect(
      (await stranger.send(`/auth/sessions/${id}`, { method: 'DELETE', headers: { origin: ORIGIN } })).statusCode,
    ).toBe(404);
    expect(await stolen.who()).toMatchObject({ status: 200 });
    expect((await own.send(`/auth/sessions/${id}`, { method: 'DELETE', headers: { origin: ORIGIN } })).statusCode).toBe(
      200,
    );
    expect(await stolen.who()).toMatchObject({ status: 401 });
    expect(await own.who()).toMatchObject({ status: 200 });
  });

  it('ends when nobody has used it for a week, and after 30 days whatever happens', async () => {
    const { first, clock, database } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    clock.ms += 6 * 24 * HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 200 });
    clock.ms += 7 * 24 * HOUR_MS + 60_000;
    expect(await browser.who()).toMatchObject({ status: 401, body: { reason: 'SessionEnded' } });
    // Who signs in next takes it away.
    await browser.signIn('owner');
    expect(await database.selectFrom('session').select('user_name').execute()).toHaveLength(1);
    await database
      .updateTable('session')
      .set({ seen: new Date(clock.now() + 40 * 24 * HOUR_MS) })
      .execute();
    clock.ms += 30 * 24 * HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 401 });
  });
});

describe('The refresh of a session', () => {
  it('happens once when two gateways find it due at the same time', async () => {
    const { database, first, provider, issuer, clock } = await scene();
    const counted = refreshes(provider);
    const second = await gateway({ issuer, database, clock });
    const browser = new Browser(first);
    await browser.signIn('owner');
    const elsewhere = new Browser(second);
    elsewhere.cookies.set('dataall_session', browser.sessionId ?? '');
    // It knows the provider, too.
    await elsewhere.send('/auth/login');

    clock.ms += HOUR_MS;
    const held = Promise.withResolvers<void>();
    provider.hold = held.promise;
    const asked = vi.spyOn(globalThis, 'fetch');
    const all = Promise.all([browser, elsewhere, browser, elsewhere, browser].map(async (each) => each.who()));
    // The second one has come as far as it gets: to the row, or to the provider.
    const refreshRequests = (): number => asked.mock.calls.filter(([url]) => url === `${issuer}/token`).length;
    await expect.poll(async () => refreshRequests() + (await waitingForLocks(database))).toBe(2);
    held.resolve();
    const answers = await all;
    asked.mockRestore();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(counted.count).toBe(1);
    // A refresh token that were used twice would have ended it by now.
    clock.ms += HOUR_MS;
    expect(await elsewhere.who()).toMatchObject({ status: 200 });
    expect(counted.count).toBe(2);
  });

  it('takes groups away that the provider says no more, and is no proof that the person is there', async () => {
    const users = [{ name: 'owner', groups: ['sales', 'finance'] }];
    const { first, clock } = await scene({ users });
    const browser = new Browser(first);
    await browser.signIn('owner');
    const { authenticatedAt } = (await browser.who()).body;
    users[0] = { name: 'owner', groups: ['sales'] };
    clock.ms += HOUR_MS;
    expect((await browser.who()).body).toMatchObject({ groups: ['sales'], authenticatedAt });
  });

  it('asks userinfo where ID tokens say little, as at sign-in', async () => {
    const users = [{ name: 'owner', groups: ['sales', 'finance'] }];
    const { database } = await postgres.fresh();
    const features = { devInteractions: { enabled: false } };
    const { issuer } = await demoProvider({ users, configuration: { conformIdTokenClaims: true, features } });
    const clock = new ShiftedClock();
    const browser = new Browser(await gateway({ issuer, database, clock }));
    await browser.signIn('owner');
    expect((await browser.who()).body).toMatchObject({
      user: 'owner',
      groups: ['sales', 'finance'],
      email: 'owner@example.com',
    });
    users[0] = { name: 'owner', groups: ['sales'] };
    clock.ms += HOUR_MS;
    expect((await browser.who()).body).toMatchObject({ user: 'owner', groups: ['sales'] });
  });

  it('ends the session of who has left', async () => {
    const users = [{ name: 'owner', groups: ['sales'] }];
    const { first, clock, database } = await scene({ users });
    const browser = new Browser(first);
    await browser.signIn('owner');
    users.pop();
    clock.ms += HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 401, body: { reason: 'SessionEnded' } });
    expect(await database.selectFrom('session').select('user_name').execute()).toEqual([]);
  });

  it('waits for a provider that is down: nobody is let in on old groups, and nobody has to sign in again', async () => {
    const { first, clock, provider } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    provider.isDown = true;
    clock.ms += HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 503, body: { reason: 'IssuerUnavailable' } });
    provider.isDown = false;
    clock.ms += 6_000;
    expect(await browser.who()).toMatchObject({ status: 200, body: { user: 'owner' } });
  });

  it('of forty people, while the provider is down, keeps no connection from others and asks it a few times', async () => {
    const { first, clock, provider, database } = await scene();
    const browsers = Array.from({ length: 40 }, () => new Browser(first));
    for (const browser of browsers) await browser.signIn('owner');
    provider.isDown = true;
    const asked = vi.spyOn(globalThis, 'fetch');
    clock.ms += HOUR_MS;
    const answers = Promise.all(browsers.map(async (browser) => browser.who()));
    await database.selectFrom('session').select('user_name').executeTakeFirstOrThrow();
    expect((await answers).map(({ status }) => status)).toEqual(browsers.map(() => 503));
    expect(
      asked.mock.calls.filter(([url]) => typeof url === 'string' && url.startsWith(provider.issuer)).length,
    ).toBeLessThan(5);
    asked.mockRestore();
  });

  it('that fails shortly before the time is over lets people work until it is', async () => {
    const { first, clock, provider } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    provider.isDown = true;
    clock.ms += HOUR_MS - 20_000;
    expect(await browser.who()).toMatchObject({ status: 200 });
    clock.ms += 20_000;
    expect(await browser.who()).toMatchObject({ status: 503 });
  });

  it('seals tokens with the newest key, opens what older ones have sealed, and ends where the key is gone', async () => {
    const { database, first, issuer, clock } = await scene();
    const browser = new Browser(first);
    await browser.signIn('owner');
    const rotated = { issuer, database, clock, session: { keys: [sessionKey('2'), sessionKey('1')] } };
    browser.gateway = await gateway(rotated);
    clock.ms += HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 200 });
    browser.gateway = await gateway({ ...rotated, session: { keys: [sessionKey('2')] } });
    clock.ms += HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 200 });
    browser.gateway = await gateway({ ...rotated, session: { keys: [sessionKey('3')] } });
    clock.ms += HOUR_MS;
    expect(await browser.who()).toMatchObject({ status: 401, body: { reason: 'SessionEnded' } });
  });
});
