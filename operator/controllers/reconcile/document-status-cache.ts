// What is known of every AWS document since this process started: the bridge from documents to the status of shares. Memory only;
// a restart reads AWS again. There are four documents for each share, so nothing is kept that nobody reads.
import type { Flaw, GrantOutputs, PolicyAttachments, Verdict } from '../../access/document.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { DocumentOutcome, DocumentProblem } from '../../access/reconcile-document.ts';
import { Priority } from '../../kernel/runtime/reconciler.ts';

/** One finished run of a document. */
export interface FinishedRun {
  readonly key: DocumentKey;
  /** Undefined: no custom resource speaks for the document, so nothing of ours can be in it that anybody asks for. */
  readonly outcome: DocumentOutcome | undefined;
  /** Fingerprint of everything that was claimed; undefined with no outcome. */
  readonly claims?: string | undefined;
  /** Value of the counter when the run collected its claims. Specs changed before a lower `tick` were seen by it. */
  readonly tick: number;
}

/** A run that AWS did not let finish. */
export interface FailedRun {
  readonly key: DocumentKey;
  readonly failure: DocumentProblem;
}

/** What is remembered of a document. */
interface DocumentRecord {
  /** What was wrong at the last run: with all of it, or with a part that AWS refuses. */
  readonly failure: DocumentProblem | undefined;
  /** Whether the last run could not finish: then `read` is older, and what it says no less true. */
  readonly isUnread: boolean;
  readonly read: ReadDocument | undefined;
}

type ReadDocument = Pick<DocumentOutcome, 'verdicts' | 'clean' | 'reported' | 'parts' | 'attachments' | 'ownReading'> &
  Pick<FinishedRun, 'claims' | 'tick'> & {
    readonly verifiedAt: number | undefined;
    /** In words, where they are reported and left. */
    readonly drift: readonly string[];
  };

export class DocumentOutcomes {
  readonly #records = new Map<string, DocumentRecord>();
  /** By share, then by grant. */
  readonly #outputs = new Map<string, Map<string, GrantOutputs>>();
  readonly #asked = new Set<string>();
  readonly #waiters = new Map<string, Set<string>>();
  /** With the tick at which each was named last. */
  readonly #successors = new Map<string, Map<string, number>>();
  readonly #urgencies = new Map<string, number>();
  /** Begun and not recorded: what AWS took of them is not known yet. */
  readonly #begun = new Set<string>();
  #tick = 0;

  /** The present moment as a number that grows: later runs have higher ones. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  /** A run begins to collect its claims, and may write from now on. @returns its tick */
  begin(key: DocumentKey): number {
    this.#begun.add(formatDocumentKey(key));
    return this.tick();
  }

  /** Whether a run has begun that will tell of the document when it ends. */
  isUnderWay(key: DocumentKey): boolean {
    return this.#begun.has(formatDocumentKey(key));
  }

