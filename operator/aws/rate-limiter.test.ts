import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AwsCall, ServiceName } from './call.ts';
import type { Clock } from './clock.ts';
import { isFault } from './fault.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { defaultRateLimits } from './rate-limits.ts';
import type { RateLimit } from './rate-limits.ts';
import { RateLimiter } from './rate-limiter.ts';

const call = (account: string, service: ServiceName = 'glue', region = 'eu-west-1'): AwsCall => ({
  service,
  operation: 'GetTable',
  account,
  region,
  write: false,
});

const paced = (glue: Partial<RateLimit>) => ({
  ...defaultRateLimits,
  glue: { initial: 10, min: 0.5, max: 100, burst: 5, maxInFlight: 32, ...glue },
});

/** A service that answers `rate` calls a second (and `burst` at once), 50 ms each, and refuses the others. */
class LimitedService {
  readonly #clock: ManualClock;
  readonly #burst: number;
  rate: number;
  #tokens: number;
  #at: number;
  answered = 0;
  refused = 0;

  constructor(clock: ManualClock, rate: number, burst: number) {
    this.#clock = clock;
    this.rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = clock.now();
  }

  async answer(): Promise<boolean> {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.rate);
    this.#at = now;
    const accepted = this.#tokens >= 1;
    if (accepted) this.#tokens -= 1;
    await new Promise<void>((resolve) => void this.#clock.after(50, resolve));
    if (accepted) this.answered += 1;
    else this.refused += 1;
    return accepted;
  }
}

/** Calls `service` through `limiter` again and again until `signal`. */
async function keepCalling(
  limiter: RateLimiter,
  service: LimitedService,
  account: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const token = await limiter.acquire(call(account), account, 0, signal).catch(() => undefined);
    if (token === undefined) return;
    if (!(await service.answer())) token.throttled();
    token.release();
  }
}

