// What the gateway's HTTP server makes of requests that are meant to hurt it or others: what it cannot read, what it should not obey, more than
// it can do at once; and what it says while its database is away.

import { connect } from 'node:net';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newSessionId } from '../../api/identity/sessions/session-store.ts';
import { openDatabase } from '../../api/read-model/database.ts';
import { liveField } from '../../api/live/live-field.ts';
import type { GatewayContext } from '../../api/server/context.ts';
import { databaseServer } from '../support/database.ts';
import { httpGateway, type HttpGatewayOptions } from '../support/http-gateway.ts';
import { Proxy } from '../support/kernel-proxy.ts';

const postgres = databaseServer();

/** Who asks, and a question that is answered when the test says so. */
const schemaOf = (slow: () => Promise<string> = async () => 'done') =>
  makeExecutableSchema<GatewayContext>({
    typeDefs: `
      type Query { user: String!, groups: [String!]!, slow: String! }
      type Subscription { user: String!, slow: String! }`,
    resolvers: {
      Subscription: {
        user: liveField((_, { identity }) => identity.user),
        slow: liveField(slow),
      },
      Query: {
        user: (_, __, { identity }) => identity.user,
        groups: (_, __, { identity }) => identity.groups,
        slow,
      },
    },
  });

type Headers = Readonly<Record<string, string>>;

async function scene(options: Partial<HttpGatewayOptions> = {}) {
  const database = options.database ?? (await postgres.fresh()).database;
  const gateway = await httpGateway({ database, schema: schemaOf(), ...options });
  const as = async (email: string): Promise<Headers> => ({
    authorization: `Bearer ${await gateway.issuer.token({ email })}`,
  });
  const ann = await as('ann@example.com');
  const send = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Headers },
    headers: Headers = ann,
  ) =>
    fetch(gateway.url + path, {
      ...init,
      headers: { 'content-type': 'application/json', ...headers, ...init.headers },
    });
  const post = async (body: string | Buffer, headers?: Headers, signal?: AbortSignal) =>
    send('/graphql/api', { method: 'POST', body: body as string, ...(signal && { signal }) }, headers);
  return { ...gateway, as, ann, send, post };
}

const question = (query: string): string => JSON.stringify({ query });
const USER = question('{ user }');

