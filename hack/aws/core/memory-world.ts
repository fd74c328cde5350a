// The simulated world in memory: state by service, account and region, a clock that can be advanced, and what was asked of it.
import { differencesOf } from './difference.ts';
import type { Clock, Difference, RequestRecord, Snapshot, TrailEvent, World } from './world.ts';

export interface MemoryWorldOptions {
  readonly accounts: Iterable<string>;
  /** Seeds every id and every injected fault. Default 1. */
  readonly seed?: number;
  /** Real time in milliseconds; the world's clock runs from it. */
  readonly now?: () => number;
  /** Records kept in the request log; the oldest tenth is dropped when it is full. Default 250,000 (a few hundred megabytes at most). */
  readonly logLimit?: number;
}

/** RFC 4648 base32: the alphabet of IAM's unique ids. */
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** mulberry32: small, fast, good enough to spread ids and faults, and the same on every machine. */
const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const movableClock = (now: () => number): Clock => {
  let offset = 0;
  return {
    now: () => now() + offset,
    advance(milliseconds) {
      if (milliseconds < 0) throw new RangeError('the clock of the simulated world does not run backwards');
      offset += milliseconds;
    },
  };
};

export class MemoryWorld implements World {
  readonly clock: Clock;
  readonly accounts: Set<string>;
  readonly random: () => number;
  readonly #logLimit: number;
  readonly #log: RequestRecord[] = [];
  readonly #listeners: ((event: TrailEvent) => void)[] = [];
  /** `service/account/region` -> state. */
  #states = new Map<string, object>();

  constructor(options: MemoryWorldOptions) {
    this.accounts = new Set(options.accounts);
    this.random = seededRandom(options.seed ?? 1);
    this.clock = movableClock(options.now ?? Date.now);
    this.#logLimit = options.logLimit ?? 250_000;
  }

  id(length: number): string {
    let id = '';
    while (id.length < length) id += ID_ALPHABET.charAt(Math.floor(this.random() * ID_ALPHABET.length));
    return id;
  }

  state<T extends object>(service: string, account: string, region: string, initial: () => T): T {
    const key = `${service}/${account}/${region}`;
    let state = this.#states.get(key);
    if (state === undefined) this.#states.set(key, (state = initial()));
    return state as T;
  }

  *states<T extends object>(service: string): Iterable<{ account: string; region: string; state: T }> {
    for (const [key, state] of this.#states) {
      const [name, account = '', region = ''] = key.split('/');
      if (name === service) yield { account, region, state: state as T };
    }
  }

  snapshot(): Snapshot {
    return { state: structuredClone(this.#states) };
  }

  restore(snapshot: Snapshot): void {
    this.#states = structuredClone(snapshot.state) as Map<string, object>;
  }

  diff(before: Snapshot, after: Snapshot): readonly Difference[] {
    return differencesOf(before.state, after.state);
  }

  get log(): readonly RequestRecord[] {
    return this.#log;
  }

  clearLog(): void {
    this.#log.length = 0;
  }

  onTrail(listener: (event: TrailEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Used by the pipeline only. */
  record(record: RequestRecord): void {
    if (this.#log.length >= this.#logLimit) this.#log.splice(0, Math.ceil(this.#logLimit / 10));
    this.#log.push(record);
  }

  /** Used by the pipeline only. */
  publish(event: TrailEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
