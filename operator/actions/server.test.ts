import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CertificateAuthority } from '../../hack/control-plane/certificates.ts';
import { FakeClock } from '../kernel/testing/fake-clock.ts';
import { z } from 'zod';
import { defineAction } from './action.ts';
import { defineRoute, pathOf } from './contract/route.ts';
import { PROBLEM_MEDIA_TYPE, problemBody } from './contract/problem.ts';
import { Problem } from './problem.ts';
import { ActionTestEnv, GATEWAY, INDEXER } from './testing/action-test-env.ts';

const route = defineRoute({
  name: 'greet',
  method: 'POST',
  on: ['datasets', 'organizations'],
  verb: 'greet',
  input: z.strictObject({ word: z.string().default('hello') }),
  answer: z.object({ user: z.string(), groups: z.array(z.string()), word: z.string() }),
});
/** What the next runs do instead. */
let doing: ((signal: AbortSignal) => Promise<never>) | undefined;
const greet = defineAction({
  route,
  limits: { milliseconds: 60_000, bytes: 100_000 },
  run: async ({ user: { name, groups }, signal, record }, { word }) => {
    record({ word });
    await doing?.(signal);
    return { value: { user: name, groups: [...groups], word } };
  },
});
/** The same with less patience. */
const hurry = defineAction({
  ...greet,
  route: { ...route, name: 'hurry' },
  limits: { ...greet.limits, milliseconds: 50 },
});
const ann = { name: 'ann', groups: ['sales', 'Marketing Analysts/EMEA@acme.example'] };
const ORDERS = pathOf(route, { resource: 'datasets', namespace: 'sales-prod', name: 'orders' });
const ACME = pathOf(route, { resource: 'organizations', name: 'acme' });

let env: ActionTestEnv;
beforeEach(() => {
  doing = undefined;
  env = new ActionTestEnv({ actions: [greet, hurry] });
  env.rights.add('sales greet datasets/sales-prod/orders');
  env.rights.add('sales greet organizations/acme');
});
afterEach(() => env[Symbol.asyncDispose]());

const post = (path: string, asked: Parameters<ActionTestEnv['ask']>[1] = {}) =>
  env.ask(path, { method: 'POST', user: ann, ...asked });
const problem = (path: string, asked: Parameters<ActionTestEnv['ask']>[1] = {}) =>
  env.problem(path, { method: 'POST', user: ann, ...asked });

describe('a caller', () => {
  it('asks for a user, who is let by the verb on the object, by a group of theirs', async () => {
    const { status, json, headers } = await post(ORDERS, { body: { word: 'hi' } });
    expect({ status, json }).toEqual({
      status: 200,
      json: { user: 'ann', groups: [...ann.groups, 'system:authenticated'], word: 'hi' },
    });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': expect.any(String) });
    expect((await post(ACME)).status).toBe(200);
  });

  it('that asserts nobody asks for itself', async () => {
    env.rights.add(`${INDEXER} greet organizations/acme`);
    const { json } = await post(ACME, { token: 'indexer', user: undefined });
    expect(json).toEqual({ user: INDEXER, groups: ['system:serviceaccounts'], word: 'hello' });
    expect(await problem(ACME, { user: undefined })).toMatchObject({ status: 403 });
  });

  it('that may not assert users is refused when it does', async () => {
    expect(await problem(ORDERS, { token: 'indexer' })).toEqual({
      type: 'urn:dataall:problem:forbidden',
      status: 403,
      detail: `${INDEXER} may not ask for others (assertsUsers in actions.callers).`,
    });
  });

  it.each([
    ['without a token', { token: undefined }],
    ['with a token that nobody knows', { token: 'made-up' }],
    ['with a token that expired', { token: 'expired' }],
    ['with a token for another audience', { token: 'of-api-server' }],
    ['with a token in another scheme', { headers: { authorization: 'Basic Z2F0ZXdheQ==' } }],
    ['with a token of 9,000 characters', { token: 'x'.repeat(9_000) }],
  ])('%s is not known, whatever the path is', async (_how, asked) => {
    env.tokens.set('of-api-server', { username: GATEWAY, audiences: ['https://kubernetes.default.svc'] });
    for (const path of [ORDERS, '/v1/nothing', '/'])
      expect(await problem(path, asked)).toMatchObject({ status: 401, detail: expect.stringContaining('audience') });
    const { headers } = await post(ORDERS, asked);
    expect(headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'content-type': expect.stringContaining(PROBLEM_MEDIA_TYPE),
    });
  });

  it('that the configuration does not name is refused', async () => {
    const username = 'system:serviceaccount:team-git:gateway';
    env.tokens.set('other', { username, audiences: ['dataall-actions'] });
    expect(await problem(ORDERS, { token: 'other' })).toMatchObject({
      status: 403,
      detail: `${username} is not among actions.callers of the operator’s configuration.`,
    });
  });

  it('is reviewed once in a few seconds, and one that is refused each time', async () => {
    for (const _ of [1, 2, 3]) await post(ORDERS);
    expect(env.reviewed).toBe(1);
    for (const _ of [1, 2, 3]) await post(ORDERS, { token: 'made-up' });
    expect(env.reviewed).toBe(4);
  });
});

