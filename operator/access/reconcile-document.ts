// Brings one AWS document to what its claims say: read, plan, write, read back. The same few lines for every kind.
import { isFault } from '../aws/fault.ts';
import type { GrantClaims } from './desired.ts';
import type {
  ActionOutcome,
  DocumentContext,
  DocumentType,
  Drift,
  GrantFacts,
  Plan,
  PolicyAttachments,
  Verdict,
  OwnReading,
} from './document.ts';
import type { DocumentKey } from './document-key.ts';
import type { Grant } from './grant.ts';

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
  readonly postponed: ReadonlySet<string> | undefined;
  /** Writes made, for the audit record and for tests that demand zero. */
  readonly writes: number;
  readonly facts: ReadonlyMap<string, GrantFacts>;
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
  readonly reason: string;
  readonly message: string;
  /** AWS does not do it, however often it is asked. */
  readonly isRefusal?: boolean;
}

/** One write, with its evidence. */
export interface WriteRecord {
  readonly key: DocumentKey;
  readonly action: unknown;
  /** What differed when it was decided. */
  readonly drift: readonly Drift[];
  /** What was claimed. */
  readonly grants: readonly Grant[];
  /** Principals of others that AWS does not know any more, which the write left out. */
  readonly without?: readonly string[];
  readonly result: WriteResult;
}

/**
 * How a write ended. `Refused`: AWS does not do it, or not the part of these grants. `Unfinished`: an error came between; what of it AWS did
 * all the same, the next read shows.
 */
export type WriteResult =
  | { readonly outcome: 'Succeeded' }
  | {
      readonly outcome: 'Refused';
      readonly reason: string;
      readonly message: string;
      readonly grants: readonly string[];
    }
  | { readonly outcome: 'Unfinished'; readonly reason: string; readonly message: string };

/** Called for each write, however it ended: the audit stream. */
export type AuditWrite = (record: WriteRecord) => void;

/**
 * S3 and KMS have no compare-and-swap: another writer's stale write can undo ours between write and read-back, so a document that
 * does not come out as planned is redone at once, this often, before its queue's backoff takes over.
 */
const ROUNDS = 3;

/** `add`: writes where something is missing and nothing is taken away by that. */
export type Mode = 'repair' | 'report' | 'add';

/** How one run goes about its document. */
export interface Manner {
  readonly mode: Mode;
  /** Grants, by id, whose part is given now where it can be given apart; the others' comes later. Absent: all of it, now. */
  readonly first?: ReadonlySet<string> | undefined;
  /** Grants, by id, to be given once more: what was sent of them did not arrive. */
  readonly renew?: ReadonlySet<string> | undefined;
  readonly audit: AuditWrite;
}

/**
 * Throws AwsFault when a read or a whole write fails; per-grant failures are verdicts.
 * @returns `must take` in mode `add`, where the document holds what no claim asks for: nothing was written
 */