  record({ key, outcome, claims, tick }: FinishedRun): void {
    this.#begun.delete(formatDocumentKey(key));
    const { verdicts = NO_VERDICTS, deferred, clean = true, reported = false } = outcome ?? {};
    const { drift = [], verifiedAt, problem, ownReading } = outcome ?? {};
    const record = this.#records.get(formatDocumentKey(key));
    const last = deferred === undefined || record?.isUnread ? undefined : record;
    this.#records.set(formatDocumentKey(key), {
      failure: problem ?? last?.failure,
      isUnread: false,
      read: {
        verdicts: slim(withReasons(verdicts, deferred, last?.read?.verdicts)),
        clean,
        reported,
        drift: reported ? drift.map(({ message }) => message) : [],
        verifiedAt,
        ownReading,
        claims,
        tick,
        ...(outcome?.parts !== undefined && { parts: outcome.parts }),
        ...(outcome?.attachments !== undefined && { attachments: outcome.attachments }),
      },
    });
    for (const [id, outputs] of outcome?.outputs ?? [])
      if (Object.keys(outputs).length > 0) this.#outputsBeside(id).set(id, { ...this.outputs(id), ...outputs });
  }

  recordFailure({ key, failure }: FailedRun): void {
    const text = formatDocumentKey(key);
    this.#begun.delete(text);
    this.#records.set(text, { failure, isUnread: true, read: this.#records.get(text)?.read });
  }

  /** Undefined before the first run, and when it was forgotten. */
  get(key: DocumentKey): Pick<DocumentRecord, 'failure' | 'isUnread'> | undefined {
    return this.#records.get(formatDocumentKey(key));
  }

  /** What is wrong with the first of these documents that is not as it should be; undefined where nothing is, as far as is known. */
  failureAmong(keys: readonly DocumentKey[]): DocumentProblem | undefined {
    return keys.map((key) => this.get(key)?.failure).find((failure) => failure !== undefined);
  }

  /** Of a document that nobody asks about any more. Whoever does again wakes it again. */
  forget(key: DocumentKey): void {
    this.#records.delete(formatDocumentKey(key));
    this.#asked.delete(formatDocumentKey(key));
  }

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

  /** `then` has nothing to look for before a run of `first` that begins from now on was good: that one wakes it. */
  follow(first: DocumentKey, then: DocumentKey): void {
    const text = formatDocumentKey(first);
    const successors = this.#successors.get(text) ?? new Map<string, number>();
    this.#successors.set(text, successors.set(formatDocumentKey(then), this.tick()));
  }

  /** Those, as texts, once, that were named before a run of `tick` began. */
  takeSuccessors(key: DocumentKey, tick: number): readonly string[] {
    const successors = this.#successors.get(formatDocumentKey(key));
    const taken = [...(successors ?? [])].filter(([, since]) => since < tick).map(([text]) => text);
    for (const text of taken) successors?.delete(text);
    if (successors?.size === 0) this.#successors.delete(formatDocumentKey(key));
    return taken;
  }

  /**
   * Whether a difference that a run finds now is somebody else's doing: the claims are those of the last good run, after which
   * everything was as wanted (or was reported and left).
   */
  isDrift(key: DocumentKey, claims: string | undefined): boolean {
    const read = this.#read(key);
    if (read?.claims === undefined || read.claims !== claims) return false;
    if (read.reported) return true;
    return read.clean && [...read.verdicts.values()].every(({ state }) => state === 'Satisfied');
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
    return this.#read(key)?.drift ?? [];
  }

  /** What people need to know of a grant, from all documents. */
  outputs(grant: string): GrantOutputs | undefined {
    return this.#outputs.get(shareOf(grant))?.get(grant);
  }

  /** For names that are only in a status after a restart. */
  rememberOutputs(grant: string, outputs: GrantOutputs): void {
    if (Object.keys(outputs).length > 0 && this.outputs(grant) === undefined)
      this.#outputsBeside(grant).set(grant, outputs);
  }

  /** @param share `namespace/name` of one that is gone */
  forgetShare(share: string): void {
    this.#outputs.delete(share);
    this.#urgencies.delete(share);
  }

  /** Work of this priority is done for a share, until it is {@link calm}. */
  hurry(share: string, priority: number): void {
    if (priority > this.urgencyOf(share)) this.#urgencies.set(share, priority);
  }

  /** Nothing is under way for the share. */
  calm(share: string): void {
    this.#urgencies.delete(share);
  }

  /** How urgently a share is told of its documents: one that hurries must not make its neighbours, whom the same documents serve, as urgent. */
  urgencyOf(share: string): number {
    return this.#urgencies.get(share) ?? Priority.backlog;
  }

  /** How a document serves a grant, by its last good run if that began after `since`; undefined = not known yet. */
  verdict(key: DocumentKey, grant: string, since = 0): Verdict | undefined {
    const read = this.#read(key);
    return read === undefined || read.tick <= since ? undefined : read.verdicts.get(grant);
  }

  /** What others make, by a document, of reading by the dataset's own role; undefined: nothing, as far as is known. */
  flawOfOwn(key: DocumentKey, dataset: string, prefix: string): Flaw | undefined {
    return this.#read(key)?.ownReading?.(dataset, prefix);
  }

  /** Whether a run that began after `tick` proved by reading that nothing unwanted is left in the document. */
  isCleanSince(key: DocumentKey, tick: number): boolean {
    const read = this.#read(key);
    return read !== undefined && read.tick > tick && read.clean;
  }

  /** Whether the last run, which was finished, read that all in the document was wanted, and none of it by a share, `namespace/name`. */
  isUntouched(key: DocumentKey, share: string): boolean {
    return this.#read(key) !== undefined && !this.mayHold(key, share);
  }

  /** Whether a run of this process gave a share, `namespace/name`, something in the document or may have: it is under way, or failed. */
  mayHold(key: DocumentKey, share: string): boolean {
    const text = formatDocumentKey(key);
    const record = this.#records.get(text);
    if (this.#begun.has(text) || record?.isUnread === true) return true;
    if (record?.read === undefined) return false;
    return !record.read.clean || record.read.verdicts.keys().some((grant) => shareOf(grant) === share);
  }

  /** Ids of the grants that the last good run found in its claims. */
  grants(key: DocumentKey): readonly string[] {
    return [...(this.#read(key)?.verdicts.keys() ?? [])];
  }

  /** Names of its parts, where nothing has been written since they were read. */
  parts(key: DocumentKey): readonly string[] | undefined {
    const text = formatDocumentKey(key);
    return this.#begun.has(text) || this.#records.get(text)?.isUnread === true ? undefined : this.#read(key)?.parts;
  }

  /** Of a principal, as last read; undefined where it never was, or where nobody speaks for it. */
  attachments(key: DocumentKey): PolicyAttachments | undefined {
    return this.#read(key)?.attachments;
  }

  /** When the document was last read, milliseconds since the epoch. */
  verifiedAt(key: DocumentKey): number | undefined {
    return this.#read(key)?.verifiedAt;
  }

  #read(key: DocumentKey): ReadDocument | undefined {
    return this.#records.get(formatDocumentKey(key))?.read;
  }

  #outputsBeside(grant: string): Map<string, GrantOutputs> {
    const share = shareOf(grant);
    const known = this.#outputs.get(share) ?? new Map<string, GrantOutputs>();
    this.#outputs.set(share, known);
    return known;
  }
}

