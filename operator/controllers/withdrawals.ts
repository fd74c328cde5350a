// Since when an object's end has been known to this process: only reads that began later prove that nothing is left.
import { formatDocumentKey, type DocumentKey } from '../access/document-key.ts';
import type { DocumentOutcomes } from './document-outcomes.ts';

interface Withdrawal {
  readonly since: number;
  /** Documents that were asked for. */
  readonly asked: Set<string>;
}

export class Withdrawals {
  readonly #outcomes: Pick<DocumentOutcomes, 'tick' | 'get'>;
  readonly #known = new Map<string, Withdrawal>();

  constructor(outcomes: Pick<DocumentOutcomes, 'tick' | 'get'>) {
    this.#outcomes = outcomes;
  }

  /** The tick at which the end of `what` was first seen. */
  since(what: string): number {
    return this.#of(what).since;
  }

  /** Whether to ask for a document that does not prove the end yet: once it has failed it comes again by itself, ever more slowly. */
  mustAsk(what: string, document: DocumentKey): boolean {
    const { asked } = this.#of(what);
    const text = formatDocumentKey(document);
    if (asked.has(text) && this.#outcomes.get(document)?.isUnread === true) return false;
    asked.add(text);
    return true;
  }

  /** Of what is gone. */
  forget(what: string): void {
    this.#known.delete(what);
  }

  #of(what: string): Withdrawal {
    const known = this.#known.get(what) ?? { since: this.#outcomes.tick(), asked: new Set<string>() };
    this.#known.set(what, known);
    return known;
  }
}
