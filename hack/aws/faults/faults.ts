// Faults on demand: rules that can be added and removed while the simulator runs. Without rules nothing happens.
import { AwsError } from '../core/aws-error.ts';
import { ConnectionCut, type Interceptor } from '../core/interceptor.ts';
import type { Call } from '../core/operation.ts';
import { failSome } from './batches.ts';
import { matches, type Fault, type FaultHandle, type FaultRule } from './fault.ts';
import { throttleError } from './throttle.ts';

type Next = (input: unknown) => Promise<unknown>;

interface ActiveRule extends FaultRule {
  matched: number;
  struck: number;
}

/**
 * `startAws({ interceptors: [faults] })`, then `faults.add(...)` at any time. Several rules may strike one call:
 * the first added is the outermost. Seeded: chances are drawn from the world's random numbers.
 */
export class Faults implements Interceptor {
  readonly #rules: ActiveRule[] = [];
  /** Ends waits and hangs. */
  readonly #waiting = new Set<() => void>();

  add(rule: FaultRule): FaultHandle {
    const active: ActiveRule = { ...rule, matched: 0, struck: 0 };
    this.#rules.push(active);
    return {
      remove: () => {
        const index = this.#rules.indexOf(active);
        if (index >= 0) this.#rules.splice(index, 1);
      },
      get matched() {
        return active.matched;
      },
      get struck() {
        return active.struck;
      },
    };
  }

  /** Takes every rule away. Calls that wait go on, calls that hang are cut. */
  clear(): void {
    this.#rules.length = 0;
    this.stop();
  }

  /** Lets nothing wait any longer; to be called when the simulator stops. */
  stop(): void {
    for (const end of this.#waiting) end();
  }

  around(call: Call, input: unknown, next: Next): Promise<unknown> {
    const struck = this.#rules.filter((rule) => strikes(rule, call, input));
    return struck.reduceRight<Next>(
      (inner, { fault }) =>
        (given) =>
          this.#inflict(fault, call, given, inner),
      next,
    )(input);
  }

  async #inflict(fault: Fault, call: Call, input: unknown, next: Next): Promise<unknown> {
    switch (fault.kind) {
      case 'latency':
        await this.#wait(fault.milliseconds * (1 + (fault.jitter ?? 0) * (2 * call.world.random() - 1)));
        return next(input);
      case 'throttle':
        throw throttleError(call, fault.shape);
      case 'error':
        if (fault.when === 'after') await next(input);
        throw new AwsError(
          fault.code,
          fault.message ?? fault.code,
          fault.status === undefined ? {} : { status: fault.status },
        );
      case 'server-error': {
        if (fault.when === 'after') await next(input);
        const status = fault.status ?? 500;
        throw new AwsError(
          status === 500 ? 'InternalFailure' : 'ServiceUnavailable',
          'We encountered an internal error. Please try again.',
          { status },
        );
      }
      case 'cut':
        if (fault.when === 'after') await next(input);
        throw new ConnectionCut('fault: the connection was cut');
      case 'hang':
        if (fault.when === 'after') await next(input);
        await this.#wait(undefined);
        throw new ConnectionCut('fault: the call never answered');
      case 'partial-failure': {
        const failure = { code: fault.code, message: fault.message ?? fault.code };
        return failSome(`${call.service}:${call.operation}`, input, fault.fails, failure, next);
      }
      case 'hook': {
        await crashing(() => fault.before?.(call, input));
        const output = await next(input);
        await crashing(() => fault.after?.(call, input));
        return output;
      }
    }
  }

  #wait(milliseconds: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = milliseconds === undefined ? undefined : setTimeout(end, milliseconds);
      this.#waiting.add(end);
    });
  }
}

function strikes(rule: ActiveRule, call: Call, input: unknown): boolean {
  if (!matches(rule.match, call, input)) return false;
  rule.matched += 1;
  if (rule.matched <= (rule.skip ?? 0) || rule.struck >= (rule.times ?? Infinity)) return false;
  if (rule.probability !== undefined && call.world.random() >= rule.probability) return false;
  rule.struck += 1;
  return true;
}

/** A hook that throws has killed the caller: nobody is there to get an answer. */
async function crashing(hook: () => void | Promise<void>): Promise<void> {
  try {
    await hook();
  } catch (error) {
    throw new ConnectionCut(`fault hook: ${error instanceof Error ? error.message : String(error)}`);
  }
}