describe('a bucket', () => {
  it('does not stop while a clock that was set back catches up', async () => {
    const clock = new ManualClock();
    const shift = { ms: 0 };
    const moved: Clock = { now: () => clock.now() - shift.ms, after: (ms, task) => clock.after(ms, task) };
    const limiter = new RateLimiter(moved, paced({ burst: 1 }));
    const acquire = async () => (await limiter.acquire(call('one'), 'one', 0, undefined)).release();
    await acquire();
    shift.ms = 60_000;
    const next = acquire().then(() => 'acquired');
    await clock.advance(1_000);
    expect(await Promise.race([next, Promise.resolve('still waiting')])).toBe('acquired');
  });

  it('lets a burst go at once and the rest at its rate', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock, paced({ initial: 10, burst: 5 }));
    let granted = 0;
    for (let index = 0; index < 30; index += 1)
      void limiter.acquire(call('a'), 'a', 0, undefined).then((token) => {
        granted += 1;
        token.release();
      });
    await clock.advance(0);
    expect(granted).toBe(5);
    await clock.advance(1000);
    expect(granted).toBeGreaterThanOrEqual(15);
    expect(granted).toBeLessThanOrEqual(16);
  });

  it('finds an unknown limit, wastes less than a tenth of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 10 }), async (limit, burst) => {
        const clock = new ManualClock();
        const limiter = new RateLimiter(clock, paced({ initial: 20, burst: 5 }));
        const service = new LimitedService(clock, limit, burst);
        const stop = new AbortController();
        const callers = Array.from({ length: 20 }, () => keepCalling(limiter, service, 'a', stop.signal));
        await clock.advance(60_000);
        service.answered = 0;
        service.refused = 0;
        await clock.advance(60_000);
        expect(service.answered / 60).toBeGreaterThan(limit * 0.75);
        expect(service.refused).toBeLessThan(limit * 60 * 0.1 + 12);
        stop.abort();
        await clock.advance(1000);
        await Promise.all(callers);
      }),
      { numRuns: 20 },
    );
  });

  it('recovers within a minute when a limit that fell to a fifth is lifted', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock, paced({ initial: 20 }));
    const service = new LimitedService(clock, 4, 2);
    const stop = new AbortController();
    const callers = Array.from({ length: 10 }, () => keepCalling(limiter, service, 'a', stop.signal));
    await clock.advance(60_000);
    service.rate = 20;
    await clock.advance(60_000);
    service.answered = 0;
    await clock.advance(10_000);
    expect(service.answered / 10).toBeGreaterThan(15);
    stop.abort();
    await clock.advance(1000);
    await Promise.all(callers);
  });

  it('counts calls that are refused together once', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock, paced({ initial: 10, burst: 5 }));
    const tokens = await Promise.all(Array.from({ length: 5 }, () => limiter.acquire(call('a'), 'a', 0, undefined)));
    await clock.advance(10);
    for (const token of tokens) {
      token.throttled();
      token.release();
    }
    expect(limiter.states()).toMatchObject([{ rate: 7, inFlight: 0 }]);
  });

  it('serves by priority, then in order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
        async (priorities) => {
          const clock = new ManualClock();
          const limiter = new RateLimiter(clock, paced({ burst: 1 }));
          const first = await limiter.acquire(call('a'), 'a', 0, undefined);
          first.release();
          const served: number[] = [];
          for (const [index, priority] of priorities.entries())
            void limiter.acquire(call('a'), 'a', priority, undefined).then((token) => {
              served.push(index);
              token.release();
            });
          await clock.advance(priorities.length * 1000);
          const expected = [...priorities.keys()].sort((a, b) => (priorities[b] ?? 0) - (priorities[a] ?? 0) || a - b);
          expect(served).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('lets go of those whose work is aborted, and only of them', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock, paced({ burst: 1 }));
    (await limiter.acquire(call('a'), 'a', 0, undefined)).release();
    const abort = new AbortController();
    const gone = limiter.acquire(call('a'), 'a', 0, abort.signal).catch((error: unknown) => error);
    let stayed = false;
    void limiter.acquire(call('a'), 'a', 0, undefined).then(() => (stayed = true));
    abort.abort();
    expect(isFault(await gone, 'Cancelled')).toBe(true);
    expect(limiter.states()).toMatchObject([{ queued: 1 }]);
    await clock.advance(100);
    expect(stayed).toBe(true);
    const late = await limiter.acquire(call('a'), 'a', 0, abort.signal).catch((error: unknown) => error);
    expect(isFault(late, 'Cancelled')).toBe(true);
  });

  it('holds back when too many calls are under way', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock, paced({ initial: 100, burst: 50, maxInFlight: 3 }));
    const tokens: { release(): void }[] = [];
    for (let index = 0; index < 5; index += 1)
      void limiter.acquire(call('a'), 'a', 0, undefined).then((token) => tokens.push(token));
    await clock.advance(10_000);
    expect(tokens).toHaveLength(3);
    tokens[0]?.release();
    tokens[0]?.release();
    await clock.advance(0);
    expect(tokens).toHaveLength(4);
  });
});

describe('buckets', () => {
  it('are one for each account, region and service, IAM being one for all regions', async () => {
    const limiter = new RateLimiter(new ManualClock(), defaultRateLimits);
    for (const region of ['eu-west-1', 'us-east-1'])
      for (const service of ['glue', 'iam'] as const)
        for (const account of ['a', 'b'])
          (await limiter.acquire(call(account, service, region), account, 0, undefined)).release();
    expect(
      limiter
        .states()
        .map(({ key }) => key)
        .sort(),
    ).toEqual([
      'a/eu-west-1/glue',
      'a/global/iam',
      'a/us-east-1/glue',
      'b/eu-west-1/glue',
      'b/global/iam',
      'b/us-east-1/glue',
    ]);
  });

  it('do not slow each other down', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock, paced({ initial: 10 }));
    const miserable = new LimitedService(clock, 0.5, 1);
    const healthy = new LimitedService(clock, 1000, 1000);
    const stop = new AbortController();
    const callers = [
      ...Array.from({ length: 50 }, () => keepCalling(limiter, miserable, 'miserable', stop.signal)),
      keepCalling(limiter, healthy, 'healthy', stop.signal),
    ];
    await clock.advance(30_000);
    const rate = (account: string) => limiter.states().find(({ key }) => key.startsWith(account))?.rate ?? 0;
    expect(rate('miserable')).toBeLessThan(2);
    expect(rate('healthy')).toBeGreaterThanOrEqual(10);
    // One caller, 50 ms a call, 10 a second allowed at first.
    expect(healthy.answered).toBeGreaterThan(30 * 9);
    stop.abort();
    await clock.advance(10_000);
    await Promise.all(callers);
  });
});
