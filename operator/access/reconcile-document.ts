// Brings one AWS document to what its claims say: read, plan, write, read back. The same few lines for every kind.
import type { ItemStatusReason } from '../resources/conditions.ts';
import type { GrantClaims } from './desired.ts';
import type {
  ActionOutcome,
  DocumentContext,
  DocumentType,
  Drift,
  GrantOutputs,
  Plan,
  PolicyAttachments,
  Verdict,
  OwnReading,
} from './document.ts';
import type { DocumentKey } from './document-key.ts';
import type { Grant } from './grant.ts';
import { resumedClaims } from './resumed-claims.ts';
import { deferredAmong, runVerdicts } from './run-verdicts.ts';
import { resultOf, resultOfError, type WriteResult } from './write-result.ts';

/** What is known of a document after its work item ran. */
export interface DocumentOutcome {
  /** By grant id: how the document serves each grant that was in the claims. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Nothing of ours is left that no claim asks for, proved by the last read. */
  readonly clean: boolean;
  readonly problem?: DocumentProblem;
  /** What differed before this run wrote; what was wanted anew and what somebody changed alike. */
  readonly drift: readonly Drift[];
  /** Differences were left as they are, because they are to be reported and not repaired. */
  readonly reported: boolean;
  /** Not everything is written yet: grants, by id, of which this run only knows that they do not have all of their part. */
  readonly deferred: ReadonlySet<string> | undefined;
  /** Writes made, for the audit record and for tests that demand zero. */
  readonly writes: number;
  readonly outputs: ReadonlyMap<string, GrantOutputs>;
  /** Of a document that only the names of its parts make one: those that are there. */
  readonly parts?: readonly string[];
  readonly attachments?: PolicyAttachments;
  readonly ownReading: OwnReading | undefined;
  /** Documents nobody asked for, seen in passing. */
  readonly discovered: readonly DocumentKey[];
  /** Milliseconds since the epoch of the last read. */
  readonly verifiedAt: number;
}

/** A part that AWS refuses, whatever is tried: the rest of the document is as the specs say. */
export interface DocumentProblem {
  readonly reason: ItemStatusReason;
  readonly message: string;
  /** AWS does not do it, however often it is asked. */
  readonly isRefusal?: boolean;
}

/** One write that will be, with its evidence: what differed when it was decided, and what was claimed. */
export interface PlannedWrite {
  readonly key: DocumentKey;
  readonly action: unknown;
  readonly drift: readonly Drift[];
  readonly grants: readonly Grant[];
}

export interface WriteRecord extends PlannedWrite {
  /** Principals of others that AWS does not know any more, which the write left out. */
  readonly omittedPrincipals?: readonly string[];
  readonly result: WriteResult;
}

/** Called for each write, however it ended: the audit stream. */
export type AuditWrite = (record: WriteRecord) => void;

/**
 * S3 and KMS have no compare-and-swap: another writer's stale write can undo ours between write and read-back, so a document that
 * does not come out as planned is redone at once, this often, before its queue's backoff takes over.
 */
const ROUNDS = 3;

/** `additive`: writes where something is missing and nothing is taken away by that. */
export type RunMode = 'repair' | 'reportOnly' | 'additive';

/** How one run goes about its document. */
export interface RunOptions {
  readonly mode: RunMode;
  /** Grants, by id, whose part is given now where it can be given apart; the others' comes later. Absent: all of it, now. */
  readonly urgentGrants?: ReadonlySet<string> | undefined;
  /** Grants, by id, to be given once more: what was sent of them did not arrive. Absent where there are none. */
  readonly renew?: ReadonlySet<string> | undefined;
  /** Called before writes of a plan, so that what is recorded of each need not be found out, in one turn, after it. */
  readonly beforeWrites?: (planned: PlannedWrite, pause: DocumentContext['pause']) => Promise<void>;
  readonly audit: AuditWrite;
}

/**
 * Throws AwsFault when a read or a whole write fails; per-grant failures are verdicts.
 * @returns `requiresRevocation` in mode `additive`, where the document holds what no claim asks for: nothing was written
 */
export const reconcileDocument = async <Key extends DocumentKey, Claims extends GrantClaims, Observed, Action>(
  type: DocumentType<Key, Claims, Observed, Action>,
  context: DocumentContext,
  key: Key,
  claims: Claims,
  options: RunOptions,
): Promise<DocumentOutcome | 'requiresRevocation'> =>
  await new Reconciliation(type, context, key, claims, options).run();

