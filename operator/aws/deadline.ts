// How long to wait: for the result, for the deadline, or for the end of the work, whichever comes first.
import type { Clock } from './clock.ts';

export interface Deadline {
  readonly clock: Clock;
  /** Milliseconds; without it there is no deadline. */
  readonly timeout?: number | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Settles as `body` does, unless the deadline or the signal comes first; then the signal given to `body` is aborted too.
 * It does not wait for a body that ignores that.
 * @throws Error named `TimeoutError` or `AbortError`, as classify() knows them
 */
export async function within<T>(
  { clock, timeout, signal }: Deadline,
  body: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const give = (name: string, message: string) => {
    const error = Object.assign(new Error(message), { name });
    reject(error);
    stop.abort(error);
  };
  const onAbort = () => give('AbortError', 'the work was stopped');
  if (signal?.aborted === true) throw Object.assign(new Error('the work was stopped'), { name: 'AbortError' });
  signal?.addEventListener('abort', onAbort, { once: true });
  const cancelTimer =
    timeout === undefined ? undefined : clock.after(timeout, () => give('TimeoutError', `no answer in ${timeout} ms`));
  try {
    return await Promise.race([body(stop.signal), stopped]);
  } finally {
    cancelTimer?.();
    signal?.removeEventListener('abort', onAbort);
  }
}
