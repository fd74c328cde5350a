// What is known of our time as leader. It may lie in memory that two threads share, so that it can be read without asking anybody.

/** client-go's default: a leader that cannot renew for this long gives up. */
export const renewDeadlineMs = 10_000;

/** Before any process began, and a number that shared memory can hold. */
export const NEVER = -1e12;

export interface Term {
  /** Start of the last renewal that succeeded, by the monotonic clock: the server knows of it since then or later. */
  renewedAt: number;
  epoch: number;
}

export const isCurrent = ({ renewedAt }: Term, now: number): boolean => now - renewedAt < renewDeadlineMs;

const cells = { renewedAt: 0, epoch: 1, turnAt: 2 } as const;
const MICROSECONDS = 1000;

/** Written by the thread that holds the lease; `turnAt` by the one that leads. */
export class SharedTerm implements Term {
  readonly memory: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(Object.keys(cells).length * BigInt64Array.BYTES_PER_ELEMENT);
    this.#cells = new BigInt64Array(this.memory);
    if (memory === undefined) this.renewedAt = NEVER;
  }

  get renewedAt(): number {
    return Number(Atomics.load(this.#cells, cells.renewedAt)) / MICROSECONDS;
  }

  set renewedAt(at: number) {
    Atomics.store(this.#cells, cells.renewedAt, BigInt(Math.floor(at * MICROSECONDS)));
  }

  get epoch(): number {
    return Number(Atomics.load(this.#cells, cells.epoch));
  }

  set epoch(epoch: number) {
    Atomics.store(this.#cells, cells.epoch, BigInt(epoch));
  }

  /** When the thread that leads last took a turn of its event loop. */
  get turnAt(): number {
    return Number(Atomics.load(this.#cells, cells.turnAt)) / MICROSECONDS;
  }

  set turnAt(at: number) {
    Atomics.store(this.#cells, cells.turnAt, BigInt(Math.floor(at * MICROSECONDS)));
  }
}
