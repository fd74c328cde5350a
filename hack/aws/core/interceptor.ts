// The place where AWS-like behaviour on demand (latency, throttles, faults) gets between a caller and an operation.
import type { Call } from './operation.ts';

/**
 * Wraps every call from outside (not the calls operations make themselves). Interceptors run in the order given,
 * the first is the outermost, after the signature is verified and before authorization.
 *
 * `next` authorizes, runs the operation and returns its output. So an interceptor can wait (latency), throw before
 * `next` (throttle, 503), throw after it (an error after the commit), change the input or the output (partial batch failures).
 */
export interface Interceptor {
  around(call: Call, input: unknown, next: (input: unknown) => Promise<unknown>): Promise<unknown>;
}

/** Thrown by an interceptor to leave the caller without an answer: the connection is cut. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}