/** What is wrong with a request, the status that it is refused with, its body and headers. */
const unreadable: readonly [string, number, string | Buffer, Headers?][] = [
  ['is no JSON', 400, '{'],
  ['is empty', 400, ''],
  ['is nothing', 400, 'null'],
  ['is a batch', 400, `[${USER}, ${USER}]`],
  ['has a number for a document', 400, '{"query": 1}'],
  ['has a list for variables', 400, '{"query": "{ user }", "variables": []}'],
  ['has text for variables', 400, '{"query": "{ user }", "variables": "{}"}'],
  ['has a list for the name of an operation', 400, '{"query": "{ user }", "operationName": ["user"]}'],
  ['reaches for prototypes', 400, '{"query": "{ user }", "variables": {"__proto__": {"isAdministrator": true}}}'],
  ['reaches for constructors', 400, '{"query": "{ user }", "variables": {"constructor": {"prototype": {"a": 1}}}}'],
  [
    'is in another encoding',
    400,
    Buffer.from(USER, 'utf16le'),
    { 'content-type': 'application/json; charset=utf-16le' },
  ],
  ['says that it is packed', 400, 'x', { 'content-encoding': 'gzip' }],
  ['is a form', 415, 'query={user}', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['is a form of files', 415, 'x', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['is plain text, as any page may send it', 400, USER, { 'content-type': 'text/plain' }],
  ['names a document by its hash', 200, '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}'],
  ['has 10 MB', 413, JSON.stringify({ query: '{ user }', variables: { text: 'x'.repeat(10_000_000) } })],
  ['has a header of 100 KB', 431, USER, { 'x-much': 'x'.repeat(100_000) }],
];

describe('A request that cannot be read', () => {
  it('is refused in the shape of GraphQL, and as nobody’s failure but its own', async () => {
    const { post, ann } = await scene();
    for (const [what, status, body, headers] of unreadable) {
      const response = await post(body, { ...ann, ...headers });
      const text = await response.text();
      expect([what, response.status, text]).toEqual([
        what,
        status,
        expect.not.stringMatching(/INTERNAL|"data"|node_modules/),
      ]);
      // Headers are refused before anything of ours is asked.
      if (status !== 431)
        expect(JSON.parse(text), what).toMatchObject({ errors: [{ message: expect.any(String) as string }] });
    }
  });

  it('may bring 4,000 arrays in each other, and is answered all the same', async () => {
    const { post } = await scene();
    const nested = `{"query": "{ user }", "variables": {"x": ${'['.repeat(4_000)}${']'.repeat(4_000)}}}`;
    expect(await (await post(nested)).json()).toMatchObject({ data: { user: 'ann@example.com' } });
  });

  it('within its time, because it comes letter by letter, is cut off', async () => {
    const { url } = await scene({ limits: { requestMs: 500 } });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    // What is written to who has hung up.
    socket.on('error', () => undefined);
    socket.write(
      'POST /graphql/api HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n',
    );
    const writing = setInterval(() => socket.write(' '), 100);
    onTestFinished(() => clearInterval(writing));
    const told = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString('latin1'))),
    );
    expect(told).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('for the end of a session that has no such id finds none, whatever stands there', async () => {
    const { url, ann } = await scene();
    for (const id of ['%00', "'; delete from session", '%F0%9F%9A%80', '00000000-0000-0000-0000-000000000000']) {
      const { status } = await fetch(`${url}/auth/sessions/${id}`, { method: 'DELETE', headers: ann });
      expect([id, status]).toEqual([id, 404]);
    }
  });

  it('by GET runs nothing, whatever is in its address', async () => {
    const { send } = await scene();
    for (const path of ['/graphql/api?query={user}', '/%', '/..%2f..%2fetc%2fpasswd', '/graphql%2fapi'])
      expect((await send(path, { method: 'GET' })).status).toBeGreaterThanOrEqual(400);
  });

  it('is told what would be read by who only opens the address, and how it is found in the log by who is not signed in', async () => {
    const { url } = await scene();
    const opened = await fetch(`${url}/graphql/api`);
    expect([opened.status, opened.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await opened.text()).toContain('send documents by POST, as JSON');
    const stranger = await fetch(`${url}/graphql/api`, { method: 'POST', body: USER });
    expect([stranger.status, await stranger.json()]).toMatchObject([
      401,
      { errors: [{ extensions: { reason: 'NoCredentials', requestId: stranger.headers.get('x-request-id') } }] },
    ]);
  });
});

describe('An answer', () => {
  it('is kept by nobody, and taken for nothing else than it says it is, whoever asks for what', async () => {
    const { send, ann } = await scene();
    const asked: [string, RequestInit['method'], Headers][] = [
      ['/config.json', 'GET', ann],
      ['/config.json', 'GET', {}],
      ['/graphql/api', 'POST', ann],
      ['/auth/userinfo', 'GET', ann],
      ['/nowhere', 'GET', ann],
    ];
    for (const [path, method = 'GET', headers] of asked) {
      const response = await send(path, { method, ...(method === 'POST' && { body: USER }) }, headers);
      expect([path, response.headers.get('cache-control'), response.headers.get('x-content-type-options')]).toEqual([
        path,
        'no-store',
        'nosniff',
      ]);
    }
  });
});

describe('A request that says it is of somebody else', () => {
  it('is of who the token says, whatever its headers say', async () => {
    const { post, ann } = await scene();
    const claims = {
      'impersonate-user': 'admin',
      'impersonate-group': 'system:masters',
      'x-remote-user': 'admin',
      'x-forwarded-user': 'admin',
      'x-amzn-oidc-data': 'admin',
    };
    const response = await post(question('{ user groups }'), { ...ann, ...claims });
    expect(await response.json()).toMatchObject({ data: { user: 'ann@example.com', groups: ['sales'] } });
  });

  it('is counted at the address that it comes from, unless a proxy that is trusted says another', async () => {
    const { post, ann } = await scene({ rate: { address: 2 } });
    const statuses = [];
    for (let asked = 0; asked < 6; asked++)
      statuses.push(
        (await post(USER, { ...ann, 'x-forwarded-for': `10.0.0.${asked}`, forwarded: `for=10.0.0.${asked}` })).status,
      );
    expect(statuses).toContain(429);
  });

  it('in a session is of a page of ours: JSON, and from an origin that is named', async () => {
    const { post } = await scene();
    const cookie = `__Host-dataall_session=${newSessionId().secret}`;
    const refusal = async (headers: Headers) =>
      ((await (await post(USER, { cookie, ...headers })).json()) as { errors: { extensions: { reason: string } }[] })
        .errors[0]?.extensions.reason;
    expect(await refusal({ origin: 'https://evil.example.com' })).toBe('ForgedRequest');
    expect(await refusal({ origin: 'null' })).toBe('ForgedRequest');
    expect(await refusal({ 'sec-fetch-site': 'same-site' })).toBe('ForgedRequest');
    expect(await refusal({ 'content-type': 'text/plain' })).toBe('ForgedRequest');
    expect(await refusal({ origin: 'https://data.example.com' })).toBe('SessionEnded');
  });
});

describe('One person who asks for much at once', () => {
  /** Questions that wait until they are let go. */
  const held = () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let [now, most] = [0, 0];
    const slow = async (): Promise<string> => {
      most = Math.max(most, ++now);
      const answer = await promise;
      now--;
      return answer;
    };
    return { schema: schemaOf(slow), release: () => resolve('done'), underWay: () => now, most: () => most };
  };

  it('has eight requests under way and waits for them, while others are answered', async () => {
    const { schema, release, underWay, most } = held();
    const { post, as } = await scene({ schema });
    onTestFinished(release);
    const asked = Array.from({ length: 30 }, async () => (await post(question('{ slow }'))).status);
    await expect.poll(underWay).toBe(8);
    expect(await (await post(USER, await as('bob@example.com'))).json()).toMatchObject({
      data: { user: 'bob@example.com' },
    });
    release();
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
    expect(most()).toBe(8);
  });

  it('has half of what subscriptions are answered by, however many streams they open, and others have the rest', async () => {
    const { schema, release, underWay } = held();
    const { send, as } = await scene({ schema });
    onTestFinished(release);
    const gone = new AbortController();
    onTestFinished(() => gone.abort());
    const events = { accept: 'text/event-stream' };
    const subscribe = async (query: string, headers?: Headers) =>
      send('/graphql/stream', { method: 'POST', headers: events, body: question(query), signal: gone.signal }, headers);
    const streams = await Promise.all(Array.from({ length: 20 }, async () => subscribe('subscription { slow }')));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    await expect.poll(underWay).toBe(2);
    const { body } = await subscribe('subscription { user }', await as('bob@example.com'));
    const told = body?.pipeThrough(new TextDecoderStream());
    for await (const text of told ?? []) if (text.includes('bob@example.com')) break;
    expect(underWay()).toBe(2);
  });

  it('and does not read the answers has no further ones until they are cut off', async () => {
    const long = 'x'.repeat(16_000_000);
    const { url, server, post, ann } = await scene({
      schema: schemaOf(async () => long),
      limits: { atOnce: 2, unreadMs: 500 },
    });
    let cut = 0;
    server.server.on('connection', (socket) => socket.once('close', () => (cut += 1)));
    const { hostname, port } = new URL(url);
    const body = question('{ slow }');
    const headers = { ...ann, host: 'x', 'content-type': 'application/json', 'content-length': body.length };
    const head = ['POST /graphql/api HTTP/1.1', ...Object.entries(headers).map((header) => header.join(': '))];
    const answers = Array.from({ length: 2 }, async () => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      socket.write([...head, '', body].join('\r\n'));
      // Its beginning has come, and the rest is left where it is.
      await new Promise((resolve) => socket.once('readable', resolve));
    });
    await Promise.all(answers);
    expect((await post(USER)).status).toBe(200);
    expect(cut).toBeGreaterThan(0);
  });

  it('is told so where hundreds wait, and gains nothing by asking and leaving', async () => {
    const { schema, release, underWay, most } = held();
    const { post } = await scene({ schema });
    onTestFinished(release);
    const gone = new AbortController();
    const ask = (signal?: AbortSignal) =>
      post(question('{ slow }'), undefined, signal).then(
        ({ status }) => status,
        () => 'left',
      );
    const leaving = Array.from({ length: 20 }, async () => ask(gone.signal));
    await expect.poll(underWay).toBe(8);
    gone.abort();
    expect(new Set(await Promise.all(leaving))).toEqual(new Set(['left']));
    // Eight that nobody waits for are still under way, and as many wait as may.
    const asked = Array.from({ length: 210 }, async () => ask());
    expect(await Promise.race(asked)).toBe(429);
    expect(underWay()).toBe(8);
    release();
    const statuses = await Promise.all(asked);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(most()).toBe(8);
  });
});

