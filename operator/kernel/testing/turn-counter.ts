// For tests: how much is done between two turns of the event loop, which is what blocks it, whatever the machine.

export class TurnCounter implements Disposable {
  most = 0;
  total = 0;
  #inThisTurn = 0;
  #ended = false;

  constructor() {
    this.#begin();
  }

  /** Call once for each piece of work. */
  count(): void {
    this.total += 1;
    this.#inThisTurn += 1;
    this.most = Math.max(this.most, this.#inThisTurn);
  }

  [Symbol.dispose](): void {
    this.#ended = true;
  }

  #begin(): void {
    this.#inThisTurn = 0;
    if (!this.#ended) setImmediate(() => this.#begin());
  }
}
