// How much one look at a document may spend on policies that others wrote. It is counted, not timed, so that the same policies always get
// the same verdict, whatever else the machine does.

/** Steps, see `effortOf`: some 20 ms, of the 50 ms that nothing may take (docs/benchmarks.md). */
export const MOST_STEPS = 400_000;

/** Made for one look, and shared by all grants that are judged in it. */
export class Budget {
  #left = MOST_STEPS;

  /** False: so much is not left, and nothing is any more. What was not judged is not known. */
  spend(steps: number): boolean {
    this.#left = steps <= this.#left ? this.#left - steps : -1;
    return this.#left >= 0;
  }

  get spent(): number {
    return MOST_STEPS - Math.max(0, this.#left);
  }
}
