// What is known of every AWS document since this process started: the bridge from documents to the status of shares. Memory only;
// a restart reads AWS again.
import type { GrantFacts, Verdict } from '../access/document.ts';
import { formatDocumentKey, type DocumentKey } from '../access/document-key.ts';
import { grantId, type Grant } from '../access/grant.ts';
import type { DocumentOutcome } from '../access/reconcile-document.ts';

/** One finished run of a document. */
export interface RecordedOutcome {
  readonly key: DocumentKey;
  /** Undefined: no custom resource speaks for the document, so nothing of ours can be in it that anybody asks for. */
  readonly outcome: DocumentOutcome | undefined;
  readonly grants: readonly Grant[];
  /** Fingerprint of everything that was claimed; undefined with no outcome. */
  readonly claims?: string | undefined;
  /** Value of the counter when the run collected its claims. Specs changed before a lower `tick` were seen by it. */
  readonly tick: number;
  readonly failure?: undefined;
}

/** A run that AWS did not let finish. */
export interface RecordedFailure {
  readonly key: DocumentKey;
  readonly tick: number;
  readonly failure: { readonly reason: string; readonly message: string };
}

export type DocumentRecord = RecordedOutcome | RecordedFailure;

export class DocumentOutcomes {
  readonly #records = new Map<string, DocumentRecord>();
  /** The last good outcome: what a failed read does not make untrue. */
  readonly #good = new Map<string, RecordedOutcome>();
  readonly #facts = new Map<string, GrantFacts>();
  readonly #asked = new Set<string>();
  #tick = 0;

  /** The present moment as a number that grows: later runs have higher ones. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  record(record: DocumentRecord): void {
    const text = formatDocumentKey(record.key);
    this.#records.set(text, record);
    if (record.failure !== undefined) return;
    this.#good.set(text, record);
    for (const [id, facts] of record.outcome?.facts ?? []) this.#facts.set(id, { ...this.#facts.get(id), ...facts });
  }

  get(key: DocumentKey): DocumentRecord | undefined {
    return this.#records.get(formatDocumentKey(key));
  }

  /**
   * Whether a difference that a run finds now is somebody else's doing: the claims are those of the last good run, after which
   * everything was as wanted (or was reported and left).
   */
  isDrift(key: DocumentKey, claims: string | undefined): boolean {
    const good = this.#good.get(formatDocumentKey(key));
    if (good?.outcome === undefined || good.claims !== claims) return false;
    if (good.outcome.reported) return true;
    return good.outcome.clean && [...good.outcome.verdicts.values()].every(({ state }) => state === 'Satisfied');
  }

  /** Somebody asked for a reconcile: the next run puts right what would only be reported. */
  askRepair(key: DocumentKey): void {
    this.#asked.add(formatDocumentKey(key));
  }

  /** Once for each time it was asked. */
  wasAskedToRepair(key: DocumentKey): boolean {
    return this.#asked.delete(formatDocumentKey(key));
  }

  /** Differences of a document that were found and left, in words. */
  reportedDrift(key: DocumentKey): readonly string[] {
    const good = this.#good.get(formatDocumentKey(key));
    return good?.outcome?.reported === true ? good.outcome.drift.map(({ message }) => message) : [];
  }

  /** What people need to know of a grant, from all documents. */
  facts(grant: string): GrantFacts | undefined {
    return this.#facts.get(grant);
  }

  /** For names that are only in a status after a restart. */
  rememberFacts(grant: string, facts: GrantFacts): void {
    if (!this.#facts.has(grant)) this.#facts.set(grant, facts);
  }

  forgetGrant(grant: string): void {
    this.#facts.delete(grant);
  }

  /** How a document serves a grant, by its last good run if that began after `since`; undefined = not known yet. */
  verdict(key: DocumentKey, grant: string, since = 0): Verdict | undefined {
    const good = this.#good.get(formatDocumentKey(key));
    return good === undefined || good.tick <= since ? undefined : good.outcome?.verdicts.get(grant);
  }

  /** Whether a run that began after `tick` proved by reading that nothing unwanted is left in the document. */
  isCleanSince(key: DocumentKey, tick: number): boolean {
    const good = this.#good.get(formatDocumentKey(key));
    return good !== undefined && good.tick > tick && (good.outcome?.clean ?? true);
  }

  /** When the document was last read, milliseconds since the epoch. */
  verifiedAt(key: DocumentKey): number | undefined {
    return this.#good.get(formatDocumentKey(key))?.outcome?.verifiedAt;
  }

  /** Grants of a document that wait for another one. */
  waiting(record: RecordedOutcome): readonly Grant[] {
    return record.grants.filter((grant) => record.outcome?.verdicts.get(grantId(grant))?.state === 'Waiting');
  }
}
