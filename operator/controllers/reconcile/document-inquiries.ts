// Who waits for a document asks for it, and each run of it wakes who waits: without a pause the two would wake each other for ever.
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { ObservedDocuments } from './observed-documents.ts';

/** Between two times that the same object asks for the same document. */
const ASK_AGAIN_MS = { first: 1_000, last: 60_000 };

/** When last, in milliseconds, and how long it takes until the next time. */
interface Inquiry {
  readonly at: number;
  readonly ms: number;
}

export class DocumentInquiries {
  readonly #observed: Pick<ObservedDocuments, 'get' | 'isCleanSince'>;
  /** By who asked, then by document. */
  readonly #made = new Map<string, Map<string, Inquiry>>();

  constructor(observed: Pick<ObservedDocuments, 'get' | 'isCleanSince'>) {
    this.#observed = observed;
  }

  /**
   * Whether to ask now for a document of which a read since the revision `since` shall prove that it is as it should be: at once, then ever
   * more slowly; and no more once it has failed, for then it comes again by itself.
   * @param now milliseconds
   */
  mustEnqueue(who: string, document: DocumentKey, since: number, now: number): boolean {
    if (this.#observed.isCleanSince(document, since)) return false;
    const made = this.#made.get(who) ?? new Map<string, Inquiry>();
    const text = formatDocumentKey(document);
    const last = made.get(text);
    if (last !== undefined && (this.#observed.get(document)?.isUnread === true || now - last.at < last.ms))
      return false;
    const ms = last === undefined ? ASK_AGAIN_MS.first : Math.min(last.ms * 2, ASK_AGAIN_MS.last);
    this.#made.set(who, made.set(text, { at: now, ms }));
    return true;
  }

  /** What it waited for is there, or it is gone. */
  forget(who: string): void {
    this.#made.delete(who);
  }
}