const NO_VERDICTS: ReadonlyMap<string, Verdict> = new Map();
const SATISFIED: Verdict = { state: 'Satisfied' };
const isPlain = (verdict: Verdict): boolean =>
  verdict.state === 'Satisfied' && verdict.flaw === undefined && verdict.readsBelow === undefined;

/** Of what was left for later, the last complete run knew more: why it failed. */
const withReasons = (
  verdicts: ReadonlyMap<string, Verdict>,
  deferred: ReadonlySet<string> | undefined,
  before: ReadonlyMap<string, Verdict> | undefined,
): ReadonlyMap<string, Verdict> => {
  const reasons = [...(deferred ?? [])].flatMap((id): [string, Verdict][] => {
    const verdict = before?.get(id);
    return verdict?.state === 'Failed' ? [[id, verdict]] : [];
  });
  return reasons.length === 0 ? verdicts : new Map([...verdicts, ...reasons]);
};

/** Nearly all verdicts are this one: they share it. */
const slim = (verdicts: ReadonlyMap<string, Verdict>): ReadonlyMap<string, Verdict> =>
  verdicts.size === 0
    ? NO_VERDICTS
    : new Map([...verdicts].map(([id, verdict]) => [id, isPlain(verdict) ? SATISFIED : verdict]));

/** `namespace/name`: `grantId` starts with the share. */
export const shareOf = (grant: string): string => grant.slice(0, grant.indexOf('/', grant.indexOf('/') + 1));
