// Since when an object's end has been known to this process: only reads that began later prove that nothing is left.
import type { DocumentKey } from '../access/document-key.ts';
import { DocumentInquiries } from './document-inquiries.ts';
import type { DocumentOutcomes } from './document-outcomes.ts';

export class Withdrawals {
  readonly #outcomes: Pick<DocumentOutcomes, 'tick'>;
  readonly #since = new Map<string, number>();
  readonly #inquiries: DocumentInquiries;

  constructor(outcomes: Pick<DocumentOutcomes, 'tick' | 'get' | 'isCleanSince'>) {
    this.#outcomes = outcomes;
    this.#inquiries = new DocumentInquiries(outcomes);
  }

  /** The tick at which the end of `what` was first seen. */
  since(what: string): number {
    const known = this.#since.get(what) ?? this.#outcomes.tick();
    this.#since.set(what, known);
    return known;
  }

  /** Whether to ask now for a document that does not prove the end yet. */
  mustAsk(what: string, document: DocumentKey, now: number): boolean {
    return this.#inquiries.mustAsk(what, document, this.since(what), now);
  }

  /** Of what is gone. */
  forget(what: string): void {
    this.#since.delete(what);
    this.#inquiries.forget(what);
  }
}