export const reconcileDocument = async <Key extends DocumentKey, Claims extends GrantClaims, Observed, Action>(
  type: DocumentType<Key, Claims, Observed, Action>,
  context: DocumentContext,
  key: Key,
  claims: Claims,
  { mode, first, renew, audit }: Manner,
): Promise<DocumentOutcome | 'must take'> => {
  let observed = await type.observe(context, key, claims);
  const renewal = renew && mode !== 'add' ? type.renew?.(key, claims, observed, renew) : undefined;
  let writes = 0;
  const write = async (action: Action, differing: readonly Drift[]): Promise<ActionOutcome> => {
    context.signal.throwIfAborted();
    const record = { key, action, drift: differing, grants: claims.grants };
    const outcome = await type.execute(context, key, claims, action).catch((error: unknown) => {
      audit({ ...record, result: resultOfError(error) });
      throw error;
    });
    writes += 1;
    const { without } = outcome;
    audit({ ...record, ...(without !== undefined && { without }), result: resultOf(outcome) });
    return outcome;
  };
  if (renewal !== undefined) {
    await write(renewal, []);
    observed = await type.observe(context, key, claims);
  }
  const planFor = async (wanted: Claims): Promise<Plan<Action>> => {
    for (const size of type.prepare?.(key, wanted, observed) ?? []) await context.pause?.(size);
    return type.plan(key, wanted, observed);
  };
  let plan = await planFor(claims);
  // What differs is told although nothing is put right for suspended grants.
  const whole = claims.grants.some(({ suspended }) => suspended) ? await planFor(resumed(claims)) : plan;
  const { drift } = whole;
  const allOf = (next: Plan<Action>): readonly Action[] => (mode === 'add' ? additionsOf(type, next) : next.actions);
  const partOf = (action: Action): Action | undefined =>
    first === undefined || type.partFor === undefined ? action : type.partFor(action, first);
  const actionsOf = (next: Plan<Action>): readonly Action[] => allOf(next).flatMap((action) => partOf(action) ?? []);
  if (plan.actions.length > 0 && allOf(plan).length === 0) return 'must take';
  let failures = new Map<string, Verdict>(plan.refused);
  let problem: DocumentProblem | undefined;
  let isLeft = false;
  const reported = mode === 'report' && whole.actions.length > 0;
  if (reported && plan.urgent !== undefined && plan.urgent.length > 0) {
    for (const action of plan.urgent) await write(action, plan.drift);
    observed = await (type.readBack?.(context, key, claims, observed, plan.urgent) ??
      type.observe(context, key, claims));
    plan = await planFor(claims);
    failures = new Map(plan.refused);
  }
  const rounds = reported ? 0 : ROUNDS;
  for (let round = 0; round < rounds && actionsOf(plan).length > 0; round += 1) {
    const written = actionsOf(plan);
    for (const action of written) {
      const outcome = await write(action, plan.drift);
      if (outcome.done) continue;
      // What failed first is the cause: a grant on a filter that could not be made fails for want of the filter.
      for (const grant of outcome.grants) if (!failures.has(grant)) failures.set(grant, outcome.verdict);
      if (outcome.problem !== undefined) problem ??= outcome.verdict;
      if (outcome.problem === 'extra') isLeft = true;
    }
    observed = await (type.readBack?.(context, key, claims, observed, written) ?? type.observe(context, key, claims));
    plan = await planFor(claims);
    if (failures.size > plan.refused.size || problem !== undefined) break;
    failures = new Map(plan.refused);
  }
  const verdicts = new Map([...type.judge(key, claims, observed), ...failures]);
  const isPostponed = (grant: string): boolean =>
    first?.has(grant) === false && verdicts.get(grant)?.state === 'Waiting';
  const isPart = !reported && allOf(plan).some((action) => partOf(action) !== action);
  return {
    verdicts,
    clean: type.isClean(key, claims, observed) && !isLeft,
    ...(problem !== undefined && { problem: { reason: problem.reason, message: problem.message } }),
    drift,
    reported,
    postponed: isPart ? new Set([...verdicts.keys()].filter((grant) => isPostponed(grant))) : undefined,
    writes,
    facts: type.facts?.(key, claims, observed) ?? new Map(),
    ...(type.parts !== undefined && { parts: type.parts(observed) }),
    ...(type.attachments !== undefined && { attachments: type.attachments(key, claims, observed) }),
    ownReading: type.ownReading?.(key, claims, observed),
    discovered: type.discover?.(key, claims, observed) ?? [],
    verifiedAt: context.now(),
  };
};

const resultOf = (outcome: ActionOutcome): WriteResult => {
  if (outcome.done) return { outcome: 'Succeeded' };
  const { reason, message } = outcome.verdict;
  return { outcome: 'Refused', reason, message, grants: outcome.grants };
};

const resultOfError = (error: unknown): WriteResult =>
  isFault(error)
    ? { outcome: 'Unfinished', reason: error.kind, message: error.message }
    : { outcome: 'Unfinished', reason: 'Interrupted', message: 'the operator ended the work' };

/** Where a document is written as a whole, nothing but what is missing may differ: a change may take something from somebody. */
const additionsOf = <Key extends DocumentKey, Claims, Observed, Action>(
  { takes }: DocumentType<Key, Claims, Observed, Action>,
  { actions, drift }: Plan<Action>,
): readonly Action[] => {
  if (takes !== undefined) return actions.filter((action) => !takes(action));
  return drift.every(({ kind }) => kind === 'missing') ? actions : [];
};

const resumed = <Claims extends GrantClaims>(claims: Claims): Claims => ({
  ...claims,
  grants: claims.grants.map((grant) => ({ ...grant, suspended: false })),
});
