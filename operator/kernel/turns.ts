// Long work is done in pieces, with a turn of the event loop between them: watches, timers, the lease and other teams' work go on meanwhile.
// No piece may take long by itself; tests count pieces between turns, since time depends on the machine.

/** Milliseconds of a turn after which what could go on gives way: a fifth of the 50 ms that nothing may take (docs/benchmarks.md). */
const TURN_MS = 10;

/** When what runs now began to, by the monotonic clock; undefined where nothing has asked since the event loop turned. */
let began: number | undefined;
/** Who gives way: each turn goes on with one of them, so that a hundred that wait do not make one turn of a hundred. */
const waiting: (() => void)[] = [];

/** Call {@link Turns.piece} after each piece of work; it resolves at once or, when enough was done, in a later turn. */
export class Turns {
  readonly #most: number;
  #done = 0;

  /** @param most pieces in one turn: some 10 ms of work, of the 50 ms that nothing may take (docs/benchmarks.md) */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param size of the piece that was done, in pieces */
  async piece(size = 1): Promise<void> {
    this.#done += size;
    if (this.#done < this.#most && !isTurnOver()) return;
    this.#done = 0;
    await nextTurn();
  }
}

/** Resolves at once, or in a later turn where this one has lasted long enough: many short pieces of many make a long turn too. */
export const giveWay = async (): Promise<void> => {
  if (isTurnOver()) await nextTurn();
};

/** Whether anything waits for a turn of its own. */
export const isTurnWanted = (): boolean => waiting.length > 0;

/** Not a promise reaction, which would run before everything that waits for its turn. */
export const nextTurn = async (): Promise<void> =>
  new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(goOn);
  });

const goOn = (): void => {
  began = undefined;
  const next = waiting.shift();
  if (waiting.length > 0) setImmediate(goOn);
  next?.();
};

const isTurnOver = (): boolean => {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    setImmediate(() => {
      began = undefined;
    });
  }
  return now - began >= TURN_MS;
};

/** Does the work of a generator, which yields the size of each piece when it is done. */
export const inTurns = async <Result>(work: Generator<number, Result>, most: number): Promise<Result> => {
  const turns = new Turns(most);
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await turns.piece(step.value);
  }
};
