// What can go wrong with a call, and which calls it befalls.
import type { Call } from '../core/operation.ts';
import type { ThrottleShape } from './throttle.ts';

/** Every given member must match. */
export interface FaultMatch {
  /** Name of the simulator's service: `iam`, `s3`, `lakeformation`... */
  readonly service?: string | RegExp;
  readonly operation?: string | RegExp;
  readonly account?: string;
  readonly region?: string;
  /** The caller's ARN. */
  readonly principal?: RegExp;
  /** Also calls that AWS services make on their own (EventBridge delivering to a queue); by default they are spared. */
  readonly byServices?: boolean;
  /** Anything else. */
  readonly where?: (call: Call, input: unknown) => boolean;
}

/** Whether the operation has been done when the fault strikes: only a read can tell the caller. */
type When = 'before' | 'after';

export type Fault =
  /** Waits `milliseconds`, give or take a share `jitter` (0..1) of them. Real time. */
  | { readonly kind: 'latency'; readonly milliseconds: number; readonly jitter?: number }
  /** "Slower": in the service's own shape unless another is asked for. */
  | { readonly kind: 'throttle'; readonly shape?: ThrottleShape }
  /** Any error the service models. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message?: string;
      readonly status?: number;
      readonly when?: When;
    }
  /** 500 InternalFailure or, with `status: 503`, ServiceUnavailable. */
  | { readonly kind: 'server-error'; readonly status?: 500 | 503; readonly when: When }
  /** The connection breaks: socket hang up. */
  | { readonly kind: 'cut'; readonly when: When }
  /** No answer at all until the client gives up; cut when the simulator stops. */
  | { readonly kind: 'hang'; readonly when: When }
  /** Some entries of a batch fail, the others are done. @see batches.ts for the operations that have batches. */
  | {
      readonly kind: 'partial-failure';
      readonly fails: (entry: unknown, index: number) => boolean;
      readonly code: string;
      readonly message?: string;
    }
  /** Crash tests: look at every call, throw to end the test's subject. What it throws reaches the caller as a broken connection. */
  | {
      readonly kind: 'hook';
      readonly before?: (call: Call, input: unknown) => void | Promise<void>;
      readonly after?: (call: Call, input: unknown) => void | Promise<void>;
    };

export interface FaultRule {
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /** Strikes at most so often; default: without end. */
  readonly times?: number;
  /** Lets the first matching calls pass. */
  readonly skip?: number;
  /** 0..1, from the world's seeded random numbers; default 1. */
  readonly probability?: number;
}

export interface FaultHandle {
  remove(): void;
  /** Calls that matched so far. */
  readonly matched: number;
  /** Times it struck. */
  readonly struck: number;
}

const fits = (wanted: string | RegExp | undefined, actual: string): boolean =>
  wanted === undefined || (typeof wanted === 'string' ? wanted === actual : wanted.test(actual));

export function matches(match: FaultMatch | undefined, call: Call, input: unknown): boolean {
  if (call.principal.kind === 'service' && match?.byServices !== true) return false;
  if (match === undefined) return true;
  const arn = 'arn' in call.principal ? call.principal.arn : '';
  return (
    fits(match.service, call.service) &&
    fits(match.operation, call.operation) &&
    fits(match.account, call.account) &&
    fits(match.region, call.region) &&
    fits(match.principal, arn) &&
    (match.where?.(call, input) ?? true)
  );
}
