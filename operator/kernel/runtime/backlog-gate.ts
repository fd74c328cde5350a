// Across all queues of a process: while something urgent waits or runs, little of the backlog begins beside it.

import type { Clock } from '../clock.ts';
import { Priority } from './reconciler.ts';

/** Urgent work comes in steps (a request, its documents, its status): between two of them the way stays clear this long. */
const lingerMs = 150;
/** Runs of the backlog that go on meanwhile, in all queues together: a steady stream of urgent work must not end it. */
const mostBeside = 4;

const isUrgent = (priority: number): boolean => priority >= Priority.fresh;

export class RightOfWay {
  readonly #clock: Clock;
  readonly #queues = new Set<() => void>();
  #urgent = 0;
  #backlog = 0;
  #cancelOpening: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `dispatch` is called whenever work that was held back may begin. */
  join(dispatch: () => void): void {
    this.#queues.add(dispatch);
  }

  /** Whether a run of this priority may begin now. */
  allows(priority: number): boolean {
    if (isUrgent(priority)) return true;
    const isClear = this.#urgent === 0 && this.#cancelOpening === undefined;
    return isClear || this.#backlog < mostBeside;
  }

  /** Work waits for a worker. */
  waits(priority: number): void {
    if (isUrgent(priority)) this.#claim();
  }

  /** It waits no longer: it begins, or is not wanted any more. */
  leaves(priority: number): void {
    if (isUrgent(priority)) this.#yield();
  }

  begins(priority: number): void {
    if (isUrgent(priority)) this.#claim();
    else this.#backlog += 1;
  }

  ends(priority: number): void {
    if (isUrgent(priority)) this.#yield();
    else {
      this.#backlog -= 1;
      this.#wake();
    }
  }

  #claim(): void {
    this.#urgent += 1;
    this.#cancelOpening?.();
    this.#cancelOpening = undefined;
  }

  #yield(): void {
    this.#urgent -= 1;
    if (this.#urgent > 0) return;
    this.#cancelOpening = this.#clock.after(lingerMs, () => {
      this.#cancelOpening = undefined;
      this.#wake();
    });
  }

  #wake(): void {
    for (const dispatch of this.#queues) dispatch();
  }
}
