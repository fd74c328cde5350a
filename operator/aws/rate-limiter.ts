// One token bucket per (account, region, service) that finds AWS's limits by itself, highest priority first.
import type { AwsCall } from './call.ts';
import type { Clock } from './clock.ts';
import { AwsFault } from './fault.ts';
import type { RateLimit } from './rate-limits.ts';

/** What a bucket looks like from outside, for metrics. */
export interface BucketState {
  /** `account/region/service` */
  readonly key: string;
  /** Calls per second it allows now. */
  readonly rate: number;
  readonly queued: number;
  readonly inFlight: number;
}

/** A right to make one call, given back with what came of it. */
export interface Token {
  /** Milliseconds it took to get. */
  readonly waited: number;
  /** AWS throttled the call. Many calls throttled at once count once. */
  throttled(): void;
  /** The call is over. */
  release(): void;
}

interface Waiting {
  readonly priority: number;
  readonly since: number;
  readonly grant: () => void;
}

/**
 * Additive increase, multiplicative decrease (as TCP does, RFC 5681 section 3.1). A refusal multiplies the rate by
 * `backOff`; while calls wait, every second of successes adds `growth` of the rate that was last refused. 0.7 and 0.02
 * make a saw tooth of 15 s below the limit, at the cost of about one refused call in each. Once the rate is past the
 * refused one by `lifted`, the limit must have risen, and the rate grows by `pursuit` of itself a second.
 */
const backOff = 0.7;
const growth = 0.02;
const lifted = 1.1;
const pursuit = 0.1;

class Bucket {
  readonly key: string;
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** Best last, so that taking one is cheap. */
  readonly #waiting: Waiting[] = [];
  #rate: number;
  #tokens: number;
  #refilledAt: number;
  #slowedAt = Number.NEGATIVE_INFINITY;
  /** The rate at which AWS last refused; until it has, the one to start with. */
  #refusedRate: number;
  #inFlight = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(key: string, limit: RateLimit, clock: Clock) {
    this.key = key;
    this.#limit = limit;
    this.#clock = clock;
    this.#rate = limit.initial;
    this.#refusedRate = limit.initial;
    this.#tokens = limit.burst;
    this.#refilledAt = clock.now();
  }

  state(): BucketState {
    return { key: this.key, rate: this.#rate, queued: this.#waiting.length, inFlight: this.#inFlight };
  }

  /** @throws the signal's reason when it is aborted first */
  async acquire(priority: number, signal: AbortSignal | undefined): Promise<Token> {
    signal?.throwIfAborted();
    const since = this.#clock.now();
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason as Error);
      };
      const waiting: Waiting = {
        priority,
        since,
        grant: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#enqueue(waiting);
      this.#drain();
    });
    return this.#token(since);
  }

  #token(since: number): Token {
    const startedAt = this.#clock.now();
    const waited = startedAt - since;
    let open = true;
    let refused = false;
    return {
      waited,
      throttled: () => {
        refused = true;
        // Calls that were under way when the bucket slowed down say nothing about its new rate.
        if (startedAt >= this.#slowedAt) this.slowDown();
      },
      release: () => {
        if (!open) return;
        open = false;
        this.#inFlight -= 1;
        // A bucket that nobody waits for has not shown that it could go faster.
        if (!refused && waited > 0) this.#speedUp();
        this.#drain();
      },
    };
  }

  slowDown(): void {
    this.#refill();
    this.#slowedAt = this.#clock.now();
    this.#refusedRate = this.#rate;
    this.#rate = Math.max(this.#limit.min, this.#rate * backOff);
    this.#tokens = 0;
  }

  #speedUp(): void {
    this.#refill();
    const perSecond = this.#rate < this.#refusedRate * lifted ? growth * this.#refusedRate : pursuit * this.#rate;
    // `rate` successes arrive in a second.
    this.#rate = Math.min(this.#limit.max, this.#rate + perSecond / this.#rate);
  }

  /** Behind all of its priority and above, before all below. */
  #enqueue(waiting: Waiting): void {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle]?.priority ?? 0) < waiting.priority) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, waiting);
  }

  #drain(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#refill();
    while (this.#tokens >= 1 && this.#inFlight < this.#limit.maxInFlight) {
      const next = this.#waiting.pop();
      if (next === undefined) return;
      this.#tokens -= 1;
      this.#inFlight += 1;
      next.grant();
    }
    // With all in flight, the next release drains.
    if (this.#waiting.length > 0 && this.#inFlight < this.#limit.maxInFlight)
      this.#cancelTimer = this.#clock.after(Math.ceil(((1 - this.#tokens) / this.#rate) * 1000), () => this.#drain());
  }

  #refill(): void {
    const now = this.#clock.now();
    // A clock that was set back must not take tokens away.
    const seconds = Math.max(0, now - this.#refilledAt) / 1000;
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + seconds * this.#rate);
    this.#refilledAt = now;
  }
}

/** All buckets. They share nothing, so one account's misery is nobody else's. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;
  readonly #limits: Readonly<Record<AwsCall['service'], RateLimit>>;

  constructor(clock: Clock, limits: Readonly<Record<AwsCall['service'], RateLimit>>) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Waits until `call` may be made.
   * @param quotaAccount the account whose limits it counts against: the hub for AssumeRole, else the call's own
   * @throws AwsFault Cancelled when `signal` is aborted first
   */
  async acquire(
    call: AwsCall,
    quotaAccount: string,
    priority: number,
    signal: AbortSignal | undefined,
  ): Promise<Token> {
    try {
      return await this.#bucket(call, quotaAccount).acquire(priority, signal);
    } catch {
      throw new AwsFault(call, {
        kind: 'Cancelled',
        code: 'AbortError',
        reason: 'stopped while waiting for its turn',
        retryable: true,
        outcomeUnknown: false,
      });
    }
  }

  /** AWS throttled part of a call that is already over. */
  slowDown(call: AwsCall, quotaAccount: string): void {
    this.#bucket(call, quotaAccount).slowDown();
  }

  states(): readonly BucketState[] {
    return [...this.#buckets.values()].map((bucket) => bucket.state());
  }

  #bucket({ service, region }: AwsCall, quotaAccount: string): Bucket {
    // IAM is one endpoint for all regions of an account.
    const key = `${quotaAccount}/${service === 'iam' ? 'global' : region}/${service}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new Bucket(key, this.#limits[service], this.#clock);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}
