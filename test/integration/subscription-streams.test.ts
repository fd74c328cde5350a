// Streams of subscriptions: who gets one and how many, what may be asked on it, when it ends, and what becomes of it when PostgreSQL or the gateway goes.

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  clientOf,
  countOf,
  liveScene,
  SHARE,
  shown,
  subscribe,
  type Headers,
  type LiveGateway,
} from '../support/live-scene.ts';

const scene = liveScene();
const EVENTS = { accept: 'text/event-stream' };
const TOKEN = 'x-graphql-event-stream-token';
const INBOX = 'subscription { inboxChanged { unreadNotifications } }';

const send = async ({ url }: LiveGateway, method: string, headers: Headers, body?: object): Promise<Response> =>
  fetch(`${url}/graphql/stream`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** PUTs a stream. @returns what names it in further requests */
const begun = async (gateway: LiveGateway, headers: Headers): Promise<Headers> => {
  const response = await send(gateway, 'PUT', headers);
  expect(response.status).toBe(201);
  return { ...headers, [TOKEN]: await response.text() };
};

const operation = (operationId: string): object => ({ query: INBOX, extensions: { operationId } });
const streams = (gateway: LiveGateway) => async (): Promise<number> => countOf(gateway, 'dataall_live_streams');
const ended = (gateway: LiveGateway, reason: string) => async (): Promise<number> =>
  countOf(gateway, 'dataall_live_streams_ended_total', { reason });

describe('A stream', () => {
  it('is for who is signed in, and in a session for pages of the gateway alone', async () => {
    const { door } = scene();
    const session = await door.session('analyst');
    const foreign = { ...session, origin: 'https://elsewhere.example.com' };
    const statuses = async (headers: Headers): Promise<number[]> => [
      (await send(door, 'POST', { ...headers, ...EVENTS }, { query: INBOX })).status,
      (await send(door, 'PUT', headers)).status,
    ];
    expect(await statuses({})).toEqual([401, 401]);
    expect(await statuses({ authorization: 'Bearer made-up' })).toEqual([401, 401]);
    expect(await statuses(foreign)).toEqual([403, 403]);
    // By a link, or a picture on a page, nothing begins.
    const link = await fetch(`${door.url}/graphql/stream?query=${encodeURIComponent(INBOX)}`, {
      headers: { ...session, ...EVENTS },
    });
    expect(link.status).toBe(404);
  });

  it('is read by pages of other origins that are trusted, and by no others', async () => {
    const { door, token } = scene();
    const asked = async (origin: string): Promise<string | null> => {
      const preflight = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': TOKEN };
      const { headers } = await send(door, 'OPTIONS', preflight);
      const stream = await send(door, 'POST', { ...(await token('owner')), ...EVENTS, origin }, { query: INBOX });
      await stream.body?.cancel();
      expect(stream.headers.get('access-control-allow-origin')).toBe(headers.get('access-control-allow-origin'));
      return headers.get('access-control-allow-origin') && headers.get('access-control-allow-methods');
    };
    expect(await asked('http://localhost:8443')).toContain('PUT');
    expect(await asked('https://elsewhere.example.com')).toBeNull();
  });

  it.each([
    ['a mutation', 'mutation { markAllNotificationsAsRead }', /at \/graphql\/api/],
    ['a query', '{ countUnreadNotifications }', /at \/graphql\/api/],
    ['the schema', 'subscription { inboxChanged { __typename } __schema { description } }', /introspection/i],
    [
      'two fields',
      'subscription { inboxChanged { __typename } again: inboxChanged { __typename } }',
      /only one top level field/,
    ],
    ['a field that is none', 'subscription { everything }', /Cannot query field/],
    [
      'too many tokens',
      `subscription { inboxChanged { ${'unreadNotifications '.repeat(1_100)} } }`,
      /more that 1000 tokens/,
    ],
    [
      'too many aliases',
      `subscription { inboxChanged { ${Array.from({ length: 20 }, (_, at) => `a${at}: unreadNotifications`).join(' ')} } }`,
      /Aliases limit/i,
    ],
    ['no document', 'subscription {', /Syntax Error/],
  ])('refuses %s with what is wrong, and is complete', async (_, query, message) => {
    const { door, token } = scene();
    const { events, done } = subscribe(clientOf(door, await token('owner')), query);
    await done;
    expect(events).toHaveLength(1);
    expect(events[0]?.data ?? null).toBeNull();
    expect(events[0]?.errors?.map((error) => error.message).join('\n')).toMatch(message);
  });

  it('is the only way to subscribe', async () => {
    const { door, token } = scene();
    const { errors } = await door.ask(await token('owner'), INBOX);
    expect(errors).toMatchObject([{ message: 'Subscriptions are asked for at /graphql/stream' }]);
  });

  it('is its owner’s alone, whoever knows its name', async () => {
    const { door, token } = scene();
    const stream = await begun(door, await token('analyst'));
    const stolen = { ...(await token('stranger')), [TOKEN]: stream[TOKEN] ?? '' };
    expect((await send(door, 'GET', { ...stolen, ...EVENTS })).status).toBe(404);
    expect((await send(door, 'POST', stolen, operation('1'))).status).toBe(404);
    expect((await send(door, 'DELETE', stolen)).status).toBe(404);
    expect((await send(door, 'POST', stream, operation('1'))).status).toBe(202);
  });
});

describe('There are', () => {
  it('so many streams of one person, and of all together', async () => {
    const { gateway: start, token } = scene();
    const gateway = await start({ streamsPerPerson: 2, streams: 3 });
    const [analyst, owner] = [await token('analyst'), await token('owner')];
    for (const headers of [analyst, analyst, owner]) await begun(gateway, headers);
    expect((await send(gateway, 'PUT', analyst)).status).toBe(429);
    expect((await send(gateway, 'POST', { ...analyst, ...EVENTS }, { query: INBOX })).status).toBe(429);
    expect((await send(gateway, 'PUT', owner)).status).toBe(503);
  });

  it('so many subscriptions on one stream, whose names are kept and are short', async () => {
    const { gateway: start, token } = scene();
    const gateway = await start({ subscriptionsPerStream: 2 });
    const stream = await begun(gateway, await token('analyst'));
    expect((await send(gateway, 'POST', stream, operation('x'.repeat(101)))).status).toBe(400);
    for (const id of ['1', '2']) expect((await send(gateway, 'POST', stream, operation(id))).status).toBe(202);
    expect((await send(gateway, 'POST', stream, { query: INBOX, extensions: { operationId: ['3'] } })).status).toBe(
      400,
    );
    const refused = await send(gateway, 'POST', stream, operation('3'));
    expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('at most 2')]);
    const path = `${gateway.url}/graphql/stream?operationId=1`;
    expect((await fetch(path, { method: 'DELETE', headers: stream })).status).toBe(200);
    await expect.poll(() => countOf(gateway, 'dataall_live_subscriptions')).toBe(1);
    expect((await send(gateway, 'POST', stream, operation('3'))).status).toBe(202);
  });
});