/** One run, from the first read to what is known after the last. */
class Reconciliation<Key extends DocumentKey, Claims extends GrantClaims, Observed, Action> {
  readonly #type: DocumentType<Key, Claims, Observed, Action>;
  readonly #context: DocumentContext;
  readonly #key: Key;
  readonly #claims: Claims;
  readonly #options: RunOptions;
  #writes = 0;
  #failures: ReadonlyMap<string, Verdict> = new Map();
  #problem: DocumentProblem | undefined;
  /** What must go is still there, as AWS said. */
  #isLeft = false;

  constructor(
    type: DocumentType<Key, Claims, Observed, Action>,
    context: DocumentContext,
    key: Key,
    claims: Claims,
    options: RunOptions,
  ) {
    this.#type = type;
    this.#context = context;
    this.#key = key;
    this.#claims = claims;
    this.#options = options;
  }

  async run(): Promise<DocumentOutcome | 'requiresRevocation'> {
    const observed = await this.#observeRenewed();
    const plan = await this.#plan(this.#claims, observed);
    // What differs is told although nothing is put right for suspended grants.
    const isSuspended = this.#claims.grants.some(({ suspended }) => suspended);
    const whole = isSuspended
      ? await this.#plan(await resumedClaims(this.#claims, this.#context.pause), observed)
      : plan;
    if (plan.actions.length > 0 && this.#allowed(plan).length === 0) return 'requiresRevocation';
    this.#failures = plan.refused;
    const isReported = this.#options.mode === 'reportOnly' && whole.actions.length > 0;
    const after = isReported ? await this.#writeUrgent(plan, observed) : await this.#writeAll(plan, observed);
    return await this.#outcome(after, whole.drift, isReported);
  }

  async #observe(): Promise<Observed> {
    return await this.#type.observe(this.#context, this.#key, this.#claims);
  }

