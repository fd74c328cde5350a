// Real time in quick motion: the operator's pauses of seconds pass in milliseconds, and everything in between stays real.
import type { Clock } from '../../operator/kernel/clock.ts';

/** `speed` seconds pass in one. */
export const quickClock = (speed: number, random: () => number): Clock => {
  const start = Date.now();
  const startMonotonic = performance.now();
  const elapsed = (): number => (performance.now() - startMonotonic) * speed;
  return {
    now: () => start + elapsed(),
    monotonic: elapsed,
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms / speed, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
    random,
  };
};
