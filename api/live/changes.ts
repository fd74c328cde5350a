// Who waits for which change, in this process: what PostgreSQL tells goes to those who follow it, by kind and id.

import { changeOf, type ToldBeside } from '../read-model/changes-channel.ts';

/** What can be followed. */
export type ChangingKind = 'Organization' | 'Environment' | 'Dataset' | 'ShareRequest' | ToldBeside;

type Listener = () => void;

/** Everybody's rights follow from it. */
const DECIDES_ABOUT_ALL = 'Tenant ';

export class Changes {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Calls the listener after each change of it, and whenever it may have changed. @returns ends that */
  on(kind: ChangingKind, id: string, listener: Listener): () => void {
    const change = changeOf(kind, id);
    const listeners = this.#listeners.get(change) ?? new Set();
    this.#listeners.set(change, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(change) === listeners) this.#listeners.delete(change);
    };
  }

  /** @param change as PostgreSQL tells it */
  heard(change: string): void {
    if (change.startsWith(DECIDES_ABOUT_ALL)) this.everything();
    else for (const listener of this.#listeners.get(change) ?? []) listener();
  }

  /** What has changed is not known: it was not heard for a while. */
  everything(): void {
    for (const listener of new Set([...this.#listeners.values()].flatMap((listeners) => [...listeners]))) listener();
  }
}
