// Time and chance, injected wherever behaviour depends on them. Tests use FakeClock.

export interface Clock {
  /** Milliseconds since the epoch; may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start, the same for all threads; never goes back. For durations and deadlines. */
  monotonic(): number;
  /** Runs once after `ms`; the returned function cancels. Does not keep the process alive. */
  after(ms: number, run: () => void): () => void;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not performance.now(), which counts from the start of its thread.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, maxTimeoutMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** setTimeout counts in 32 bits: more than 24.8 days fires at once. Waking early is harmless to all our users. */
const maxTimeoutMs = 2 ** 31 - 1;

/** Resolves after `ms`, or at once when the signal aborts: check the signal afterwards. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** `ms` lengthened at random by up to `factor` of itself, as client-go's wait.Jitter: spreads what would come together. */
export function jitter(clock: Clock, ms: number, factor: number): number {
  return ms * (1 + clock.random() * factor);
}
