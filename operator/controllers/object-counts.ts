// Which namespaces' objects the API server counts already: until it does, it refuses every object that a quota speaks of, so an environment
// is Ready only then.
import type { Outcome } from '../kernel/conditions.ts';

interface Named {
  readonly metadata: { readonly name: string };
}

export class ObjectCounts {
  /** Undefined where nobody makes quotas. */
  #counted: Set<string> | undefined;

  /** From now on environments wait for their counts. */
  track(): void {
    this.#counted = new Set();
  }

  /** @returns whether that is news */
  tell(namespace: string, isCounted: boolean): boolean {
    const was = this.#counted?.has(namespace) === true;
    if (isCounted) this.#counted?.add(namespace);
    else this.#counted?.delete(namespace);
    return was !== isCounted;
  }

  temper<Found extends Outcome>({ metadata }: Named, outcome: Found): Found | Counting {
    if (outcome.type !== 'Ready' || this.#counted === undefined || this.#counted.has(metadata.name)) return outcome;
    return {
      type: 'Reconciling',
      reason: 'Progressing',
      message: `the API server has not counted the objects of namespace ${metadata.name} yet (ResourceQuota dataall) and refuses new ones until then`,
    };
  }
}

interface Counting {
  readonly type: 'Reconciling';
  readonly reason: 'Progressing';
  readonly message: string;
}
