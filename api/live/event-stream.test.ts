// A stream as fast as its client reads it, and for as long as they are signed in.

import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import { AuthenticationFailure } from '../identity/authentication-failure.ts';
import type { Identity } from '../identity/identity.ts';
import { Changes } from './changes.ts';
import { EventStream, type EventStreamOptions } from './event-stream.ts';
import { Following } from './following.ts';
import { subscriptionSettings } from './settings.ts';

const owner: Identity = { user: 'ann', groups: ['sales'], authenticatedAt: 0, signIn: 'login', session: 'one' };
const MEGABYTE = 'x'.repeat(1_000_000);

const streamOf = (options: Partial<EventStreamOptions> = {}): EventStream =>
  new EventStream({
    token: undefined,
    owner,
    credentials: { token: 'secret' },
    authentication: { identityOf: async () => owner },
    changes: new Changes(),
    settings: subscriptionSettings.parse({}),
    clock: new FakeClock(),
    log: pino({ level: 'silent' }),
    ...options,
  });

/** Serves the stream over HTTP. @returns what its client has got, and does not read until it resumes it */
async function opened(stream: EventStream, body: AsyncGenerator<string, void, undefined>): Promise<IncomingMessage> {
  const server = createServer((_, response) => void stream.send(body, response));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    get({ port, host: '127.0.0.1' }, (response) => {
      // What is cut off in the middle.
      response.on('error', () => undefined);
      resolve(response.pause());
    });
  });
}

/** A body that says what is asked of {@link EventStream.whenRead}, one after the other. */
async function* answers(stream: EventStream, each: () => void): AsyncGenerator<string, void, undefined> {
  yield ':\n\n';
  for (;;) {
    const text = await stream.whenRead(async () => MEGABYTE);
    if (text === undefined) return;
    each();
    yield text;
  }
}

/** Until the connection holds as much as it can: from one look to the next nothing more is asked. */
async function untilNothingMore(asked: () => number): Promise<void> {
  let known = -1;
  const more = (): number => {
    const before = known;
    known = asked();
    return known - before;
  };
  await expect.poll(more).toBe(0);
}

describe('A stream whose client does not read', () => {
  it('asks no further than fits into the connection, and is cut off', async () => {
    const stream = streamOf({ clock: systemClock, settings: subscriptionSettings.parse({ stallMs: 1_500 }) });
    let asked = 0;
    const response = await opened(
      stream,
      answers(stream, () => (asked += 1)),
    );
    expect(await stream.ended).toBe('slow');
    // What the two sockets hold; each further answer would have been in our memory.
    expect(asked).toBeLessThan(20);
    const closed = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
  });

  it('is closed for good a moment after its stream has ended, whoever ended it', async () => {
    const clock = new FakeClock();
    const stream = streamOf({ clock });
    let asked = 0;
    const response = await opened(
      stream,
      answers(stream, () => (asked += 1)),
    );
    await untilNothingMore(() => asked);
    stream.end('stop');
    expect(await stream.ended).toBe('stop');
    await clock.advance(5_000);
    const closed = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
  });

  it('goes on when it reads again', async () => {
    const stream = streamOf({ clock: systemClock });
    let asked = 0;
    const response = await opened(
      stream,
      answers(stream, () => (asked += 1)),
    );
    await untilNothingMore(() => asked);
    const stood = asked;
    response.resume();
    await expect.poll(() => asked).toBeGreaterThan(stood + 5);
    stream.end('stop');
  });
});

describe('A stream', () => {
  it('ends when its owner’s token has run out, though nothing changes, and goes on with a newer one', async () => {
    const clock = new FakeClock();
    const good = new Set(['first', 'second']);
    const identityOf = async (credentials: object): Promise<Identity> => {
      if (good.has((credentials as { token: string }).token)) return owner;
      throw new AuthenticationFailure('TokenExpired', 'expired');
    };
    const settings = subscriptionSettings.parse({ idleMs: 3_600_000, stallMs: 600_000 });
    const parts = { clock, settings, authentication: { identityOf }, credentials: { token: 'first' } };
    const [left, renewed] = [streamOf(parts), streamOf(parts)];
    renewed.renew({ token: 'second' });
    await clock.advance(60_000);
    good.delete('first');
    await clock.advance(60_000);
    expect(left.over.aborted).toBe(true);
    expect(await left.ended).toBe('signed-out');
    expect(renewed.over.aborted).toBe(false);
  });

  it('ends when its credentials are somebody else’s by now', async () => {
    const clock = new FakeClock();
    const stream = streamOf({ clock, authentication: { identityOf: async () => ({ ...owner, user: 'bob' }) } });
    expect(await stream.identity()).toBeUndefined();
    expect(await stream.ended).toBe('signed-out');
  });

  it('has its subscriptions asked again when the groups of its owner are others, and not when they are the same', async () => {
    const clock = new FakeClock();
    const changes = new Changes();
    let groups = ['sales'];
    const stream = streamOf({ clock, changes, authentication: { identityOf: async () => ({ ...owner, groups }) } });
    const following = new Following(changes, clock);
    stream.add(following);
    await following.next();
    let times = 0;
    void following.next().then(() => (times += 1));
    changes.heard('Session one');
    await clock.advance(0);
    expect(times).toBe(0);
    groups = ['sales', 'finance'];
    changes.heard('Session one');
    await clock.advance(0);
    expect(times).toBe(1);
  });

  it('goes on while it cannot be told who its owner is, and shows them nothing', async () => {
    const identityOf = async (): Promise<Identity> => {
      throw new Error('the database is away');
    };
    const stream = streamOf({ authentication: { identityOf } });
    expect(await stream.identity()).toBeUndefined();
    expect(stream.over.aborted).toBe(false);
  });
});
