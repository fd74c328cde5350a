// Across all queues of a process: while something urgent waits or runs, little of the backlog begins beside it.

import type { Clock } from '../clock.ts';
import { Priority } from './reconciler.ts';

/** Urgent work comes in steps (a request, its documents, its status): between two of them the way stays clear this long. */
const cooldownMs = 150;
/** Runs of the backlog that go on meanwhile, in all queues together: a steady stream of urgent work must not end it. */
const maxBacklogBesideUrgent = 4;

const isUrgent = (priority: number): boolean => priority >= Priority.normal;

export class BacklogGate {
  readonly #clock: Clock;
  readonly #queues = new Set<() => void>();
  #urgent = 0;
  #backlog = 0;
  #cancelOpening: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `dispatch` is called whenever work that was held back may begin. */
  onOpen(dispatch: () => void): void {
    this.#queues.add(dispatch);
  }

  /** Whether a run of this priority may begin now. */
  admits(priority: number): boolean {
    if (isUrgent(priority)) return true;
    const isClear = this.#urgent === 0 && this.#cancelOpening === undefined;
    return isClear || this.#backlog < maxBacklogBesideUrgent;
  }

  /** Work waits for a worker. */
  onReady(priority: number): void {
    if (isUrgent(priority)) this.#addUrgent();
  }

  /** It waits no longer: it begins, or is not wanted any more. */
  onRemoved(priority: number): void {
    if (isUrgent(priority)) this.#removeUrgent();
  }

  onStart(priority: number): void {
    if (isUrgent(priority)) this.#addUrgent();
    else this.#backlog += 1;
  }

  onDone(priority: number): void {
    if (isUrgent(priority)) this.#removeUrgent();
    else {
      this.#backlog -= 1;
      this.#dispatch();
    }
  }

  #addUrgent(): void {
    this.#urgent += 1;
    this.#cancelOpening?.();
    this.#cancelOpening = undefined;
  }

  #removeUrgent(): void {
    this.#urgent -= 1;
    if (this.#urgent > 0) return;
    this.#cancelOpening = this.#clock.after(cooldownMs, () => {
      this.#cancelOpening = undefined;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (const dispatch of this.#queues) dispatch();
  }
}
