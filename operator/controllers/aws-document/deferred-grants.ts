// Grants that come after those of others that hurry, by document. Somebody who hurries again and again must not keep them waiting.

/** How long they come after others, however many of these follow one another. */
const LONGEST_DEFERRED_MS = 2_000;
/** So many of them are served beside those that hurry: who takes something back does not wait for a thousand. */
const SERVED_AT_ONCE = 100;

interface Waiting {
  readonly since: number;
  readonly grants: readonly string[];
  /** Where the next run begins: those that cannot be served do not keep the others from it. */
  readonly from: number;
}

export class DeferredGrants {
  readonly #documents = new Map<string, Waiting>();

  /** @param deferred of the run that ended; undefined: it served all */
  record(document: string, deferred: ReadonlySet<string> | undefined, now: number): void {
    const before = this.#documents.get(document);
    if (deferred === undefined) this.#documents.delete(document);
    else {
      const from = before !== undefined && isDue(before, now) ? before.from + SERVED_AT_ONCE : 0;
      this.#documents.set(document, { since: before?.since ?? now, grants: [...deferred], from });
    }
  }

  /** Who has waited long enough to be served now, whoever hurries; `all`: what is left belongs to no grant. */
  due(document: string, now: number): readonly string[] | 'all' {
    const waiting = this.#documents.get(document);
    if (waiting === undefined || !isDue(waiting, now)) return [];
    const { grants, from } = waiting;
    if (grants.length === 0) return 'all';
    const start = from % grants.length;
    return [...grants.slice(start), ...grants.slice(0, start)].slice(0, SERVED_AT_ONCE);
  }
}

const isDue = ({ since }: Waiting, now: number): boolean => now - since >= LONGEST_DEFERRED_MS;
