// The controller whose work items are AWS documents: one run brings one bucket policy, one catalog, one role's policies to what the
// specs say, then tells the shares that depend on it.
import type { Logger } from 'pino';
import { decide, linkNameOf } from '../access/collect.ts';
import { isUnsettled } from '../access/consent.ts';
import { documentsForGrant, sharePoliciesKeyOf } from '../access/documents-for.ts';
import type { GrantFacts } from '../access/document.ts';
import { formatDocumentKey, parseDocumentKey, type DocumentKey } from '../access/document-key.ts';
import { grantId, type Grant } from '../access/grant.ts';
import { runDocument } from '../access/run-document.ts';
import type { Specs } from '../access/specs.ts';
import type { AccountAws } from '../aws/account.ts';
import { isFault, type AwsFault } from '../aws/fault.ts';
import { runWork } from '../aws/work.ts';
import {
  done,
  Priority,
  requeueAfter,
  stalled,
  transient,
  type ControllerDefinition,
  type EnqueueOptions,
  type ReconcileContext,
  type Result,
} from '../kernel/reconciler.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { DocumentOutcomes, RecordedOutcome } from './document-outcomes.ts';

export const documentController = 'document';
/** Name of the ShareRequest controller, which every run of a document wakes. */
export const shareController = 'sharerequest';
/** Name of the ConsumptionRole controller, which knows the unique ids of principals. */
const consumptionRoleController = 'consumptionrole';

export interface DocumentControllerOptions {
  readonly specs: Specs;
  readonly outcomes: DocumentOutcomes;
  /** The session of the account where the document lives; undefined while its environment is not linked. */
  readonly accountFor: (key: DocumentKey) => AccountAws | undefined;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
  /** Requests that touch a document, whether or not anything is granted. */
  readonly sharesTouching: (key: DocumentKey) => readonly ShareRequest[];
  /** Called when a document was read or could not be: whoever waits for the document itself looks again. */
  readonly onRecord: (key: DocumentKey) => void;
  readonly audit: Logger;
  /** Milliseconds between two reads of a document that nobody changes; spread by `random`. */
  readonly verifyEveryMs: number;
  readonly random: () => number;
}

/** How long a document waits for decisions that are about to be complete (bindings after a restart) before it takes anything away. */
const SETTLE_MS = 500;
const LONGEST_SETTLE_MS = 30_000;
/** RAM and IAM answer for a new state within seconds; an unanswered wait slows down to this. */
const WAITING_MS = { first: 1_000, last: 60_000 };

