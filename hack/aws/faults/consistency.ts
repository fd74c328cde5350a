// Eventual consistency: authorization goes by the policies of a moment ago, resource policies and grants are refused that name a role or
// user made a moment ago, and an access point that was asked for before it was made is still missed, on the world's clock.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import type { Interceptor } from '../core/interceptor.ts';
import type { Call } from '../core/operation.ts';
import { setVisibility, type Visibility } from '../core/visibility.ts';
import type { World } from '../core/world.ts';

interface Sight {
  current: unknown;
  /** When `current` was last found to be the truth. */
  confirmedAt: number;
  /** What authorization still goes by, and until when. */
  stale?: { readonly value: unknown; readonly until: number };
}

export interface ConsistencyOptions {
  /** Milliseconds of the world's clock until a change, or a new role or user, is seen. */
  readonly lag: number;
  /** Services whose policies lag in decisions; default IAM and S3. */
  readonly services?: readonly string[];
}

/** Enough to date any change that a look can still find. */
const MAX_CALLS = 10_000;

/**
 * `startAws({ interceptors: [new EventualConsistency({ lag: 5000 })] })`. Reads of the documents themselves are
 * always current; only what they allow or deny comes late, grants and revocations alike. What authorization meets for
 * the first time it sees as it is.
 */
export class EventualConsistency implements Interceptor, Visibility {
  readonly #lag: number;
  readonly #services: ReadonlySet<string>;
  readonly #sights = new Map<string, Sight>();
  /** Times of calls that may have changed policies, oldest first. */
  readonly #calls: { readonly service: string; readonly at: number }[] = [];
  /** Access points that were asked for in vain, and until when S3 remembers that. */
  readonly #missed = new Map<string, { readonly error: AwsError; readonly until: number }>();

  constructor(options: ConsistencyOptions) {
    this.#lag = options.lag;
    this.#services = new Set(options.services ?? ['iam', 's3']);
  }

  async around(call: Call, input: unknown, next: (input: unknown) => Promise<unknown>): Promise<unknown> {
    setVisibility(call.world, this);
    const sought = soughtAccessPoint(call, input);
    const missed = sought === undefined ? undefined : this.#missed.get(sought);
    if (missed !== undefined && call.world.clock.now() < missed.until) throw missed.error;
    try {
      return await next(input);
    } catch (error) {
      if (sought !== undefined && error instanceof AwsError && error.code === 'NoSuchAccessPoint')
        this.#missed.set(sought, { error, until: call.world.clock.now() + this.#lag });
      throw error;
    } finally {
      if (/^(Put|Attach|Detach|Delete|Create|Set|Update|Tag|Untag)/.test(call.operation)) {
        this.#calls.push({ service: call.service, at: call.world.clock.now() });
        if (this.#calls.length > MAX_CALLS) this.#calls.shift();
      }
    }
  }

  hasSpread(world: World, createdAt: Date): boolean {
    return world.clock.now() >= createdAt.getTime() + this.#lag;
  }

  see<T>(world: World, service: string, subject: string, current: T): T {
    if (!this.#services.has(service)) return current;
    const now = world.clock.now();
    const key = `${service} ${subject}`;
    const sight = this.#sights.get(key);
    if (sight === undefined) {
      this.#sights.set(key, { current, confirmedAt: now });
      return current;
    }
    const isStale = sight.stale !== undefined && now < sight.stale.until;
    if (!isDeepStrictEqual(sight.current, current)) {
      // The first call since the last look is the earliest that can have made the change. A change no call from outside
      // made (a stack's) counts from now.
      const changed =
        this.#calls.find((call) => call.service.startsWith(service) && call.at >= sight.confirmedAt)?.at ?? now;
      sight.stale = { value: isStale ? sight.stale?.value : sight.current, until: changed + this.#lag };
      sight.current = current;
    }
    sight.confirmedAt = now;
    return sight.stale !== undefined && now < sight.stale.until ? (sight.stale.value as T) : current;
  }
}

/**
 * S3 Control remembers for a while that there was no access point of a name: what is made after somebody asked for it is not found by the
 * next call either. Seen on AWS, with the explanation of its support: https://github.com/data-dot-all/dataall/issues/1608
 */
const soughtAccessPoint = (call: Call, input: unknown): string | undefined => {
  if (call.service !== 's3control' || !/^(?:Get|Put|Delete)AccessPoint(?:Policy)?$/.test(call.operation))
    return undefined;
  const { AccountId, Name } = input as { readonly AccountId?: string; readonly Name?: string };
  return `${AccountId ?? ''} ${call.region} ${Name ?? ''}`;
};
