// Since when an object's end has been known to this process: only reads that began later prove that nothing is left.
import type { DocumentKey } from '../../access/document-key.ts';
import type { Stored } from '../../kernel/kind.ts';
import { DocumentInquiries } from './document-inquiries.ts';
import type { ObservedDocuments } from './observed-documents.ts';

/** How long AWS may refuse what an end takes before the end goes on without it: rights may be on their way. */
const PATIENCE_MS = 60_000;

/** Names the end of an object, and not that of one which comes after it with its name. */
export const endingOf = ({ metadata }: Pick<Stored, 'metadata'>): string => metadata.uid;

export class Removals {
  readonly #observed: Pick<ObservedDocuments, 'nextRevision'>;
  readonly #since = new Map<string, number>();
  readonly #inquiries: DocumentInquiries;
  /** By end, then by step: when AWS refused it first, of those that it has refused ever since. */
  readonly #refused = new Map<string, Map<string, number>>();
  /** By end: what of it people were told stays. */
  readonly #told = new Map<string, Set<string>>();

  constructor(observed: Pick<ObservedDocuments, 'nextRevision' | 'get' | 'isCleanSince'>) {
    this.#observed = observed;
    this.#inquiries = new DocumentInquiries(observed);
  }

  /** The revision at which the end of `what` was first seen. */
  since(what: string): number {
    const known = this.#since.get(what) ?? this.#observed.nextRevision();
    this.#since.set(what, known);
    return known;
  }

  /** Whether to ask now for a document that does not prove the end yet. */
  mustEnqueue(what: string, document: DocumentKey, now: number): boolean {
    return this.#inquiries.mustEnqueue(what, document, this.since(what), now);
  }

  /**
   * Whether AWS has refused a step of the end of `what` long enough to go on without it.
   * @param isRefused at this moment
   * @param now milliseconds
   */
  isLasting(what: string, step: string, isRefused: boolean, now: number): boolean {
    const steps = this.#refused.get(what) ?? new Map<string, number>();
    if (!isRefused) steps.delete(step);
    const since = isRefused ? (steps.get(step) ?? now) : now;
    if (isRefused) this.#refused.set(what, steps.set(step, since));
    return now - since > PATIENCE_MS;
  }

  /** Whether it is told for the first time that something stays. */
  isNews(what: string, stays: string): boolean {
    const told = this.#told.get(what) ?? new Set<string>();
    const isNew = !told.has(stays);
    this.#told.set(what, told.add(stays));
    return isNew;
  }

  /** Of what is gone. */
  forget(what: string): void {
    this.#since.delete(what);
    this.#refused.delete(what);
    this.#told.delete(what);
    this.#inquiries.forget(what);
  }
}