describe('A subscription', () => {
  it('begins by POST alone, not by an address, and the limits of POST are so no limits that GET passes by', async () => {
    const { gateway: start, token } = scene();
    const gateway = await start();
    const stream = await begun(gateway, await token('analyst'));
    const asked = new URLSearchParams({ query: INBOX, extensions: '{"operationId":"1"}' });
    const byAddress = await fetch(`${gateway.url}/graphql/stream?${asked.toString()}`, { headers: stream });
    expect([byAddress.status, await byAddress.text()]).toEqual([406, expect.stringContaining('by POST')]);
    expect(await countOf(gateway, 'dataall_live_subscriptions')).toBe(0);
  });

  it('is asked for in few words, since they are kept', async () => {
    const { gateway: start, token } = scene();
    const gateway = await start();
    const stream = await begun(gateway, await token('analyst'));
    const long = { ...operation('1'), query: `${INBOX} # ${'x'.repeat(40_000)}` };
    expect((await send(gateway, 'POST', stream, long)).status).toBe(413);
    expect(await countOf(gateway, 'dataall_live_subscriptions')).toBe(0);
  });
});

describe('A stream ends, and nothing of it is left,', () => {
  it('when its client goes', async () => {
    const { gateway: start, token } = scene();
    const gateway = await start();
    const client = clientOf(gateway, await token('analyst'), true);
    const { events } = subscribe(client, INBOX);
    await expect.poll(() => events).toHaveLength(1);
    expect(await streams(gateway)()).toBe(1);
    client.dispose();
    await expect.poll(streams(gateway)).toBe(0);
    expect(await countOf(gateway, 'dataall_live_subscriptions')).toBe(0);
  });

  it.each([
    ['when nobody comes for it', { stallMs: 100 }, 'idle'],
    ['when it has no subscription for a while', { idleMs: 100 }, 'idle'],
    ['when it is old', { maxAgeMs: 100 }, 'age'],
  ])('%s', async (_, settings, reason) => {
    const { gateway: start, token } = scene();
    const gateway = await start(settings);
    const stream = await begun(gateway, await token('analyst'));
    if (reason === 'age') await send(gateway, 'POST', stream, operation('1'));
    await expect.poll(ended(gateway, reason)).toBe(1);
    expect(await streams(gateway)()).toBe(0);
    expect((await send(gateway, 'GET', { ...stream, ...EVENTS })).status).toBe(404);
  });

  it('when the gateway stops, which is not held up by it', async () => {
    const { gateway: start, token } = scene();
    const gateway = await start();
    const [alone, one] = [clientOf(gateway, await token('analyst')), clientOf(gateway, await token('analyst'), true)];
    const subscriptions = [alone, one].map((client) => subscribe(client, INBOX));
    await expect.poll(() => subscriptions.map(({ events }) => events.length)).toEqual([1, 1]);
    await gateway.stop();
    for (const { done } of subscriptions) await expect(done).rejects.toThrow();
    expect(await ended(gateway, 'stop')()).toBe(2);
  });
});

