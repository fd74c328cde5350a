// What the gateway's HTTP server makes of credentials, good and bad, as they come over the network.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { sql } from 'kysely';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { GatewayContext } from '../../api/server/context.ts';
import type { RateLimits } from '../../api/server/rate-limit.ts';
import { databaseServer } from '../support/database.ts';
import { httpGateway } from '../support/http-gateway.ts';

const postgres = databaseServer();

const schema = makeExecutableSchema<GatewayContext>({
  typeDefs: 'type Query { user: String!, groups: [String!]!, rows: Int, mistake: Int }',
  resolvers: {
    Query: {
      user: (_, __, { identity }) => identity.user,
      groups: (_, __, { identity }) => identity.groups,
      rows: async (_, __, { database }) => (await database.selectFrom('organization').selectAll().execute()).length,
      mistake: () => {
        throw new TypeError('secret is not a function');
      },
    },
  },
});

/** A gateway that listens, with a schema that tells who asks. */
const listening = async (rate: Partial<RateLimits> = {}) => {
  const { database } = await postgres.fresh();
  const { issuer, url, registry } = await httpGateway({ database, schema, rate });
  const ask = async (headers: Record<string, string>, body: object = { query: '{ user }' }) =>
    fetch(`${url}/graphql/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { issuer, url, registry, ask, database };
};

describe('The gateway', () => {
  it('serves somebody in 300 groups with long names, whose token is larger than what Node takes of itself', async () => {
    const { issuer, ask } = await listening();
    const groups = Array.from({ length: 300 }, (_, index) => `department-of-data-products-and-analytics-${index}`);
    const token = await issuer.token({ groups });
    expect(token.length).toBeGreaterThan(16_384);
    const response = await ask({ authorization: `Bearer ${token}` }, { query: '{ user groups }' });
    expect(await response.json()).toMatchObject({ data: { user: 'ann@example.com', groups } });
  });

  it('answers a person, and an address, so many requests a minute, and says when to come back', async () => {
    const byPerson = await listening({ user: 2 });
    const authorization = `Bearer ${await byPerson.issuer.token()}`;
    const other = `Bearer ${await byPerson.issuer.token({ email: 'bob@example.com' })}`;
    const answers = [];
    for (let asked = 0; asked < 6; asked++) answers.push(await byPerson.ask({ authorization }));
    // A minute may begin in between.
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(1);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await byPerson.ask({ authorization: other })).status).toBe(200);

    const byAddress = await listening({ address: 2 });
    const statuses = [];
    for (let asked = 0; asked < 6; asked++) statuses.push((await byAddress.ask({})).status);
    expect(statuses).toContain(429);
    expect((await fetch(`${byAddress.url}/healthz`)).status).toBe(200);
  });

  it('says that its database is away, and of a failure of its own nothing but the id of the request', async () => {
    const { issuer, ask, database } = await listening();
    const authorization = `Bearer ${await issuer.token()}`;
    await sql`alter table organization rename to lost`.execute(database);
    const away = await ask({ authorization }, { query: '{ rows }' });
    expect(await away.json()).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('the database of the gateway does not answer; try again'),
          extensions: { code: 'ServiceUnavailable', requestId: away.headers.get('x-request-id') },
        },
      ],
    });
    const failed = await ask({ authorization }, { query: '{ mistake }' });
    const answer = await failed.text();
    expect(answer).not.toContain('secret');
    expect(JSON.parse(answer)).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: failed.headers.get('x-request-id') } }],
    });
  });

  it('counts what it answers by route and status, and errors by their code, whatever addresses people make up', async () => {
    const { issuer, ask, url, registry } = await listening();
    const authorization = `Bearer ${await issuer.token()}`;
    await ask({ authorization });
    await ask({ authorization }, { query: '{ mistake }' });
    await ask({});
    await fetch(`${url}/made/up`);
    const metrics = await registry.metrics();
    const name = 'dataall_gateway_request_duration_seconds_count';
    expect(metrics).toContain(`${name}{route="/graphql/api",status="200"} 2`);
    expect(metrics).toContain(`${name}{route="/graphql/api",status="401"} 1`);
    expect(metrics).toContain(`${name}{route="none",status="404"} 1`);
    expect(metrics).toContain('dataall_gateway_errors_total{code="INTERNAL_SERVER_ERROR"} 1');
    expect(metrics).not.toContain('made');
  });

  it('says to its operators why nobody is let in while the identity provider does not answer', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const { issuer, url } = await httpGateway({ database: (await postgres.fresh()).database, schema, log });
    const authorization = `Bearer ${await issuer.token()}`;
    issuer.fail();
    const headers = { 'content-type': 'application/json', authorization };
    const response = await fetch(`${url}/graphql/api`, { method: 'POST', headers, body: '{"query": "{ user }"}' });
    expect(response.status).toBe(503);
    expect(lines.join('')).toMatch(/nobody is let in/);
    expect(lines.join('')).toMatch(/"message":"[^"]*unexpected HTTP response status code/);
    expect(lines.join('')).not.toContain(authorization);
  });

  it('lets pages of the origins that are named read its answers, and no others', async () => {
    const { url, ask } = await listening();
    const preflight = async (origin: string) =>
      (
        await fetch(`${url}/graphql/api`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        })
      ).headers;
    const allowed = await preflight('https://portal.example.com');
    expect(allowed.get('access-control-allow-origin')).toBe('https://portal.example.com');
    expect(allowed.get('access-control-allow-credentials')).toBe('true');
    expect((await preflight('https://evil.example.com')).get('access-control-allow-origin')).toBeNull();

    const { headers } = await ask({ origin: 'https://portal.example.com' });
    expect(headers.get('access-control-expose-headers')?.split(', ').toSorted()).toEqual([
      'dataall-search-degraded',
      'retry-after',
      'x-request-id',
    ]);
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('refuses a token of a megabyte before it is read, and goes on serving', async () => {
    const { issuer, ask } = await listening();
    const status = await ask({ authorization: `Bearer ${'x'.repeat(1_048_576)}` }).then(
      (response) => response.status,
      () => 'cut off',
    );
    expect([431, 'cut off']).toContain(status);
    expect((await ask({ authorization: `Bearer ${await issuer.token()}` })).status).toBe(200);
  });

  it('tells clients of GraphQL in its own shape why they are not let in', async () => {
    const { issuer, ask } = await listening();
    const refusal = async (headers: Record<string, string>) => {
      const response = await ask(headers);
      const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
      return { status: response.status, challenge: response.headers.get('www-authenticate'), ...errors[0] };
    };
    const token = await issuer.token({ exp: 1 });
    expect(await refusal({})).toMatchObject({
      status: 401,
      challenge: 'Bearer',
      extensions: { reason: 'NoCredentials' },
    });
    const expired = await refusal({ authorization: `Bearer ${token}` });
    expect(expired).toMatchObject({
      status: 401,
      message: 'the token has expired: sign in again',
      extensions: { reason: 'TokenExpired' },
    });
    expect(JSON.stringify(expired)).not.toContain(token.split('.')[1]);
    const forged = { cookie: '__Host-dataall_session=x', origin: 'https://evil.example.com' };
    expect(await refusal(forged)).toMatchObject({
      status: 403,
      extensions: { code: 'FORBIDDEN', reason: 'ForgedRequest' },
    });
  });

  it.each([
    { query: '{ groups }' },
    { query: 'query user { groups }', operationName: 'user' },
    { query: '{ ...others } fragment others on Query { user: groups }' },
  ])(
    'asks who has signed in long ago to do so again for what settings name, whatever the client calls it: %j',
    async (body) => {
      const { issuer, ask } = await listening();
      const signedIn = async (minutesAgo: number) =>
        ask(
          {
            authorization: `Bearer ${await issuer.token({ auth_time: Math.floor(Date.now() / 1000) - minutesAgo * 60 })}`,
          },
          body,
        );
      const response = await signedIn(6);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'REAUTH' } }] });
      expect((await signedIn(4)).status).not.toBe(401);
    },
  );

  it('tells who is signed in at /auth/userinfo, to the bearer of a token as well, and keeps it out of caches', async () => {
    const { issuer, url } = await listening();
    const response = await fetch(`${url}/auth/userinfo`, {
      headers: { authorization: `Bearer ${await issuer.token({ name: 'Ann' })}` },
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({
      email: 'ann@example.com',
      name: 'Ann',
      sub: 'ann@example.com',
      groups: ['sales'],
    });
  });
});
