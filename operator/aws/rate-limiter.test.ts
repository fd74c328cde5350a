import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AwsCall, ServiceName } from './call.ts';
import type { Clock } from './clock.ts';
import { isFault } from './fault.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { defaultPaces } from './rate-limits.ts';
import type { Pace } from './rate-limits.ts';
import { Throttle } from './rate-limiter.ts';

const call = (account: string, service: ServiceName = 'glue', region = 'eu-west-1'): AwsCall => ({
  service,
  operation: 'GetTable',
  account,
  region,
  write: false,
});

const paced = (glue: Partial<Pace>) => ({
  ...defaultPaces,
  glue: { start: 10, floor: 0.5, ceiling: 100, burst: 5, inFlight: 32, ...glue },
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

/** Calls `service` through `throttle` again and again until `signal`. */
async function keepCalling(
  throttle: Throttle,
  service: LimitedService,
  account: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const permit = await throttle.acquire(call(account), account, 0, signal).catch(() => undefined);
    if (permit === undefined) return;
    if (!(await service.answer())) permit.throttled();
    permit.release();
  }
}

describe('a bucket', () => {
  it('does not stop while a clock that was set back catches up', async () => {
    const clock = new ManualClock();
    const shift = { ms: 0 };
    const moved: Clock = { now: () => clock.now() - shift.ms, after: (ms, task) => clock.after(ms, task) };
    const throttle = new Throttle(moved, paced({ burst: 1 }));
    const acquire = async () => (await throttle.acquire(call('one'), 'one', 0, undefined)).release();
    await acquire();
    shift.ms = 60_000;
    const next = acquire().then(() => 'acquired');
    await clock.advance(1_000);
    expect(await Promise.race([next, Promise.resolve('still waiting')])).toBe('acquired');
  });

  it('lets a burst go at once and the rest at its rate', async () => {
    const clock = new ManualClock();
    const throttle = new Throttle(clock, paced({ start: 10, burst: 5 }));
    let granted = 0;
    for (let index = 0; index < 30; index += 1)
      void throttle.acquire(call('a'), 'a', 0, undefined).then((permit) => {
        granted += 1;
        permit.release();
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
        const throttle = new Throttle(clock, paced({ start: 20, burst: 5 }));
        const service = new LimitedService(clock, limit, burst);
        const stop = new AbortController();
        const callers = Array.from({ length: 20 }, () => keepCalling(throttle, service, 'a', stop.signal));
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
    const throttle = new Throttle(clock, paced({ start: 20 }));
    const service = new LimitedService(clock, 4, 2);
    const stop = new AbortController();
    const callers = Array.from({ length: 10 }, () => keepCalling(throttle, service, 'a', stop.signal));
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
    const throttle = new Throttle(clock, paced({ start: 10, burst: 5 }));
    const permits = await Promise.all(Array.from({ length: 5 }, () => throttle.acquire(call('a'), 'a', 0, undefined)));
    await clock.advance(10);
    for (const permit of permits) {
      permit.throttled();
      permit.release();
    }
    expect(throttle.states()).toMatchObject([{ rate: 7, inFlight: 0 }]);
  });

  it('serves by priority, then in order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
        async (priorities) => {
          const clock = new ManualClock();
          const throttle = new Throttle(clock, paced({ burst: 1 }));
          const first = await throttle.acquire(call('a'), 'a', 0, undefined);
          first.release();
          const served: number[] = [];
          for (const [index, priority] of priorities.entries())
            void throttle.acquire(call('a'), 'a', priority, undefined).then((permit) => {
              served.push(index);
              permit.release();
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
    const throttle = new Throttle(clock, paced({ burst: 1 }));
    (await throttle.acquire(call('a'), 'a', 0, undefined)).release();
    const abort = new AbortController();
    const gone = throttle.acquire(call('a'), 'a', 0, abort.signal).catch((error: unknown) => error);
    let stayed = false;
    void throttle.acquire(call('a'), 'a', 0, undefined).then(() => (stayed = true));
    abort.abort();
    expect(isFault(await gone, 'Cancelled')).toBe(true);
    expect(throttle.states()).toMatchObject([{ queued: 1 }]);
    await clock.advance(100);
    expect(stayed).toBe(true);
    const late = await throttle.acquire(call('a'), 'a', 0, abort.signal).catch((error: unknown) => error);
    expect(isFault(late, 'Cancelled')).toBe(true);
  });

  it('holds back when too many calls are under way', async () => {
    const clock = new ManualClock();
    const throttle = new Throttle(clock, paced({ start: 100, burst: 50, inFlight: 3 }));
    const permits: { release(): void }[] = [];
    for (let index = 0; index < 5; index += 1)
      void throttle.acquire(call('a'), 'a', 0, undefined).then((permit) => permits.push(permit));
    await clock.advance(10_000);
    expect(permits).toHaveLength(3);
    permits[0]?.release();
    permits[0]?.release();
    await clock.advance(0);
    expect(permits).toHaveLength(4);
  });
});

describe('buckets', () => {
  it('are one for each account, region and service, IAM being one for all regions', async () => {
    const throttle = new Throttle(new ManualClock(), defaultPaces);
    for (const region of ['eu-west-1', 'us-east-1'])
      for (const service of ['glue', 'iam'] as const)
        for (const account of ['a', 'b'])
          (await throttle.acquire(call(account, service, region), account, 0, undefined)).release();
    expect(
      throttle
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
    const throttle = new Throttle(clock, paced({ start: 10 }));
    const miserable = new LimitedService(clock, 0.5, 1);
    const healthy = new LimitedService(clock, 1000, 1000);
    const stop = new AbortController();
    const callers = [
      ...Array.from({ length: 50 }, () => keepCalling(throttle, miserable, 'miserable', stop.signal)),
      keepCalling(throttle, healthy, 'healthy', stop.signal),
    ];
    await clock.advance(30_000);
    const rate = (account: string) => throttle.states().find(({ key }) => key.startsWith(account))?.rate ?? 0;
    expect(rate('miserable')).toBeLessThan(2);
    expect(rate('healthy')).toBeGreaterThanOrEqual(10);
    // One caller, 50 ms a call, 10 a second allowed at first.
    expect(healthy.answered).toBeGreaterThan(30 * 9);
    stop.abort();
    await clock.advance(10_000);
    await Promise.all(callers);
  });
});
