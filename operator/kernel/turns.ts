// Long work is done in pieces, with a turn of the event loop between them: watches, timers, the lease and other teams' work go on meanwhile.
// No piece may take long by itself; tests count pieces between turns, since time depends on the machine.

/** Milliseconds of a turn after which what could go on gives way: a fifth of the 50 ms that nothing may take (docs/benchmarks.md). */
const TURN_MS = 10;

/** When what runs now began to, by the monotonic clock; undefined where nothing has asked since the event loop turned. */
let began: number | undefined;
type Resume = () => void;

/**
 * Who gives way: each turn goes on with one of the work, so that a hundred that wait do not make one turn of a hundred, and with one that
 * learns what has changed. What lies before a hundred runs would otherwise be known only after them, and each begins with what is known.
 */
const waiting: { readonly news: Resume[]; readonly work: Resume[] } = { news: [], work: [] };

/** Call {@link Turns.piece} after each piece of work; it resolves at once or, when enough was done, in a later turn. */
export class Turns {
  readonly #most: number;
  readonly #kind: keyof typeof waiting;
  #done = 0;

  /** @param most pieces in one turn: some 10 ms of work, of the 50 ms that nothing may take (docs/benchmarks.md) */
  constructor(most: number, kind: keyof typeof waiting = 'work') {
    this.#most = most;
    this.#kind = kind;
  }

  /** @param size of the piece that was done, in pieces */
  async piece(size = 1): Promise<void> {
    this.#done += size;
    if (this.#done < this.#most && !isTurnOver()) return;
    this.#done = 0;
    await nextTurn(this.#kind);
  }
}

/** Resolves at once, or in a later turn where this one has lasted long enough: many short pieces of many make a long turn too. */
export const giveWay = async (): Promise<void> => {
  if (isTurnOver()) await nextTurn();
};

/** Whether anything waits for a turn of its own. */
export const isTurnWanted = (): boolean => waiting.news.length + waiting.work.length > 0;

/** Not a promise reaction, which would run before everything that waits for its turn. */
export const nextTurn = async (kind: keyof typeof waiting = 'work'): Promise<void> =>
  new Promise((resolve) => {
    if (!isTurnWanted()) setImmediate(goOn);
    waiting[kind].push(resolve);
  });

const goOn = (): void => {
  began = undefined;
  const next = [waiting.news.shift(), waiting.work.shift()];
  if (isTurnWanted()) setImmediate(goOn);
  for (const resume of next) resume?.();
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
