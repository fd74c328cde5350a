// What AWS showed of every document since this process started: the bridge from documents to the status of shares. Memory only;
// a restart reads AWS again. There are four documents for each share, so nothing is kept that nobody reads.
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { DocumentProblem } from '../../access/reconcile-document.ts';
import { GrantOutputsByShare } from './grant-outputs.ts';
import { ObservedDocument, type FinishedRun } from './observed-document.ts';

/** A run that AWS did not let finish. */
export interface FailedRun {
  readonly key: DocumentKey;
  readonly failure: DocumentProblem;
}

export class ObservedDocuments {
  readonly outputs = new GrantOutputsByShare();
  readonly #documents = new Map<string, ObservedDocument>();
  /** Begun and not recorded: what AWS took of them is not known yet. */
  readonly #begun = new Set<string>();
  #revision = 0;

  /** The present moment as a number that grows: later runs have higher ones. */
  nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  /** A run begins to collect its claims, and may write from now on. @returns its revision */
  begin(key: DocumentKey): number {
    this.#begun.add(formatDocumentKey(key));
    return this.nextRevision();
  }

  /** Whether a run has begun that will tell of the document when it ends. */
  isUnderWay(key: DocumentKey): boolean {
    return this.#begun.has(formatDocumentKey(key));
  }

  /** What it found out about grants is added to {@link outputs} apart. */
  record(run: FinishedRun): void {
    const text = formatDocumentKey(run.key);
    this.#begun.delete(text);
    this.#documents.set(text, ObservedDocument.after(run, this.#documents.get(text)));
  }

  recordFailure({ key, failure }: FailedRun): void {
    const text = formatDocumentKey(key);
    this.#begun.delete(text);
    this.#documents.set(text, ObservedDocument.unread(failure, this.#documents.get(text)));
  }

  /** Undefined before the first run, and when it was forgotten. */
  get(key: DocumentKey): ObservedDocument | undefined {
    return this.#documents.get(formatDocumentKey(key));
  }

  /** Of a document that nobody asks about any more. Whoever does again wakes it again. */
  forget(key: DocumentKey): void {
    this.#documents.delete(formatDocumentKey(key));
  }

  /** What is wrong with the first of these documents that is not as it should be; undefined where nothing is, as far as is known. */
  failureAmong(keys: readonly DocumentKey[]): DocumentProblem | undefined {
    return keys.map((key) => this.get(key)?.failure).find((failure) => failure !== undefined);
  }

  /** Whether a run that began after `revision` proved by reading that nothing unwanted is left in the document. */
  isCleanSince(key: DocumentKey, revision: number): boolean {
    return this.get(key)?.isCleanSince(revision) === true;
  }

  /** Whether the last run, which was finished, read that all in the document was wanted, and none of it by a share, `namespace/name`. */
  isUntouched(key: DocumentKey, share: string): boolean {
    return this.get(key)?.isRead === true && !this.mayHold(key, share);
  }

  /** Whether a run of this process gave a share, `namespace/name`, something in the document or may have: it is under way, or failed. */
  mayHold(key: DocumentKey, share: string): boolean {
    return this.isUnderWay(key) || this.get(key)?.mayHold(share) === true;
  }

  /** Names of its parts, where nothing has been written since they were read. */
  parts(key: DocumentKey): readonly string[] | undefined {
    const document = this.get(key);
    return this.isUnderWay(key) || document?.isUnread === true ? undefined : document?.parts;
  }
}