/** How long a statement may take, and what all of a request may: the address and the person are counted, and the session looked up, before it. */
const STATEMENT_MS = 300;
/** When a statement that is not answered is given up. */
const GIVEN_UP_MS = STATEMENT_MS + 1_000;
const REQUEST_MS = 10_000;

describe('While its database hangs, the gateway', () => {
  it.each([
    // Of six that ask, those who come last find new connections, and are nobody's session.
    ['on connections that are open', 'freeze', [401, 503]],
    ['for whoever connects, too', 'isolate', [503]],
  ] as const)('says so in time, %s, and goes on with others when it is back', async (_, how, statuses) => {
    const { url } = await postgres.fresh();
    const proxy = await Proxy.before(url);
    onTestFinished(async () => proxy.close());
    const through = new URL(url);
    through.port = String(proxy.port);
    const database = openDatabase({ url: through.href, connections: 3, statementTimeoutMs: STATEMENT_MS });
    onTestFinished(async () => database.destroy());
    const { ann, post } = await scene({ database });
    const cookie = { cookie: `__Host-dataall_session=${newSessionId().secret}` };
    // All of its connections are open.
    const answers = async (headers: Headers) =>
      Promise.all(Array.from({ length: 6 }, async () => (await post(USER, headers)).status));
    expect(new Set(await answers(ann))).toEqual(new Set([200]));
    proxy[how]();
    const began = performance.now();
    expect([...new Set(await answers(cookie))].toSorted((a, b) => a - b)).toEqual(statuses);
    expect(performance.now() - began).toBeLessThan(REQUEST_MS);
    proxy.restore();
    await expect.poll(async () => [...new Set(await answers(ann))], { timeout: REQUEST_MS }).toEqual([200]);
    // None that hangs is among the connections any more.
    const again = performance.now();
    expect(new Set(await answers(ann))).toEqual(new Set([200]));
    expect(performance.now() - again).toBeLessThan(GIVEN_UP_MS);
  });
});

