// A clock that moves only when a test says so, and chance that repeats.

import type { Clock } from '../clock.ts';
import { isTurnWanted } from '../turns.ts';

export class FakeClock implements Clock {
  #now: number;
  #jump = 0;
  #sequence = 0;
  readonly #random: () => number;
  readonly #timers = new Map<number, { at: number; run: () => void }>();

  constructor(start = Date.UTC(2026, 10, 1), random: () => number = () => 0.5) {
    this.#now = start;
    this.#random = random;
  }

  now(): number {
    return this.#now + this.#jump;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const id = this.#sequence++;
    this.#timers.set(id, { at: this.#now + Math.max(0, ms), run });
    return () => this.#timers.delete(id);
  }

  random(): number {
    return this.#random();
  }

  /** Moves time on, running what falls due in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let due = this.#nextBy(end); due !== undefined; due = this.#nextBy(end)) {
      const [id, timer] = due;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settle();
    }
    this.#now = end;
  }

  /** Milliseconds until the next timer falls due; undefined: there is none. */
  nextIn(): number | undefined {
    const next = this.#nextBy(Infinity);
    return next && Math.max(0, next[1].at - this.#now);
  }

  /** The machine's clock is set: `now` jumps, timers and `monotonic` do not. */
  jump(ms: number): void {
    this.#jump += ms;
  }

  /** The process is stopped: time passes and no timer runs (they all fall due at the next advance). */
  pause(ms: number): void {
    this.#now += ms;
  }

  #nextBy(end: number): [number, { at: number; run: () => void }] | undefined {
    let next: [number, { at: number; run: () => void }] | undefined;
    for (const entry of this.#timers) if (entry[1].at <= end && (!next || entry[1].at < next[1].at)) next = entry;
    return next;
  }
}

/** Lets everything that is ready to run, run: promise reactions first, then what they scheduled. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 2 || isTurnWanted(); round++) await new Promise((resolve) => setImmediate(resolve));
}
