// Long work is done in pieces, with a turn of the event loop between them: watches, timers, the lease and other teams' work go on meanwhile.
// No piece may take long by itself; tests count pieces between turns, since time depends on the machine.

/** Call {@link Turns.piece} after each piece of work; it resolves at once or, when enough was done, in the next turn. */
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
    if (this.#done < this.#most) return;
    this.#done = 0;
    await nextTurn();
  }
}

/** Not a promise reaction, which would run before everything that waits for its turn. */
export const nextTurn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Does the work of a generator, which yields the size of each piece when it is done. */
export const inTurns = async <Result>(work: Generator<number, Result>, most: number): Promise<Result> => {
  const turns = new Turns(most);
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await turns.piece(step.value);
  }
};
