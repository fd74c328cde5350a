// The path of every call: its turn in the rate limiter, the lease, the session, the deadline, the classified fault, another try.
import type { AwsCall, ServiceName } from './call.ts';
import { classify, classifyEntry } from './classify-error.ts';
import type { Clients, CredentialsSource, LoadedClient } from './clients.ts';
import type { Clock } from './clock.ts';
import { within } from './deadline.ts';
import { AwsFault, isFault } from './fault.ts';
import type { FaultKind } from './fault.ts';
import type { ReadOptions, Service } from './service.ts';
import type { Session } from './sessions.ts';
import type { Token, RateLimiter } from './rate-limiter.ts';
import { callContext, SLOW_MS } from './call-context.ts';
import type { CallContext } from './call-context.ts';

/** Whose resources, where, and as whom. */
export interface Target {
  readonly account: string;
  readonly region: string;
  /** The account whose API limits the calls count against. */
  readonly quotaAccount: string;
  readonly credentials: CredentialsSource;
  /** The session behind the credentials, if they are one. */
  readonly session?: Session | undefined;
}

/** One attempt of a call, for metrics. */
export interface CallReport {
  readonly call: AwsCall;
  readonly work: CallContext | undefined;
  readonly outcome: 'ok' | FaultKind;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds in the rate limiter's queue. */
  readonly waited: number;
  /** Milliseconds from sending to the answer. */
  readonly took: number;
}

/** Called around each attempt that is really sent; `after` once AWS has answered, for better or worse. What it throws ends the call as it is. */
export type CallHook = (
  call: AwsCall,
  phase: 'before' | 'after',
  work: CallContext | undefined,
) => void | Promise<void>;

export interface CallsOptions {
  readonly clients: Clients;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  /** Whether the leader's lease is surely ours at this moment. */
  readonly mayWrite: () => boolean;
  readonly onCall?: CallHook | undefined;
  readonly report?: ((report: CallReport) => void) | undefined;
}

/** Milliseconds for an answer. Lake Formation's batches of 20 take several seconds; nothing we call takes longer on purpose. */
const usualTimeout = 30_000;

/** Attempts in all, where trying at once makes sense. A throttled call queues again, and the queue has slowed down. */
const attempts: Readonly<Partial<Record<FaultKind, number>>> = {
  Throttled: 10,
  Conflict: 4,
  Unavailable: 3,
  Timeout: 2,
  ExpiredCredentials: 2,
};

/** Milliseconds before the second attempt, doubled for each further one, half of it random. */
const firstPause = 200;

