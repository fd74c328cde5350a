// When something that is shown is asked for again: at once after a change, and seldomer while changes do not end.

/** Between two answers, at least. */
const SHORTEST_MS = 500;
/** And at most, while something changes all the time. */
const LONGEST_MS = 8_000;

export class Refresh {
  readonly #ask: () => void;
  #isAsking = false;
  #isDue = false;
  #pauseMs = SHORTEST_MS;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** It may not be as it is shown. What is told while it is asked for may have come too late for that answer. */
  readonly due = (): void => {
    this.#isDue = true;
    this.#go();
  };

  /** Whether an answer is being waited for, whoever has asked. */
  asking(isAsking: boolean): void {
    this.#isAsking = isAsking;
    this.#go();
  }

  stop(): void {
    globalThis.clearTimeout(this.#timer);
    this.#isDue = false;
  }

  #go(): void {
    if (!this.#isDue || this.#isAsking) return;
    globalThis.clearTimeout(this.#timer);
    const quietMs = performance.now() - this.#askedAt;
    if (quietMs < this.#pauseMs) {
      this.#timer = globalThis.setTimeout(() => this.#go(), this.#pauseMs - quietMs);
      return;
    }
    this.#pauseMs = quietMs < 2 * this.#pauseMs ? Math.min(2 * this.#pauseMs, LONGEST_MS) : SHORTEST_MS;
    this.#isDue = false;
    this.#askedAt = performance.now();
    this.#ask();
  }
}