describe('many callers at once', () => {
  it('are let in by one review of the token that they share', async () => {
    const reviewed = Promise.withResolvers<void>();
    env.reviewing = reviewed.promise;
    const asked = Array.from({ length: 5 }, (_, index) => post(ORDERS, { user: { ...ann, name: `user${index}` } }));
    reviewed.resolve();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(env.reviewed).toBe(1);
  });

  it('with made-up tokens keep 32 reviews busy and no more', async () => {
    const reviewed = Promise.withResolvers<void>();
    env.reviewing = reviewed.promise;
    const answered: number[] = [];
    const asked = Array.from({ length: 40 }, async (_, index) => {
      const { status } = await post(ORDERS, { token: `made-up-${index}` });
      answered.push(status);
      return status;
    });
    // Those that find no room are told so while the others wait.
    while (answered.length < 8) await delay(1);
    expect(new Set(answered)).toEqual(new Set([429]));
    reviewed.resolve();
    const counted = Object.groupBy(await Promise.all(asked), String);
    expect({ refused: counted[401]?.length, turned: counted[429]?.length }).toEqual({ refused: 32, turned: 8 });
  });
});

describe('an asserted user', () => {
  it.each([
    ['a name of Kubernetes', { name: 'system:admin', groups: [] }],
    ['a node', { name: 'system:node:one', groups: ['sales'] }],
    ['a group of Kubernetes', { name: 'ann', groups: ['sales', 'system:masters'] }],
    ['everybody who is authenticated', { name: 'ann', groups: ['system:authenticated'] }],
  ])('with %s is refused', async (_what, user) => {
    env.rights.add('system:masters greet datasets/sales-prod/orders');
    expect(await problem(ORDERS, { user })).toMatchObject({ status: 403, detail: expect.stringContaining('system:') });
  });

  it('has one group for each header, whatever is written in it', async () => {
    const groups = ['strangers, sales', 'Größe/営業', 'sales\tsales'];
    expect(await problem(ORDERS, { user: { name: 'zoe', groups: ['strangers, sales'] } })).toMatchObject({
      status: 403,
    });
    env.rights.add('Größe/営業 greet datasets/sales-prod/orders');
    const { json } = await post(ORDERS, { user: { name: 'zoë', groups: groups.slice(0, 2) } });
    expect(json).toMatchObject({ user: 'zoë', groups: ['strangers, sales', 'Größe/営業', 'system:authenticated'] });
    expect(await problem(ORDERS, { user: { name: 'zoe', groups } })).toMatchObject({ status: 400 });
  });

  it('may be in 300 groups with long names', async () => {
    const groups = Array.from({ length: 300 }, (_, index) => `department-${'x'.repeat(100)}-${index}`);
    expect((await post(ORDERS, { user: { name: 'ann', groups: [...groups, 'sales'] } })).status).toBe(200);
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['two names', { 'impersonate-user': ['ann', 'bob'] }],
    ['groups without a name', { 'impersonate-group': 'sales' }],
    ['a uid', { 'impersonate-user': 'ann', 'impersonate-uid': '1' }],
    ['extra fields', { 'impersonate-user': 'ann', 'impersonate-extra-scopes': 'all' }],
    ['an empty group', { 'impersonate-user': 'ann', 'impersonate-group': ['sales', ''] }],
    ['bytes that are no UTF-8', { 'impersonate-user': 'ann', 'impersonate-group': '\u00ff\u00fe' }],
    ['a name of 600 bytes', { 'impersonate-user': 'a'.repeat(600), 'impersonate-group': 'sales' }],
    ['1,001 groups', { 'impersonate-user': 'ann', 'impersonate-group': Array.from({ length: 1_001 }, () => 'sales') }],
  ])('by %s is not understood', async (_what, headers) => {
    expect(await problem(ORDERS, { user: undefined, headers })).toMatchObject({ status: 400 });
  });

  it('who lacks the verb is told the same whether there is such an object or not', async () => {
    const of = async (name: string) =>
      JSON.stringify(await problem(ORDERS.replace('orders', name), { user: { name: 'zoe', groups: ['strangers'] } }));
    expect((await of('orders')).replaceAll('orders', 'x')).toBe((await of('missing')).replaceAll('missing', 'x'));
    expect(await of('orders')).toContain('"status":403');
  });
});

