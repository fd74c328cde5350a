// Time as the rate limiter and the sessions see it; tests bring their own.

/** A clock with timers. Times are milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Calls `task` once after `milliseconds`; the answer cancels it. */
  after(milliseconds: number, task: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};