export class Calls {
  readonly #options: CallsOptions;
  readonly #loaded = new Map<string, Promise<LoadedClient>>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** One service of a target. `id` tells targets with different credentials apart. */
  service<Sdk>(name: ServiceName, target: Target, id: string): Service<Sdk> {
    const { account, region } = target;
    const describe = (operation: string, write: boolean): AwsCall => ({
      service: name,
      operation,
      account,
      region,
      write,
    });
    // The types of Service<Sdk> have checked operation and input; from here on a call is only data.
    const send = async <T>(operation: string, input: object, write: boolean, options?: ReadOptions): Promise<T> =>
      (await this.#send(
        describe(operation, write),
        input,
        target,
        () => this.#client(name, target, id),
        options?.timeout,
      )) as T;
    return {
      account,
      region,
      read: (operation, input, options) => send(operation, input as object, false, options),
      async find(operation, input, code) {
        try {
          return await send(operation, input as object, false);
        } catch (error) {
          if (isFault(error, 'NotFound') && (code === undefined || error.code === code)) return undefined;
          throw error;
        }
      },
      write: (operation, input) => send(operation, input as object, true),
      async remove(operation, input) {
        try {
          await send(operation, input as object, true);
          return true;
        } catch (error) {
          if (isFault(error, 'NotFound')) return false;
          throw error;
        }
      },
      entryFault: (operation, code, message) => {
        const call = describe(operation, true);
        const fault = classifyEntry(code, message, call);
        if (fault.kind === 'Throttled') this.#options.rateLimiter.slowDown(call, target.quotaAccount);
        return fault;
      },
      pause: (milliseconds) => this.#pause(describe('pause', false), milliseconds),
    };
  }

  /** Lets go of all clients. */
  close(): void {
    this.#loaded.clear();
  }

  async #send(
    call: AwsCall,
    input: object,
    target: Target,
    client: () => Promise<LoadedClient>,
    timeout = usualTimeout,
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(call, input, target, client, timeout, attempt);
      } catch (error) {
        if (!(error instanceof AwsFault) || !belongsTo(error, call) || !mayRepeat(error, attempt)) throw error;
        if (error.kind !== 'Throttled')
          await this.#pause(call, firstPause * 2 ** (attempt - 1) * (1 + this.#options.random()) * 0.5);
      }
    }
  }

  async #attempt(
    call: AwsCall,
    input: object,
    target: Target,
    client: () => Promise<LoadedClient>,
    timeout: number,
    attempt: number,
  ): Promise<unknown> {
    const { rateLimiter, clock, onCall, report } = this.#options;
    const work = callContext();
    const token = await rateLimiter.acquire(call, target.quotaAccount, work?.priority ?? 0, work?.signal);
    const noLongerSlow = clock.after(SLOW_MS, () => timeout > SLOW_MS && work?.onSlow?.(call));
    try {
      const loaded = await client();
      // Not left to the SDK, for a session may take its time, and the lease is asked for last: it may go any moment.
      await this.#unsent(call, async () => await target.session?.credentials());
      if (call.write && !this.#options.mayWrite()) throw notLeader(call);
      await onCall?.(call, 'before', work);
      const sentAt = clock.now();
      const answer = await within({ clock, timeout, signal: work?.signal }, async (abortSignal) => ({
        output: await loaded.client.send(loaded.command(call.operation, input), { abortSignal }),
        fault: undefined,
      })).catch((error: unknown) => ({ output: undefined, fault: classify(error, call) }));
      if (answer.fault !== undefined && belongsTo(answer.fault, call)) this.#learn(answer.fault, token, target);
      report?.({
        call,
        work,
        outcome: answer.fault?.kind ?? 'ok',
        attempt,
        waited: token.waited,
        took: clock.now() - sentAt,
      });
      await onCall?.(call, 'after', work);
      if (answer.fault !== undefined) throw answer.fault;
      return answer.output;
    } finally {
      noLongerSlow();
      token.release();
    }
  }

  #learn(fault: AwsFault, token: Token, { session }: Target): void {
    if (fault.kind === 'Throttled') token.throttled();
    if (fault.kind === 'ExpiredCredentials') session?.drop();
    if (fault.kind === 'AccessDenied') session?.refused();
  }

  async #pause(call: AwsCall, milliseconds: number): Promise<void> {
    const { clock } = this.#options;
    await this.#unsent(call, async (stop) => {
      await new Promise<void>((resolve) => {
        stop.addEventListener('abort', clock.after(milliseconds, resolve), { once: true });
      });
    });
  }

  /** Something to wait for before `call` is sent: ends with the work, and leaves no outcome open. */
  async #unsent(call: AwsCall, body: (stop: AbortSignal) => Promise<unknown>): Promise<void> {
    try {
      await within({ clock: this.#options.clock, signal: callContext()?.signal }, body);
    } catch (error) {
      throw classify(error, { ...call, write: false });
    }
  }

  async #client(name: ServiceName, { region, credentials }: Target, id: string): Promise<LoadedClient> {
    const key = `${id} ${region} ${name}`;
    let loaded = this.#loaded.get(key);
    if (loaded === undefined) {
      loaded = this.#options.clients.create(name, region, credentials);
      this.#loaded.set(key, loaded);
    }
    return await loaded;
  }
}

/** False for the fault of another call under this one: the session's AssumeRole, which has had its own attempts. */
const belongsTo = (fault: AwsFault, call: AwsCall): boolean =>
  fault.service === call.service && fault.operation === call.operation;

/** Whether the same call is worth another attempt now. What may have happened is not repeated: its caller reads first. */
function mayRepeat(fault: AwsFault, attempt: number): boolean {
  // A stack that is busy stays so for minutes.
  if (fault.kind === 'Conflict' && fault.service === 'cloudformation') return false;
  return fault.retryable && !fault.outcomeUnknown && attempt < (attempts[fault.kind] ?? 1);
}

const notLeader = (call: AwsCall): AwsFault =>
  new AwsFault(call, {
    kind: 'NotLeader',
    code: 'NotLeader',
    reason: 'the lease is not ours; nothing was sent',
    retryable: false,
    outcomeUnknown: false,
  });