describe('a request', () => {
  it.each([
    ['/v1/datasets/sales-prod/..%2F..%2Forders/greet', 400],
    ['/v1/datasets/sales-prod/orders%00/greet', 400],
    ['/v1/datasets/sales-prod/Orders/greet', 400],
    ['/v1/datasets/sales%2Dprod/orders/greet', 200],
    ['/v1/datasets//sales-prod/orders/greet', 404],
    ['/v1/datasets/sales-prod/orders/greet/', 404],
    ['/v1/datasets/sales-prod/orders/../orders/greet', 404],
    ['/v1/datasets/sales-prod/orders/GREET', 404],
    ['/v1/datasets/orders/greet', 404],
    ['/v1/organizations/acme/orders/greet', 404],
    ['/v2/organizations/acme/greet', 404],
    [`/v1/datasets/sales-prod/${'o'.repeat(300)}/greet`, 400],
    ['/v1/datasets/%zz/orders/greet', 400],
  ])('to %s is answered with %d', async (path, status) => {
    // Node's URL would resolve what is tried here.
    const url = new URL(await env.url());
    const { default: http } = await import('node:http');
    const answered = await new Promise<number>((resolve, reject) => {
      const headers = {
        authorization: 'Bearer gateway',
        'impersonate-user': 'ann',
        'impersonate-group': 'sales',
      };
      http
        .request({ host: url.hostname, port: url.port, path, method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(status);
  });

  it('by another method is no route', async () => {
    expect(await env.problem(ORDERS, { user: ann })).toMatchObject({ status: 404 });
  });

  it.each([
    ['with an unknown field', { word: 'hi', sudo: true }, 400],
    ['with a field of another type', { word: 1 }, 400],
    ['with no JSON', '{"word":', 400],
    ['of 20 KB', { word: 'x'.repeat(20_000) }, 413],
  ])('%s is refused', async (_what, body, status) => {
    const { json, text } = await post(ORDERS, { body });
    expect(problemBody.parse(json)).toMatchObject({ status });
    expect(text).not.toContain('    at ');
  });

  it('that is a dry run is judged as any other, and nothing is done', async () => {
    const dry = `${ORDERS}?dryRun=All`;
    doing = async () => Promise.reject(new Error('something was done'));
    expect(await post(dry, { body: { word: 'hi' } })).toMatchObject({ status: 204, text: '' });
    expect(await problem(dry, { user: { name: 'zoe', groups: [] } })).toMatchObject({ status: 403 });
    expect(await problem(dry, { body: { word: 1 } })).toMatchObject({ status: 400 });
    expect(await problem(`${ORDERS}?dryRun=true`)).toMatchObject({ status: 400, detail: expect.stringMatching('All') });
    expect(env.audited.map(({ result, dryRun }) => ({ result, dryRun })).slice(0, 2)).toEqual([
      { result: 'ok', dryRun: 'All' },
      { result: 'forbidden', dryRun: undefined },
    ]);
  });

  it('whose answer would be larger than its action may answer is told to ask for less', async () => {
    const user = { name: 'ann', groups: Array.from({ length: 900 }, (_, index) => `${'x'.repeat(120)}${index}`) };
    expect(await problem(ORDERS, { user: { ...user, groups: [...user.groups, 'sales'] } })).toMatchObject({
      status: 413,
      detail: expect.stringContaining('ask for less'),
    });
  });

  it('that takes too long is given up, and what it was doing is told to stop', async () => {
    let stopped = false;
    doing = async (signal) => {
      await delay(60_000, undefined, { signal }).catch(() => {
        stopped = true;
      });
      throw new Error('stopped');
    };
    const path = ORDERS.replace(/greet$/, 'hurry');
    expect(await problem(path)).toMatchObject({ type: 'urn:dataall:problem:timed-out', status: 504 });
    await expect.poll(() => stopped).toBe(true);
  });

  it('whose client has gone is given up', async () => {
    const gone = new AbortController();
    const stopped = Promise.withResolvers<void>();
    doing = async (signal) => {
      signal.addEventListener('abort', () => stopped.resolve(), { once: true });
      gone.abort();
      await delay(60_000, undefined, { signal });
      throw new Error('stopped');
    };
    await expect(post(ORDERS, { signal: gone.signal })).rejects.toThrow();
    await stopped.promise;
  });

  it('before the caches are complete is told to come again', async () => {
    env.ready = false;
    const { status, headers } = await post(ORDERS);
    expect({ status, after: headers['retry-after'] }).toEqual({ status: 503, after: '2' });
  });

  it('while the API server is down is told to come again', async () => {
    env.api.down();
    expect(await problem(ORDERS)).toMatchObject({ status: 503, detail: expect.stringContaining('API server') });
  });

  it('that meets a defect says nothing of it but where to look', async () => {
    doing = () => Promise.reject(new Error('the secret is swordfish'));
    const { text, status } = await post(ORDERS);
    expect(status).toBe(500);
    expect(text).not.toContain('swordfish');
    expect(env.logged).toContain('the secret is swordfish');
  });

  it('is one of a few of its user at once, and others of them wait, while other users go on', async () => {
    const entered: (() => void)[] = [];
    doing = () =>
      new Promise((_, reject) => {
        entered.push(() => reject(new Problem('not-ready', 'enough')));
      });
    const many = Array.from({ length: 41 }, () => post(ORDERS));
    const statuses = Promise.all(many.map(async (one) => (await one).status));
    while (entered.length < 8) await delay(1);
    doing = undefined;
    expect((await post(ORDERS, { user: { name: 'bob', groups: ['sales'] } })).status).toBe(200);
    expect(entered.length).toBe(8);
    for (const leave of entered) leave();
    const counted = Object.groupBy(await statuses, String);
    // 8 ran, 32 waited and were served, one found no room.
    expect({ ran: counted[409]?.length, waited: counted[200]?.length, turned: counted[429]?.length }).toEqual({
      ran: 8,
      waited: 32,
      turned: 1,
    });
  });
});

describe('the server', () => {
  it('answers what is under way when it is told to stop, and nothing after', async () => {
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    doing = async () => {
      entered.resolve();
      await leave.promise;
      throw new Problem('not-ready', 'enough');
    };
    const url = await env.url();
    const answer = post(ORDERS);
    await entered.promise;
    const stopped = env[Symbol.asyncDispose]();
    leave.resolve();
    expect((await answer).status).toBe(409);
    await stopped;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('serves TLS where it is configured, and takes a renewed certificate without a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'actions-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const tls = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
    const issue = async (): Promise<Agent> => {
      const authority = await CertificateAuthority.create();
      const { certificate, privateKey } = await authority.issueServer();
      writeFileSync(tls.certFile, certificate);
      writeFileSync(tls.keyFile, privateKey);
      return new Agent({ connect: { ca: authority.certificate } });
    };
    const trusting = await issue();
    const clock = new FakeClock();
    await using served = new ActionTestEnv({ actions: [greet], config: { tls }, clock });
    served.rights.add('sales greet organizations/acme');
    const status = async (dispatcher: Agent) =>
      (await served.ask(ACME, { method: 'POST', user: ann, dispatcher })).status;
    expect(await served.url()).toMatch(/^https:/);
    expect(await status(trusting)).toBe(200);
    await expect(fetch((await served.url()).replace('https:', 'http:'))).rejects.toThrow();
    const renewed = await issue();
    await expect(status(renewed)).rejects.toThrow();
    await clock.advance(60_000);
    expect(await status(renewed)).toBe(200);
    writeFileSync(tls.keyFile, 'no key');
    await clock.advance(60_000);
    expect(await status(renewed)).toBe(200);
    await Promise.all([trusting.close(), renewed.close()]);
  });
});

describe('the audit stream', () => {
  it('has who asked for whom and what, and how it ended, for what is done and what is refused', async () => {
    await post(ORDERS, { body: { word: 'hi' } });
    await post(ORDERS, { user: { name: 'zoe', groups: [] } });
    const object = { resource: 'datasets', namespace: 'sales-prod', name: 'orders' };
    expect(env.audited).toMatchObject([
      {
        action: 'greet',
        user: 'ann',
        caller: GATEWAY,
        object,
        word: 'hi',
        result: 'ok',
        requestId: expect.any(String),
      },
      { action: 'greet', user: 'zoe', caller: GATEWAY, object, result: 'forbidden' },
    ]);
    expect(env.logged).not.toContain('Bearer');
  });
});
