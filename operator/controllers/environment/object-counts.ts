// Which namespaces' objects the API server counts already: until it does, it refuses every object that a quota speaks of, so an environment
// is Ready only then.
import type { Outcome } from '../../kernel/conditions.ts';

interface Named {
  readonly metadata: { readonly name: string };
}

/** The API server counts within seconds; what it has not counted by then, it does not count. */
export const UNCOUNTED_MS = 60_000;

export class ObjectCounts {
  /** Undefined where nobody makes quotas. */
  #counted: Set<string> | undefined;
  readonly #awaitedSince = new Map<string, number>();

  /** From now on environments wait for their counts. */
  track(): void {
    this.#counted = new Set();
  }

  /** A quota was made or changed. @returns whether nobody waited for the count until now */
  awaits(namespace: string, now: number): boolean {
    if (this.#counted?.has(namespace) === true || this.#awaitedSince.has(namespace)) return false;
    this.#awaitedSince.set(namespace, now);
    return true;
  }

  /** @returns whether that is news */
  tell(namespace: string, isCounted: boolean): boolean {
    const was = this.#counted?.has(namespace) === true;
    if (isCounted) this.#awaitedSince.delete(namespace);
    if (isCounted) this.#counted?.add(namespace);
    else this.#counted?.delete(namespace);
    return was !== isCounted;
  }

  adjustOutcome<Found extends Outcome>({ metadata }: Named, outcome: Found, now: number): Found | Counting {
    const { name } = metadata;
    if (outcome.type !== 'Ready' || this.#counted === undefined || this.#counted.has(name)) return outcome;
    const refuses = `the API server has not counted the objects of namespace ${name} yet (ResourceQuota dataall) and refuses new ones until then`;
    const since = this.#awaitedSince.get(name);
    if (since === undefined || now - since < UNCOUNTED_MS)
      return { type: 'Reconciling', reason: 'Progressing', message: refuses };
    return {
      type: 'Reconciling',
      reason: 'ObjectsNotCounted',
      message: `${refuses}. That takes seconds; after a minute nothing counts: ask who runs the cluster to start resourcequota-controller (kube-controller-manager --controllers=*, or resourcequota-controller in its list), or to look into its log`,
    };
  }
}

interface Counting {
  readonly type: 'Reconciling';
  readonly reason: 'Progressing' | 'ObjectsNotCounted';
  readonly message: string;
}
