import * as fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { InterceptedKubeApi } from '../testing/intercepted-kube-api.ts';
import { type KubeApi, KubeError } from '../client/kube-api.ts';
import { leaseKind } from '../lease.ts';
import { LeaderElection } from './leader-election.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';

const log = pino({ level: 'silent' });
const lease = { namespace: 'system', name: 'lease' };

/** One machine: its clock may be wrong, its process may be paused, its network may be cut. */
class Machine implements Clock {
  readonly election: LeaderElection;
  stop = new AbortController();
  #running: Promise<void> | undefined;
  connected = true;
  skewMs = 0;
  readonly #clock: FakeClock;
  #paused: (() => void)[] | undefined;

  constructor(identity: string, api: KubeApi, clock: FakeClock) {
    this.#clock = clock;
    const network = new InterceptedKubeApi(api, {
      call: async (_, proceed) => {
        if (!this.connected) throw new KubeError({ reason: 'Unavailable' }, 'cut off');
        return proceed();
      },
    });
    this.election = new LeaderElection({ ...lease, api: network, identity, clock: this, log });
  }

  /** Leads whenever it can, as a process that is started again after each loss. */
  start(): void {
    this.#running = this.#run(this.stop.signal);
  }

  /** A rollout: ends in order, gives the lease back, begins anew. */
  async restart(): Promise<void> {
    this.stop.abort();
    await this.#running;
    await this.election.release();
    this.stop = new AbortController();
    this.start();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (await this.election.acquire(signal)) if ((await this.election.hold(signal)) === 'stopped') return;
  }

  pause(): void {
    this.#paused ??= [];
  }

  resume(): void {
    const due = this.#paused ?? [];
    this.#paused = undefined;
    for (const run of due) run();
  }

  now = () => this.#clock.now() + this.skewMs;
  monotonic = () => this.#clock.monotonic();
  random = () => this.#clock.random();
  after = (ms: number, run: () => void) =>
    this.#clock.after(ms, () => (this.#paused ? void this.#paused.push(run) : run()));
}

function machines(clock = new FakeClock()) {
  const api = new MemoryKubeApi({ clock });
  const [a, b] = [new Machine('a', api, clock), new Machine('b', api, clock)];
  const leaders = () => [a, b].filter(({ election }) => election.isValid()).length;
  return { clock, api, a, b, leaders };
}

