// What others have asked of the next run of a document: to be told of it, to come after it, to have differences put right by it.
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';

export class DocumentSubscriptions {
  readonly #waiters = new Map<string, Set<string>>();
  /** With the revision at which each was named last. */
  readonly #successors = new Map<string, Map<string, number>>();
  readonly #repairs = new Set<string>();
  readonly #renewals = new Map<string, ReadonlySet<string>>();

  /** A share waits for the next run of a document, whether or not the specs show that it touches it. */
  awaitRun(key: DocumentKey, share: string): void {
    const text = formatDocumentKey(key);
    this.#waiters.set(text, (this.#waiters.get(text) ?? new Set()).add(share));
  }

  /** Those shares, `namespace/name`, once. */
  takeWaiters(key: DocumentKey): readonly string[] {
    const text = formatDocumentKey(key);
    const shares = [...(this.#waiters.get(text) ?? [])];
    this.#waiters.delete(text);
    return shares;
  }

  /** `then` has nothing to look for before a run of `first` that begins after `revision` was good: that one wakes it. */
  follow(first: DocumentKey, then: DocumentKey, revision: number): void {
    const text = formatDocumentKey(first);
    const successors = this.#successors.get(text) ?? new Map<string, number>();
    this.#successors.set(text, successors.set(formatDocumentKey(then), revision));
  }

  /** Those, as texts, once, that were named before a run of `revision` began. */
  takeSuccessors(key: DocumentKey, revision: number): readonly string[] {
    const successors = this.#successors.get(formatDocumentKey(key));
    const taken = [...(successors ?? [])].filter(([, since]) => since < revision).map(([text]) => text);
    for (const text of taken) successors?.delete(text);
    if (successors?.size === 0) this.#successors.delete(formatDocumentKey(key));
    return taken;
  }

  /** Somebody asked for a reconcile: the next run puts right what would only be reported. */
  askRepair(key: DocumentKey): void {
    this.#repairs.add(formatDocumentKey(key));
  }

  /** Whether anybody did; once for each time. */
  takeRepair(key: DocumentKey): boolean {
    return this.#repairs.delete(formatDocumentKey(key));
  }

  /** Nobody is left who asked that it be put right, or given once more. */
  forget(key: DocumentKey): void {
    this.#repairs.delete(formatDocumentKey(key));
    this.#renewals.delete(formatDocumentKey(key));
  }

  /** Somebody of these shares, `namespace/name`, asked for a reconcile: what did not arrive of them is to be given once more. */
  askRenewal(key: DocumentKey, shares: ReadonlySet<string>): void {
    const text = formatDocumentKey(key);
    if (shares.size > 0) this.#renewals.set(text, shares.union(this.#renewals.get(text) ?? new Set()));
  }

  /** Those, once. */
  takeRenewals(key: DocumentKey): ReadonlySet<string> {
    const shares = this.#renewals.get(formatDocumentKey(key)) ?? new Set();
    this.#renewals.delete(formatDocumentKey(key));
    return shares;
  }
}