describe('When PostgreSQL', () => {
  const cut = async (): Promise<unknown> =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dataall-gateway-changes'`.execute(
      scene().database,
    );

  it('cuts the connection on which it tells of changes, what changed meanwhile is sent', async () => {
    const { gateway: start, token, share: request } = scene();
    const [gateway, share] = [await start(), await request()];
    const { events } = subscribe(clientOf(gateway, await token('analyst')), SHARE, { uri: share.uri });
    await expect.poll(() => events).toHaveLength(1);
    await expect.poll(() => countOf(gateway, 'dataall_live_listens')).toBe(1);
    await cut();
    await expect.poll(() => countOf(gateway, 'dataall_live_listens')).toBe(0);
    await share.say('Nobody heard');
    await expect.poll(() => events.at(-1), { timeout: 20_000 }).toEqual(shown({ requestPurpose: 'Nobody heard' }));
  });

  it('crashes and comes back, subscriptions go on, and nobody was told of it', async () => {
    const { gateway: start, token, share: request, postgres } = scene();
    const [gateway, share] = [await start(), await request()];
    const { events } = subscribe(clientOf(gateway, await token('analyst')), SHARE, { uri: share.uri });
    await expect.poll(() => events).toHaveLength(1);
    await postgres.kill();
    await expect.poll(() => countOf(gateway, 'dataall_live_listens')).toBe(0);
    await postgres.start();
    await share.say('After the crash');
    await expect.poll(() => events.at(-1), { timeout: 30_000 }).toEqual(shown({ requestPurpose: 'After the crash' }));
    expect(events.filter(({ errors }) => errors !== undefined)).toEqual([]);
  });
});
