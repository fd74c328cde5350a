// Since when an object's end has been known to this process: only reads that began later prove that nothing is left.
import type { DocumentOutcomes } from './document-outcomes.ts';

export class Withdrawals {
  readonly #outcomes: DocumentOutcomes;
  readonly #since = new Map<string, number>();

  constructor(outcomes: DocumentOutcomes) {
    this.#outcomes = outcomes;
  }

  /** The tick at which the end of `what` was first seen. */
  since(what: string): number {
    const known = this.#since.get(what) ?? this.#outcomes.tick();
    this.#since.set(what, known);
    return known;
  }

  forget(what: string): void {
    this.#since.delete(what);
  }
}