export const defineDocumentController = (options: DocumentControllerOptions): ControllerDefinition => {
  const { specs, outcomes } = options;
  const waits = new Map<string, { readonly ms: number; readonly grants: readonly string[] }>();
  const unsettledSince = new Map<string, number>();

  const reconcile = async (text: string, context: ReconcileContext): Promise<Result> => {
    const key = parseDocumentKey(text);
    const aws = options.accountFor(key);
    if (aws === undefined) return stalled('EnvironmentNotReady', `no linked environment in account ${key.account}`);
    if (mustSettle(text, key, context)) return requeueAfter(SETTLE_MS, context.priority);
    const tick = outcomes.tick();
    const asked = outcomes.wasAskedToRepair(key);
    const work = { item: text, reconcileId: context.reconcileId, priority: context.priority, signal: context.signal };
    try {
      const run = await runWork(work, async () =>
        runDocument(key, {
          specs,
          context: { aws, now: context.now, signal: context.signal },
          facts: (grant) => outcomes.facts(grant),
          isDrift: (claims) => !asked && outcomes.isDrift(key, claims),
          audit: ({ action }) =>
            options.audit.info({ document: text, reconcileId: context.reconcileId, action }, 'aws write'),
        }),
      );
      const record: RecordedOutcome = {
        key,
        outcome: run?.outcome,
        grants: run?.grants ?? [],
        claims: run?.claims,
        tick,
      };
      const drifted =
        record.outcome !== undefined && record.outcome.drift.length > 0 && outcomes.isDrift(key, record.claims);
      const renamed = record.grants.filter((grant) => isRenamed(grant, run?.outcome.facts.get(grantId(grant))));
      outcomes.record(record);
      tell(record, context, renamed);
      if (drifted) tellDrift(record, context);
      if (run === undefined) return done;
      return nextLook(text, record);
    } catch (error) {
      if (!isFault(error)) throw error;
      outcomes.record({
        key,
        tick,
        failure: { reason: reasonOf(error), message: `${error.message}. ${error.advice}` },
      });
      notifyShares(key, context.priority);
      options.onRecord(key);
      // Never given up: what is wrong in AWS is mended there, and nobody tells us; and revocation may depend on it.
      return transient(reasonOf(error), error.message);
    }
  };

  /**
   * Taking access away because a binding is not made again yet would be a lost grant; a moment later it is. Who has no consent has
   * nothing to lose, and must not hold up the others.
   */
  const mustSettle = (text: string, key: DocumentKey, context: ReconcileContext): boolean => {
    const unsettled = options
      .sharesTouching(key)
      .filter((share) => specs.approvalFor(share)?.spec.decision === 'Approved')
      .some((share) => isUnsettled(decide(specs, share, context.now())));
    if (!unsettled || context.priority >= Priority.revocation) {
      unsettledSince.delete(text);
      return false;
    }
    const since = unsettledSince.get(text) ?? context.now();
    unsettledSince.set(text, since);
    return context.now() - since < LONGEST_SETTLE_MS;
  };

  /** Shares look at their documents again; documents that waited for this one run again; unknown ones are swept. */
  const tell = (record: RecordedOutcome, context: ReconcileContext, renamed: readonly Grant[]): void => {
    notifyShares(record.key, context.priority);
    options.onRecord(record.key);
    for (const { principal } of renamed)
      options.enqueue(documentController, formatDocumentKey(sharePoliciesKeyOf(principal.arn)), {
        priority: context.priority,
      });
    for (const grant of record.grants) if (isLost(record, grant)) lookAtPrincipal(grant);
    if ((record.outcome?.writes ?? 0) > 0)
      for (const grant of record.grants) wakeWaiting(record.key, grant, context.priority);
    for (const discovered of record.outcome?.discovered ?? [])
      if (outcomes.get(discovered) === undefined)
        options.enqueue(documentController, formatDocumentKey(discovered), { priority: Priority.backlog });
  };

  /** AWS says that the principal is gone: sooner than its own next look would. Consent was not to whoever comes after it. */
  const isLost = ({ outcome }: RecordedOutcome, grant: Grant): boolean => {
    const verdict = outcome?.verdicts.get(grantId(grant));
    return verdict?.state === 'Failed' && verdict.reason === 'PrincipalNotFound';
  };

  const lookAtPrincipal = ({ principal: { reference } }: Grant): void => {
    if (reference.kind === 'ConsumptionRole')
      options.enqueue(consumptionRoleController, `${reference.namespace}/${reference.name}`, {
        priority: Priority.revocation,
      });
  };

  /** Evidence of what somebody changed in AWS, on every share that the document serves. */
  const tellDrift = ({ key, outcome }: RecordedOutcome, context: ReconcileContext): void => {
    const what = outcome?.drift.map(({ message }) => message).join('; ') ?? '';
    const note = `${formatDocumentKey(key)} was changed in AWS and ${outcome?.writes === 0 ? 'is left as it is' : 'put right'}: ${what}`;
    for (const share of options.sharesTouching(key)) context.event(share, { type: 'Warning', reason: 'Drifted', note });
  };

  const notifyShares = (key: DocumentKey, priority: number): void => {
    for (const { metadata } of options.sharesTouching(key))
      options.enqueue(shareController, `${metadata.namespace}/${metadata.name}`, { priority });
  };

  const wakeWaiting = (from: DocumentKey, grant: Grant, priority: number): void => {
    for (const other of documentsForGrant(grant)) {
      if (formatDocumentKey(other) === formatDocumentKey(from)) continue;
      if (outcomes.verdict(other, grantId(grant))?.state === 'Waiting')
        options.enqueue(documentController, formatDocumentKey(other), { priority });
    }
  };

  /** The link has another name than the principal's policies were made for. */
  const isRenamed = (grant: Grant, found: GrantFacts | undefined): boolean => {
    const expected = linkNameOf(grant, outcomes.facts(grantId(grant)));
    if (expected === undefined || found?.link === undefined) return false;
    return expected.database !== found.database || expected.link !== found.link;
  };

  const nextLook = (text: string, record: RecordedOutcome): Result => {
    const left = record.outcome?.reported === true;
    const dirty = record.outcome?.clean === false;
    const grants = outcomes.waiting(record).map(grantId);
    if (!left && (grants.length > 0 || dirty)) {
      const before = waits.get(text);
      // A grant that has only begun to wait does not inherit the patience learned with others.
      const isNew = before === undefined || grants.some((grant) => !before.grants.includes(grant));
      const ms = isNew ? WAITING_MS.first : Math.min(before.ms * 2, WAITING_MS.last);
      waits.set(text, { ms, grants });
      return requeueAfter(ms);
    }
    waits.delete(text);
    // Spread over the second half of the period, so that documents made together are not verified together.
    return requeueAfter(options.verifyEveryMs * (0.5 + options.random() / 2), Priority.backlog);
  };

  return { name: documentController, sources: [], workers: 16, interruptible: true, reconcile };
};

/** The reason of a condition that a fault stands for. */
export const reasonOf = (
  fault: AwsFault,
): 'Throttled' | 'AccessDenied' | 'PivotRoleUnreachable' | 'QuotaExceeded' | 'AwsError' => {
  switch (fault.kind) {
    case 'Throttled':
    case 'AccessDenied':
    case 'QuotaExceeded':
      return fault.kind;
    case 'NoTrust':
    case 'NoCredentials':
      return 'PivotRoleUnreachable';
    default:
      return 'AwsError';
  }
};
