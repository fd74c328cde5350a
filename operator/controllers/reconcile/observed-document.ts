// What is known of one AWS document: what its last run could not do, and what the last one that finished read.
import type { Drift, Flaw, PolicyAttachments, Verdict } from '../../access/document.ts';
import type { DocumentKey } from '../../access/document-key.ts';
import type { DocumentOutcome, DocumentProblem } from '../../access/reconcile-document.ts';

/** One finished run of a document. */
export interface FinishedRun {
  readonly key: DocumentKey;
  /** Undefined: no custom resource speaks for the document, so nothing of ours can be in it that anybody asks for. */
  readonly outcome: DocumentOutcome | undefined;
  /** Fingerprint of everything that was claimed; undefined with no outcome. */
  readonly claims?: string | undefined;
  /** Value of the counter when the run collected its claims. Specs changed before a lower revision were seen by it. */
  readonly revision: number;
  /** Whether what differed was somebody else's doing. */
  readonly drifted?: boolean;
}

/** That somebody else's changes were put right. */
export interface Repair {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What of our grants had been changed. */
  readonly drift: readonly Drift[];
}

type Reading = Pick<DocumentOutcome, 'verdicts' | 'clean' | 'reported' | 'parts' | 'attachments' | 'ownReading'> &
  Pick<FinishedRun, 'claims' | 'revision'> & {
    readonly verifiedAt: number | undefined;
    /** What differs, where that is reported and left. */
    readonly drift: readonly Drift[];
  };

export class ObservedDocument {
  /** What was wrong at the last run: with all of it, or with a part that AWS refuses. */
  readonly failure: DocumentProblem | undefined;
  /** Whether the last run could not finish: then what was read is older, and what it says no less true. */
  readonly isUnread: boolean;
  /** The last one by this process. */
  readonly repair: Repair | undefined;
  readonly #reading: Reading | undefined;

  private constructor(
    { failure, isUnread, repair }: Pick<ObservedDocument, 'failure' | 'isUnread' | 'repair'>,
    reading: Reading | undefined,
  ) {
    this.failure = failure;
    this.isUnread = isUnread;
    this.repair = repair;
    this.#reading = reading;
  }

  static after(run: FinishedRun, before: ObservedDocument | undefined): ObservedDocument {
    const { outcome, claims, revision } = run;
    const { verdicts = NO_VERDICTS, deferred, clean = true, reported = false } = outcome ?? {};
    const { drift = [], verifiedAt, problem, ownReading } = outcome ?? {};
    const last = deferred === undefined || before?.isUnread === true ? undefined : before;
    const lastReading = last === undefined ? undefined : last.#reading;
    const repair = repairOf(run) ?? (before === undefined ? undefined : before.repair);
    return new ObservedDocument(
      { failure: problem ?? last?.failure, isUnread: false, repair },
      {
        verdicts: withReasons(verdicts, deferred, lastReading?.verdicts),
        clean,
        reported,
        drift: reported ? drift : [],
        verifiedAt,
        ownReading,
        claims,
        revision,
        ...(outcome?.parts !== undefined && { parts: outcome.parts }),
        ...(outcome?.attachments !== undefined && { attachments: outcome.attachments }),
      },
    );
  }

  static unread(failure: DocumentProblem, before: ObservedDocument | undefined): ObservedDocument {
    const { repair } = before ?? {};
    return new ObservedDocument(
      { failure, isUnread: true, repair },
      before === undefined ? undefined : before.#reading,
    );
  }

  /** Whether any run finished. */
  get isRead(): boolean {
    return this.#reading !== undefined;
  }

  /** When it was last read, milliseconds since the epoch. */
  get verifiedAt(): number | undefined {
    return this.#reading?.verifiedAt;
  }

  /** Ids of the grants that the last good run found in its claims. */
  get grants(): readonly string[] {
    return [...(this.#reading?.verdicts.keys() ?? [])];
  }

  get parts(): readonly string[] | undefined {
    return this.#reading?.parts;
  }

  /** Of a principal, as last read; undefined where nobody speaks for it. */
  get attachments(): PolicyAttachments | undefined {
    return this.#reading?.attachments;
  }

  /** Differences that were found and left. */
  get reportedDrift(): readonly Drift[] {
    return this.#reading?.drift ?? [];
  }

  /** How it serves a grant, by its last good run if that began after `since`; undefined = not known yet. */
  verdict(grant: string, since = 0): Verdict | undefined {
    const reading = this.#reading;
    return reading === undefined || reading.revision <= since ? undefined : reading.verdicts.get(grant);
  }

  /** What others make, by it, of reading by the dataset's own role; undefined: nothing, as far as is known. */
  flawOfOwn(dataset: string, prefix: string): Flaw | undefined {
    return this.#reading?.ownReading?.(dataset, prefix);
  }

  /**
   * Whether a difference that a run finds now is somebody else's doing: the claims are those of the last good run, after which
   * everything was as wanted (or was reported and left).
   */
  isDrift(claims: string | undefined): boolean {
    const reading = this.#reading;
    if (reading?.claims === undefined || reading.claims !== claims) return false;
    if (reading.reported) return true;
    return reading.clean && [...reading.verdicts.values()].every(({ state }) => state === 'Satisfied');
  }

  isCleanSince(revision: number): boolean {
    return this.#reading !== undefined && this.#reading.revision > revision && this.#reading.clean;
  }

  mayHold(share: string): boolean {
    if (this.isUnread) return true;
    if (this.#reading === undefined) return false;
    return !this.#reading.clean || this.#reading.verdicts.keys().some((grant) => shareOf(grant) === share);
  }
}

const repairOf = ({ outcome, drifted = false }: FinishedRun): Repair | undefined => {
  if (outcome === undefined || !drifted || outcome.writes === 0) return undefined;
  const drift = outcome.drift.filter(({ grants }) => grants.length > 0);
  return drift.length === 0 ? undefined : { at: outcome.verifiedAt, drift };
};

const NO_VERDICTS: ReadonlyMap<string, Verdict> = new Map();

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

/** `namespace/name`: `grantId` starts with the share. */
export const shareOf = (grant: string): string => grant.slice(0, grant.indexOf('/', grant.indexOf('/') + 1));