  /** What was sent and did not arrive is taken back first, to be given anew. */
  async #observeRenewed(): Promise<Observed> {
    const { mode, renew } = this.#options;
    const observed = await this.#observe();
    const renewal =
      renew && mode !== 'additive' ? this.#type.renew?.(this.#key, this.#claims, observed, renew) : undefined;
    if (renewal === undefined) return observed;
    await this.#write(renewal, []);
    return await this.#observe();
  }

  async #plan(wanted: Claims, observed: Observed): Promise<Plan<Action>> {
    for (const size of this.#type.prepare?.(this.#key, wanted, observed) ?? []) await this.#context.pause?.(size);
    const plan = this.#type.plan(this.#key, wanted, observed);
    await this.#pauseAfterAll();
    return plan;
  }

  /** Every grant was looked at: what follows has a turn of its own where there are many. */
  async #pauseAfterAll(): Promise<void> {
    await this.#context.pause?.(this.#claims.grants.length);
  }

  /** What of a plan this run may do at all. */
  #allowed(plan: Plan<Action>): readonly Action[] {
    return this.#options.mode === 'additive' ? additionsOf(this.#type, plan) : plan.actions;
  }

  /** What of an action is done now. */
  #partOf(action: Action): Action | undefined {
    const { urgentGrants } = this.#options;
    return urgentGrants === undefined || this.#type.subsetFor === undefined
      ? action
      : this.#type.subsetFor(action, urgentGrants);
  }

  /**
   * Where differences are left as they are: only what opens what nobody consented to is put right, and what was taken back to be given anew
   * is given.
   */
  async #writeUrgent(plan: Plan<Action>, observed: Observed): Promise<After<Observed, Action>> {
    const { isRevocation, subsetFor } = this.#type;
    const { renew } = this.#options;
    const renewed = renew === undefined ? [] : plan.actions.filter((action) => isRevocation?.(action) === false);
    const urgent = [
      ...(plan.urgent ?? []),
      ...renewed.flatMap((action) => (renew && subsetFor?.(action, renew)) ?? []),
    ];
    if (urgent.length === 0) return { observed, plan };
    for (const action of urgent) await this.#write(action, plan.drift);
    const after = await this.#lookAgain(observed, urgent);
    this.#failures = after.plan.refused;
    return after;
  }

  async #writeAll(plan: Plan<Action>, observed: Observed): Promise<After<Observed, Action>> {
    let after = { plan, observed };
    for (let round = 0; round < ROUNDS; round += 1) {
      const actions = this.#allowed(after.plan).flatMap((action) => this.#partOf(action) ?? []);
      if (actions.length === 0) break;
      await this.#writeEach(actions, after.plan.drift);
      after = await this.#lookAgain(after.observed, actions);
      if (this.#failures.size > after.plan.refused.size || this.#problem !== undefined) break;
      this.#failures = after.plan.refused;
    }
    return after;
  }

  async #writeEach(actions: readonly Action[], drift: readonly Drift[]): Promise<void> {
    const failures = new Map<string, Verdict>(this.#failures);
    for (const action of actions) {
      const outcome = await this.#write(action, drift);
      if (outcome.done) continue;
      // What failed first is the cause: a grant on a filter that could not be made fails for want of the filter.
      for (const grant of outcome.grants) if (!failures.has(grant)) failures.set(grant, outcome.verdict);
      if (outcome.problem !== undefined) this.#problem ??= outcome.verdict;
      if (outcome.problem === 'extra') this.#isLeft = true;
    }
    this.#failures = failures;
  }

  async #write(action: Action, drift: readonly Drift[]): Promise<ActionOutcome> {
    const { audit, beforeWrites } = this.#options;
    const record = { key: this.#key, action, drift, grants: this.#claims.grants };
    await beforeWrites?.(record, this.#context.pause);
    this.#context.signal.throwIfAborted();
    const outcome = await this.#type.execute(this.#context, this.#key, this.#claims, action).catch((error: unknown) => {
      audit({ ...record, result: resultOfError(error) });
      throw error;
    });
    this.#writes += 1;
    const { omittedPrincipals } = outcome;
    audit({ ...record, ...(omittedPrincipals !== undefined && { omittedPrincipals }), result: resultOf(outcome) });
    return outcome;
  }

  async #lookAgain(before: Observed, written: readonly Action[]): Promise<After<Observed, Action>> {
    const observed = await (this.#type.readBack?.(this.#context, this.#key, this.#claims, before, written) ??
      this.#observe());
    return { observed, plan: await this.#plan(this.#claims, observed) };
  }

  async #outcome(
    { observed, plan }: After<Observed, Action>,
    drift: readonly Drift[],
    reported: boolean,
  ): Promise<DocumentOutcome> {
    const type = this.#type;
    const key = this.#key;
    const claims = this.#claims;
    const problem = this.#problem;
    const verdicts = await runVerdicts(type.judge(key, claims, observed), this.#failures, this.#context.pause);
    const clean = type.isClean(key, claims, observed) && !this.#isLeft;
    await this.#pauseAfterAll();
    const outputs = type.outputs?.(key, claims, observed) ?? new Map<string, GrantOutputs>();
    await this.#pauseAfterAll();
    const isPart = !reported && this.#allowed(plan).some((action) => this.#partOf(action) !== action);
    return {
      verdicts,
      clean,
      ...(problem !== undefined && { problem: { reason: problem.reason, message: problem.message } }),
      drift,
      reported,
      deferred: isPart ? await deferredAmong(verdicts, this.#options.urgentGrants, this.#context.pause) : undefined,
      writes: this.#writes,
      outputs,
      ...(type.parts !== undefined && { parts: type.parts(observed) }),
      ...(type.attachments !== undefined && { attachments: type.attachments(key, claims, observed) }),
      ownReading: type.ownReading?.(key, claims, observed),
      discovered: type.discover?.(key, claims, observed) ?? [],
      verifiedAt: this.#context.now(),
    };
  }
}

/** What was there after a write, and what is still to be done. */
interface After<Observed, Action> {
  readonly observed: Observed;
  readonly plan: Plan<Action>;
}

/** Where a document is written as a whole, nothing but what is missing may differ: a change may take something from somebody. */
const additionsOf = <Key extends DocumentKey, Claims, Observed, Action>(
  { isRevocation }: DocumentType<Key, Claims, Observed, Action>,
  { actions, drift }: Plan<Action>,
): readonly Action[] => {
  if (isRevocation !== undefined) return actions.filter((action) => !isRevocation(action));
  return drift.every(({ kind }) => kind === 'missing') ? actions : [];
};
