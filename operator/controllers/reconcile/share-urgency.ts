// How urgently a share is told of its documents: one that hurries must not make its neighbours, whom the same documents serve, as urgent.
import { Priority } from '../../kernel/runtime/reconciler.ts';

/** By share, `namespace/name`. */
export class ShareUrgency {
  readonly #priorities = new Map<string, number>();

  /** Work of this priority is done for a share, until it is {@link clear}. */
  raise(share: string, priority: number): void {
    if (priority > this.of(share)) this.#priorities.set(share, priority);
  }

  /** Nothing is under way for the share, or it is gone. */
  clear(share: string): void {
    this.#priorities.delete(share);
  }

  of(share: string): number {
    return this.#priorities.get(share) ?? Priority.backlog;
  }
}
