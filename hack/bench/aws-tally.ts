// What the operator asked of AWS, from the simulator's own log: calls by service and operation, and when the last of them was answered.
import type { RequestRecord } from '../aws/core/world.ts';
import type { SimulatedAws } from '../aws/aws.ts';

export interface AwsCount {
  /** Calls that AWS accepted. */
  readonly writes: number;
  readonly reads: number;
  readonly throttled: number;
  /** Refused or failed otherwise; a read that finds nothing counts here and as a read. */
  readonly failed: number;
  /** Accepted calls by `service:operation`, the most frequent first. */
  readonly writesBy: Readonly<Record<string, number>>;
  readonly readsBy: Readonly<Record<string, number>>;
  readonly failedBy: Readonly<Record<string, number>>;
}

/** Milliseconds between two looks at the log: it is bounded, and the records of thousands of calls are large. */
const DRAIN_MS = 500;

export class AwsTally implements Disposable {
  readonly #aws: SimulatedAws;
  readonly #timer: NodeJS.Timeout;
  #records: RequestRecord[] = [];
  #lastAt = 0;

  constructor(aws: SimulatedAws) {
    this.#aws = aws;
    this.#timer = setInterval(() => this.#drain(), DRAIN_MS);
    this.#timer.unref();
  }

  /** Forgets what was counted so far. */
  reset(): void {
    this.#drain();
    this.#records = [];
  }

  count(): AwsCount {
    this.#drain();
    return countCalls(this.#records);
  }

  /** Calls since the last reset, in the order in which they were answered, without their inputs. */
  records(): readonly RequestRecord[] {
    this.#drain();
    return this.#records;
  }

  /** Milliseconds since the epoch of the last answer, 0 for none. */
  lastAt(): number {
    this.#drain();
    return this.#lastAt;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Inputs are forgotten, or a policy written a thousand times would stay a thousand times. */
  #drain(): void {
    const { world } = this.#aws;
    for (const record of world.log) {
      if (record.nested) continue;
      this.#records.push({ ...record, input: undefined });
      this.#lastAt = Math.max(this.#lastAt, record.at);
    }
    world.clearLog();
  }
}

export const countCalls = (records: readonly RequestRecord[]): AwsCount => {
  const [writesBy, readsBy, failedBy] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  let throttled = 0;
  for (const { service, operation, access, outcome, errorCode } of records) {
    const name = `${service}:${operation}`;
    const add = (counts: Map<string, number>, key = name): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
    if (outcome === 'throttled') throttled += 1;
    else if (access === 'read') add(readsBy);
    else if (outcome === 'ok') add(writesBy);
    if (outcome === 'error' || outcome === 'denied') add(failedBy, `${name} ${errorCode ?? ''}`);
  }
  return {
    writes: sum(writesBy.values()),
    reads: sum(readsBy.values()),
    throttled,
    failed: sum(failedBy.values()),
    writesBy: sorted(writesBy),
    readsBy: sorted(readsBy),
    failedBy: sorted(failedBy),
  };
};

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
