// When a document is looked at again: soon where something is waited for, once in a period where all is well, and never more once nobody
// speaks of it. What a run costs is paid for by a rest.
import type { DocumentKey } from '../../access/document-key.ts';
import { QUOTA_LOOK_MS } from '../../access/documents/refusal.ts';
import type { Grant } from '../../access/grant.ts';
import { done, Priority, requeueAfter, type Result } from '../../kernel/runtime/reconciler.ts';
import { shareOf, type FinishedRun } from '../reconcile/observed-document.ts';
import type { ObservedDocuments } from '../reconcile/observed-documents.ts';
import type { ShareUrgency } from '../reconcile/share-urgency.ts';
import { batchDelayMs } from '../reconcile/batch-delay.ts';

/** RAM and IAM answer for a new state within seconds; an unanswered wait slows down to this. */
const WAITING_MS = { first: 1_000, last: 60_000 };
/** Whoever waits for a document looks every few seconds, or is woken by its run; both have seen it by then. */
const FORGET_MS = 10 * 60_000;
/**
 * After a run, milliseconds for each of its grants until the next one gives more: some times what it takes of the process. Where access
 * ends, nothing waits.
 */
const REST_MS_A_GRANT = 0.1;
/** Shorter is not worth the while: 500 grants. */
const LEAST_REST_MS = 50;
/** Kinds that are there for shares alone. */
const BETWEEN_SIDES: readonly DocumentKey['kind'][] = ['access-point', 'shared-database', 'invitations'];

/** With the grants that were in the claims. */
export type Finished = FinishedRun & { readonly grants: readonly Grant[] };

export interface LookScheduleOptions {
  readonly observed: ObservedDocuments;
  readonly urgency: ShareUrgency;
  /** Milliseconds between two reads of a document that nobody changes; spread by `random`. */
  readonly verifyEveryMs: number;
  readonly random: () => number;
}

/** By the document's key, as text. */
export class LookSchedule {
  readonly #options: LookScheduleOptions;
  readonly #waits = new Map<string, { readonly ms: number; readonly grants: ReadonlySet<string> }>();
  /** When the rest after a long run ends. */
  readonly #restsUntil = new Map<string, number>();
  readonly #idleSince = new Map<string, number>();
  readonly #spread = new Set<string>();

  constructor(options: LookScheduleOptions) {
    this.#options = options;
  }

  /** Milliseconds until a run may begin that ends nobody's access; 0 or less = now. */
  restMs(document: string, now: number): number {
    return (this.#restsUntil.get(document) ?? 0) - now;
  }

  /** @param touched whether any request touches the document */
  after(document: string, finished: Finished, touched: boolean, priority: number, now: number): Result {
    this.#rest(document, finished, now);
    return !touched && isIdle(finished)
      ? this.#forget(document, finished, now)
      : this.#next(document, finished, priority);
  }

  /** One team's hundred thousand grants would take all of the process, were they gone through at each of its hundreds of requests. */
  #rest(document: string, { grants }: Finished, now: number): void {
    const ms = grants.length * REST_MS_A_GRANT;
    if (ms < LEAST_REST_MS) this.#restsUntil.delete(document);
    else this.#restsUntil.set(document, now + ms);
  }

  /** Events name documents of anybody's, and shares come and go: what nobody has woken for a while is forgotten. */
  #forget(document: string, { key }: Finished, now: number): Result {
    this.#waits.delete(document);
    const since = this.#idleSince.get(document);
    this.#idleSince.set(document, now);
    if (since === undefined || now - since < FORGET_MS) return requeueAfter(FORGET_MS, Priority.backlog);
    this.#idleSince.delete(document);
    this.#spread.delete(document);
    this.#options.observed.forget(key);
    return done;
  }

  #next(document: string, finished: Finished, priority: number): Result {
    const { outcome } = finished;
    this.#idleSince.delete(document);
    if (outcome?.deferred !== undefined) return requeueAfter(0, Priority.backlog);
    const { waiting, isFull } = seenIn(finished);
    if (outcome?.reported !== true && (isDirty(finished) || waiting.length > 0))
      return this.#soon(document, finished, waiting);
    this.#waits.delete(document);
    const { verifyEveryMs, random } = this.#options;
    if (isFull) return requeueAfter(Math.min(QUOTA_LOOK_MS, verifyEveryMs), Priority.backlog);
    // Documents that were made or changed together are spread over the second half of the period, and so stay apart: from then on each
    // is read once in a period.
    const isSpread = priority <= Priority.backlog && this.#spread.has(document);
    this.#spread.add(document);
    return requeueAfter(verifyEveryMs * (isSpread ? 1 : 0.5 + random() / 2), Priority.backlog);
  }

  #soon(document: string, finished: Finished, grants: readonly string[]): Result {
    const before = this.#waits.get(document);
    // A grant that has only begun to wait does not inherit the patience learned with others.
    const isNew = before === undefined || grants.some((grant) => !before.grants.has(grant));
    const ms = isNew ? WAITING_MS.first : Math.min(before.ms * 2, WAITING_MS.last);
    this.#waits.set(document, { ms, grants: new Set(grants) });
    if (isDirty(finished)) return requeueAfter(ms);
    let urgency: number = Priority.backlog;
    for (const id of grants) urgency = Math.max(urgency, this.#options.urgency.of(shareOf(id)));
    return requeueAfter(Math.max(ms, batchDelayMs(urgency)), urgency);
  }
}

/** Nothing of ours is in it; datasets, roles and environments ask about the kinds of their own. */
const isIdle = ({ key, outcome, grants }: Finished): boolean =>
  outcome === undefined || (outcome.clean && grants.length === 0 && BETWEEN_SIDES.includes(key.kind));

const isDirty = ({ outcome }: Finished): boolean => outcome?.clean === false || outcome?.problem !== undefined;

/** What its verdicts have to say of the next look: seen once, since there may be a hundred thousand. */
const seenIn = ({ outcome }: Finished): { readonly waiting: readonly string[]; readonly isFull: boolean } => {
  const waiting: string[] = [];
  let isFull = false;
  for (const [id, verdict] of outcome?.verdicts ?? []) {
    if (verdict.state === 'Waiting') waiting.push(id);
    else if (verdict.state === 'Failed' && verdict.reason === 'QuotaExceeded') isFull = true;
  }
  return { waiting, isFull };
};