describe('While its database is away, the gateway', () => {
  const nowhere = () => {
    const database = openDatabase({
      url: 'postgres://teller@127.0.0.1:1/vault',
      connections: 2,
      statementTimeoutMs: 1_000,
    });
    onTestFinished(async () => database.destroy());
    return database;
  };
  const secrets = /127\.0\.0\.1|ECONNREFUSED|teller|vault|:1\b/;

  it('says so to whoever asks by a token, in a session or for its readiness, and tells nothing of where it is', async () => {
    const lines: string[] = [];
    const database = nowhere();
    const ready = async () => {
      await database.selectFrom('session').select('id_hash').execute();
    };
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const { post, send } = await scene({ database, ready, log });
    const cookie = { cookie: `__Host-dataall_session=${newSessionId().secret}` };
    const unavailable = {
      errors: [{ extensions: { code: 'ServiceUnavailable', requestId: expect.any(String) as string } }],
    };
    for (const headers of [undefined, cookie]) {
      const response = await post(USER, headers);
      expect(response.status).toBe(503);
      const answer: unknown = await response.json();
      expect(answer).toMatchObject(unavailable);
      expect(JSON.stringify(answer)).not.toMatch(secrets);
    }
    for (const [method, path] of [
      ['GET', '/readyz'],
      ['GET', '/auth/sessions'],
      ['POST', '/auth/logout'],
      ['POST', '/search/api'],
    ] as const) {
      const response = await send(path, { method, ...(method === 'POST' && { body: '{}' }) }, cookie);
      expect([path, response.status]).toEqual([path, 503]);
      expect(await response.text()).not.toMatch(secrets);
    }
    // Its operators read why.
    expect(lines.join('')).toMatch(/ECONNREFUSED/);
  });
});
