import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { HttpKubeApi } from './http-kube-api.ts';
import { noteKind } from '../testing/kube-api-contract.ts';
import { isKubeError, type KubeFailureReason, type WatchEvent } from './kube-api.ts';
import type { KubeObject } from '../kind.ts';

const cleanUps: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler, options: { clock?: FakeClock; refresh?: () => Promise<boolean> } = {}) {
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
  const tls = {};
  let token = 'first';
  const credentials = {
    current: async () => ({ server: url, tls, authorization: `Bearer ${token}` }),
    refresh: async () => {
      token = 'second';
      return options.refresh?.() ?? true;
    },
  };
  const api = new HttpKubeApi({ credentials, ...(options.clock ? { clock: options.clock } : {}) });
  cleanUps.push(
    () => api.close(),
    () => server.closeAllConnections(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  return api;
}

const fails = (reason: KubeFailureReason) => (error: unknown) => isKubeError(error, reason);

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('HttpKubeApi', () => {
  it('sends each impersonated group as a header of its own, under the path of the server', async () => {
    let seen: IncomingMessage | undefined;
    const api = await serve((request, response) => {
      seen = request;
      json(response, 200, {});
    });
    await api
      .as({ user: 'eve', groups: ['a', 'b, c'], extra: { 'x/Y': ['1'] } })
      .get(noteKind, { namespace: 'n', name: 'o' });
    expect(seen?.url).toBe('/prefix/apis/kernel.test/v1/namespaces/n/notes/o');
    expect(seen?.headersDistinct).toMatchObject({
      'impersonate-user': ['eve'],
      'impersonate-group': ['a', 'b, c'],
      'impersonate-extra-x%2fy': ['1'],
      authorization: ['Bearer first'],
    });
  });

  it('sends names as UTF-8, in which the API server compares them', async () => {
    let seen: IncomingMessage | undefined;
    const api = await serve((request, response) => {
      seen = request;
      json(response, 200, {});
    });
    await api.as({ user: 'zoë', groups: ['Größe/営業'] }).get(noteKind, { namespace: 'n', name: 'o' });
    const bytes = (header: string) => Buffer.from(seen?.headersDistinct[header]?.[0] ?? '', 'latin1').toString('utf8');
    expect(bytes('impersonate-user')).toBe('zoë');
    expect(bytes('impersonate-group')).toBe('Größe/営業');
  });

  it('waits out 429 as told, without the caller noticing', async () => {
    const clock = new FakeClock();
    const arrivals: number[] = [];
    const api = await serve(
      (_, response) => {
        arrivals.push(clock.monotonic());
        if (arrivals.length < 3) json(response, 429, {}, { 'retry-after': '2' });
        else json(response, 200, { metadata: { name: 'o' } });
      },
      { clock },
    );
    const answer = api.get(noteKind, { namespace: 'n', name: 'o' });
    while (arrivals.length < 3) await clock.advance(40);
    expect((await answer).metadata.name).toBe('o');
    const [first = 0, second = 0, third = 0] = arrivals;
    expect(second - first).toBeGreaterThanOrEqual(2_000);
    expect(third - second).toBeGreaterThanOrEqual(2_000);
  });

  it('renews its credentials after a 401, once', async () => {
    const tokens: unknown[] = [];
    let accepted = 'Bearer second';
    const api = await serve(({ headers }, response) => {
      tokens.push(headers.authorization);
      json(response, headers.authorization === accepted ? 200 : 401, { metadata: {} });
    });
    await api.get(noteKind, { namespace: 'n', name: 'o' });
    expect(tokens).toEqual(['Bearer first', 'Bearer second']);
    accepted = 'nothing';
    await expect(api.get(noteKind, { namespace: 'n', name: 'o' })).rejects.toSatisfy(fails('Unauthorized'));
    expect(tokens).toHaveLength(4);
  });

  it('times out where no answer comes, and says so; an abort is something else', async () => {
    const clock = new FakeClock();
    const arrivals: Promise<void>[] = [];
    const arrived: (() => void)[] = [];
    for (let i = 0; i < 2; i++) arrivals.push(new Promise((resolve) => arrived.push(resolve)));
    const api = await serve(() => arrived.shift()?.(), { clock });
    const timingOut = api.get(noteKind, { namespace: 'n', name: 'o' }, { timeoutMs: 5_000 });
    const outcome = expect(timingOut).rejects.toSatisfy(fails('Timeout'));
    await arrivals[0];
    await clock.advance(5_000);
    await outcome;
    const abort = new AbortController();
    const aborting = api.get(noteKind, { namespace: 'n', name: 'o' }, { signal: abort.signal });
    const abortOutcome = expect(aborting).rejects.toSatisfy(fails('Unavailable'));
    await arrivals[1];
    abort.abort();
    await abortOutcome;
  });

  it.each<[number, object, KubeFailureReason]>([
    [409, { reason: 'AlreadyExists' }, 'AlreadyExists'],
    [409, { reason: 'Conflict' }, 'Conflict'],
    [422, {}, 'Invalid'],
    [500, { message: 'etcdserver: request is too large' }, 'TooLarge'],
    [500, {}, 'Unavailable'],
    [504, {}, 'Timeout'],
    [504, { details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }, 'Gone'],
  ])('reads %d %j as %s', async (code, status, reason) => {
    const api = await serve((_, response) => json(response, code, status));
    await expect(api.raw('/x')).rejects.toSatisfy(fails(reason));
  });

  it('calls an answer that is no Status by its code', async () => {
    const api = await serve((_, response) => response.writeHead(502).end('<html>bad gateway</html>'));
    await expect(api.raw('/x')).rejects.toThrow('Unavailable: GET /x: <html>bad gateway</html>');
  });
});

describe('HttpKubeApi.watch', () => {
  const object = (resourceVersion: string, text: string) => ({
    metadata: { name: 'o', uid: 'u', resourceVersion },
    spec: { text },
  });
  const line = (type: string, body: object) => `${JSON.stringify({ type, object: body })}\n`;

  async function read(api: HttpKubeApi): Promise<{ events: WatchEvent<KubeObject>[]; error: unknown }> {
    const events: WatchEvent<KubeObject>[] = [];
    try {
      for await (const event of api.watch(noteKind, { resourceVersion: '1' })) events.push(event);
      return { events, error: undefined };
    } catch (error) {
      return { events, error };
    }
  }

  it('reads events however the network cuts them, even inside a character', async () => {
    const text = 'é€😀';
    const api = await serve((_, response) => {
      const bytes = Buffer.from(line('ADDED', object('2', text)) + line('BOOKMARK', object('7', '')));
      void (async () => {
        for (const byte of bytes) {
          response.write(Buffer.from([byte]));
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      })();
    });
    const { events, error } = await read(api);
    expect(error).toBeUndefined();
    expect(events).toEqual([
      { type: 'ADDED', object: object('2', text) },
      { type: 'BOOKMARK', resourceVersion: '7', initialEventsEnd: false },
    ]);
  });

  it('throws what the server says inside the stream', async () => {
    const api = await serve((_, response) => {
      response.write(line('ADDED', object('2', 'x')));
      response.end(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }));
    });
    const { events, error } = await read(api);
    expect(events).toHaveLength(1);
    expect(error).toSatisfy(fails('Gone'));
  });

  it('says Unavailable when the connection breaks in the middle of an event', async () => {
    const api = await serve((_, response) => {
      response.write(line('ADDED', object('2', 'x')) + '{"type":"MODI', () => response.destroy());
    });
    const { events, error } = await read(api);
    expect(events).toHaveLength(1);
    expect(error).toSatisfy(fails('Unavailable'));
  });

  it('trusts no idle connection after a watch fell silent', async () => {
    const seen = new Set<number | undefined>();
    let isNew = true;
    const api = await serve(({ socket, url }, response) => {
      isNew = !seen.has(socket.remotePort);
      seen.add(socket.remotePort);
      if (!url?.includes('watch')) response.end('ok');
      else response.write(line('ADDED', object('2', 'x')));
    });
    const call = async () => {
      await api.raw('/x');
      await settle();
      return isNew;
    };
    expect([await call(), await call()]).toEqual([true, false]);
    const abort = new AbortController();
    const watch = api.watch(noteKind, { signal: abort.signal })[Symbol.asyncIterator]();
    await watch.next();
    expect([await call(), await call()]).toEqual([true, false]);
    const ended = expect(watch.next()).rejects.toSatisfy(fails('Unavailable'));
    abort.abort();
    await ended;
    expect([await call(), await call()]).toEqual([true, false]);
  });

  it('closes the connection of a watch that nobody reads any more', async () => {
    const closed = Promise.withResolvers<void>();
    const api = await serve((request, response) => {
      request.once('close', () => closed.resolve());
      response.write(line('ADDED', object('2', 'x')));
    });
    for await (const event of api.watch(noteKind, {})) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await closed.promise;
  });
});