describe('LeaderElection', () => {
  it('writes a record that client-go understands', async () => {
    const { clock, api, a } = machines();
    a.start();
    await clock.advance(5_000);
    const { spec } = await api.get(leaseKind, lease);
    expect(spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(spec?.renewTime).toMatch(/^2026-11-01T00:00:0\d\.\d{6}Z$/);
    a.stop.abort();
  });

  it('believes its own eyes, not the clock of the other', async () => {
    const { clock, a, b } = machines();
    a.skewMs = -86_400_000;
    a.start();
    await clock.advance(5_000);
    b.start();
    await clock.advance(600_000);
    expect([a.election.isValid(), b.election.isValid()]).toEqual([true, false]);
    a.stop.abort();
    b.stop.abort();
  });

  it('a paused leader knows at once that it may have been replaced', async () => {
    const { clock, a, b } = machines();
    a.start();
    b.start();
    await clock.advance(5_000);
    const [leader, other] = a.election.isValid() ? [a, b] : [b, a];
    leader.pause();
    await clock.advance(20_000);
    expect([leader.election.isValid(), other.election.isValid()]).toEqual([false, true]);
    leader.resume();
    await clock.advance(5_000);
    expect([leader.election.isValid(), other.election.isValid()]).toEqual([false, true]);
    expect(other.election.epoch).toBe(1);
    a.stop.abort();
    b.stop.abort();
  });

  it('keeps the lease through an outage of the API server that is shorter than the deadline', async () => {
    const { clock, api, a } = machines();
    a.start();
    await clock.advance(5_000);
    api.down();
    await clock.advance(6_000);
    api.up();
    await clock.advance(5_000);
    expect(a.election.isValid()).toBe(true);
    expect(a.election.epoch).toBe(0);
    a.stop.abort();
  });

  it('is renewed by one call while nobody else touches it, and taken from nobody who did', async () => {
    const clock = new FakeClock();
    const calls: string[] = [];
    const api = new InterceptedKubeApi(new MemoryKubeApi({ clock }), {
      call: async ({ verb }, proceed) => {
        calls.push(verb);
        return proceed();
      },
    });
    const machine = new Machine('a', api, clock);
    machine.start();
    await clock.advance(1_000);
    calls.length = 0;
    await clock.advance(6_000);
    expect(calls).toEqual(['replace', 'replace', 'replace']);
    const spec = { holderIdentity: 'b', leaseDurationSeconds: 15 };
    await api.patch(leaseKind, lease, { type: 'merge', body: { spec } });
    await clock.advance(3_000);
    expect(machine.election.isValid()).toBe(false);
    expect((await api.get(leaseKind, lease)).spec?.holderIdentity).toBe('b');
    machine.stop.abort();
  });

  it('is given up when whom it is held for does nothing any more, and the other leads once it has run out', async () => {
    const { clock, api, b } = machines();
    let alive = true;
    const process = { identity: 'a', clock, log, isAlive: () => alive };
    const election = new LeaderElection({ ...lease, ...process, api });
    const stop = new AbortController();
    await election.acquire(stop.signal);
    const held = election.hold(stop.signal);
    b.start();
    await clock.advance(60_000);
    expect([election.isValid(), b.election.isValid()]).toEqual([true, false]);
    alive = false;
    await clock.advance(3_000);
    expect(await held).toBe('lost');
    expect([election.isValid(), b.election.isValid()]).toEqual([false, false]);
    await clock.advance(20_000);
    expect(b.election.isValid()).toBe(true);
    b.stop.abort();
  });

  it('counts from the start of a renewal: a slow answer does not lengthen the lease', async () => {
    const clock = new FakeClock();
    const slow = new InterceptedKubeApi(new MemoryKubeApi({ clock }), {
      async call(_, proceed) {
        const answer = await proceed();
        await new Promise<void>((resolve) => void clock.after(2_000, resolve));
        return answer;
      },
    });
    const machine = new Machine('a', slow, clock);
    machine.start();
    // Renewed at 4 s, the answer is there at 6 s: ours until 10 s after the start.
    await clock.advance(4_000);
    expect(machine.election.isValid()).toBe(true);
    machine.connected = false;
    await clock.advance(9_900);
    expect(machine.election.isValid()).toBe(true);
    await clock.advance(200);
    expect(machine.election.isValid()).toBe(false);
    machine.stop.abort();
  });

  it('never has two valid leaders, and has one again when all is well', async () => {
    const who = fc.constantFrom('a' as const, 'b' as const);
    const step = fc.record({
      who,
      do: fc.constantFrom('pause', 'resume', 'cut', 'connect', 'skew', 'restart', 'down', 'up'),
      ms: fc.constantFrom(100, 1_000, 4_000, 12_000, 16_000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.99, noNaN: true })),
        async (steps, chance) => {
          const clock = new FakeClock(undefined, () => chance.next().value ?? 0);
          const { api, a, b, leaders } = machines(clock);
          a.start();
          b.start();
          /** In small steps, so that no moment with two leaders is missed. */
          const wait = async (ms: number) => {
            for (let passed = 0; passed < ms; passed += 500) {
              await clock.advance(Math.min(500, ms));
              expect(leaders()).toBeLessThanOrEqual(1);
            }
          };
          for (const step of steps) {
            const machine = step.who === 'a' ? a : b;
            if (step.do === 'pause') machine.pause();
            if (step.do === 'resume') machine.resume();
            if (step.do === 'cut') machine.connected = false;
            if (step.do === 'connect') machine.connected = true;
            if (step.do === 'skew') machine.skewMs += 1_000;
            if (step.do === 'restart') await machine.restart();
            if (step.do === 'down') api.down();
            if (step.do === 'up') api.up();
            expect(leaders()).toBeLessThanOrEqual(1);
            await wait(step.ms);
          }
          api.up();
          for (const machine of [a, b]) {
            machine.connected = true;
            machine.resume();
          }
          await wait(45_000);
          expect(leaders()).toBe(1);
          a.stop.abort();
          b.stop.abort();
          await clock.advance(20_000);
        },
      ),
      { numRuns: 100 },
    );
  });
});
