import { get } from 'node:http';
import pino from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';
import { Manager } from './manager.ts';
import { isLocal } from './probe-server.ts';
import type { QueueSnapshot } from './queue-snapshot.ts';
import { done, Priority } from './reconciler.ts';

it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('counts %s as this machine', (address) => {
  for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'localhost'])
    expect(isLocal({ address, headers: { host } })).toBe(true);
});

it.each(['10.0.0.7', '192.168.1.1', '127.0.0.6', 'fd00::1', '::ffff:10.0.0.7', '', undefined])(
  'counts %s as another machine, whatever its headers say',
  (address) => {
    expect(isLocal({ address, headers: { host: 'localhost:8080' } })).toBe(false);
  },
);

it('counts what a proxy passes on, or what was asked of another name, as from elsewhere', () => {
  const address = '127.0.0.1';
  for (const name of ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'])
    expect(isLocal({ address, headers: { host: 'localhost', [name]: 'x' } })).toBe(false);
  for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.7:8080', undefined])
    expect(isLocal({ address, headers: host === undefined ? {} : { host } })).toBe(false);
});

describe('What a manager shows of its queues', () => {
  const serve = async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const manager = new Manager({
      api,
      clock,
      log: pino({ level: 'silent' }),
      registry: new Registry(),
      name: 'kernel-test',
      identity: 'one',
      probePort: 0,
    });
    const ends: (() => void)[] = [];
    manager.add({
      name: 'notes',
      watches: [],
      maxConcurrentReconciles: 2,
      reconcile: async () => {
        await new Promise<void>((resolve) => ends.push(resolve));
        return done;
      },
    });
    const stop = new AbortController();
    const ended = manager.run(stop.signal);
    onTestFinished(async () => {
      for (const end of ends) end();
      stop.abort();
      await clock.advance(60_000);
      await ended;
    });
    await expect.poll(() => manager.probePort).toBeDefined();
    await expect.poll(() => manager.isLeader()).toBe(true);
    const ask = async (headers: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
      new Promise((resolve, reject) => {
        const path = '/debug/queues';
        get({ host: '127.0.0.1', port: manager.probePort, path, headers }, (response) => {
          const chunks: string[] = [];
          response.on('data', (chunk) => chunks.push(String(chunk)));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: chunks.join('') }));
        }).on('error', reject);
      });
    return { clock, manager, ask };
  };

  it('are the keys that wait, since when, and those in flight, in bounded number', async () => {
    const { clock, manager, ask } = await serve();
    manager.enqueue('notes', 'first');
    manager.enqueue('notes', 'second');
    await clock.advance(3_000);
    for (let index = 0; index < 500; index += 1)
      manager.enqueue('notes', `sales/n${index}`, { priority: index === 7 ? Priority.revocation : Priority.normal });
    manager.enqueue('notes', 'tomorrow', { afterMs: 60_000 });
    manager.enqueue('notes', 'first');
    await clock.advance(2_000);
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.length).toBeLessThan(10_000);
    const { notes } = JSON.parse(body) as { notes: QueueSnapshot };
    expect(notes.waiting).toEqual({
      ready: 500,
      groupLimited: 0,
      again: 1,
      later: 1,
      nextInSeconds: 58,
      byPriority: { 0: 499, 100: 1 },
    });
    expect(notes.inFlight).toMatchObject({ count: 2, oldest: [{ key: 'first', seconds: 5 }, { key: 'second' }] });
    expect(notes.oldest).toHaveLength(20);
    expect(notes.oldest[0]).toMatchObject({ key: 'sales/n0', priority: 0, seconds: 2 });
    expect(Date.parse(notes.oldest[0]?.since ?? '')).toBe(clock.now() - 2_000);
  });

  it('are shown to nobody behind a proxy, nor to a web page whose name leads here', async () => {
    const { manager, ask } = await serve();
    expect((await ask({ host: `localhost:${manager.probePort}` })).status).toBe(200);
    for (const headers of [{ 'x-forwarded-for': '10.0.0.1' }, { host: 'rebound.example' }]) {
      const { status, body } = await ask(headers);
      expect(status).toBe(403);
      expect(body).not.toContain('notes');
    }
  });
});
