// The controller whose work items are AWS documents: one run brings one bucket policy, one catalog, one role's policies to what the
// specs say, then tells the shares that depend on it.
import type { Logger } from 'pino';
import { decide } from '../../access/share-decision.ts';
import { linkNameOf } from '../../access/grant-names.ts';
import { isUnsettled } from '../../access/consent.ts';
import { documentsForGrant, sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import type { Drift, GrantOutputs, Verdict } from '../../access/document.ts';
import { QUOTA_LOOK_MS } from '../../access/documents/refusal.ts';
import { formatDocumentKey, parseDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import { runDocument, type DocumentRun } from '../../access/run-document.ts';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault, isRefusal } from '../../aws/fault.ts';
import type { AwsCall } from '../../aws/call.ts';
import { runWork, unanswered } from '../../aws/call-context.ts';
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
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { Turns } from '../../kernel/turns.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { gatherMs } from '../reconcile/gather.ts';
import { shareOf, type DocumentOutcomes, type FinishedRun } from '../reconcile/document-status-cache.ts';
import { documentSources } from './watches.ts';
import { DeferredGrants } from './deferred-grants.ts';
import { SPACING_MS } from '../reconcile/concurrency.ts';
import { faultReason } from '../reconcile/fault-reason.ts';

export const documentController = 'document';
/** Name of the ShareRequest controller, which every run of a document wakes. */
export const shareController = 'sharerequest';
/** Names of the controllers that know the unique ids of principals. */
const principalControllers = { ConsumptionRole: 'consumptionrole', Team: 'team' } as const;

export interface DocumentControllerOptions {
  readonly specs: Specs;
  readonly stores: Stores;
  readonly outcomes: DocumentOutcomes;
  /** The session of the account where the document lives; undefined while its environment is not linked. */
  readonly accountFor: (key: DocumentKey) => AccountAws | undefined;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
  /** Requests that touch a document, whether or not anything is granted. */
  readonly sharesTouching: (key: DocumentKey) => readonly ShareRequest[];
  /** Whether the pivot role is about to get the rights that the document takes: that it is denied them till then is no news. */
  readonly areRightsOnTheWay?: (key: DocumentKey, now: number) => boolean;
  /** Called when a document was read or could not be: whoever waits for the document itself looks again. */
  readonly onRecord: (key: DocumentKey, priority: number) => void;
  readonly audit: Logger;
  /** Milliseconds between two reads of a document that nobody changes; spread by `random`. */
  readonly verifyEveryMs: number;
  readonly random: () => number;
}

/** How long a document waits for decisions that are about to be complete (bindings after a restart) before it takes anything away. */
const SETTLE_MS = 500;
/** Since the last of them was settled: those that are left have other troubles. */
const LONGEST_SETTLE_MS = 30_000;
/** However many there are, and whoever goes on making more. */
const LONGEST_BINDING_MS = 5 * 60_000;
/** What is fresh need not wait for the decisions of others where nothing is taken from them. Each try that was in vain has read the document. */
const TRY_EVERY_MS = 5_000;
/** RAM and IAM answer for a new state within seconds; an unanswered wait slows down to this. */
const WAITING_MS = { first: 1_000, last: 60_000 };
/** Rights come with a stack, within a minute or so. */
const RIGHTS_MS = 2_000;

/** Whoever waits for a document looks every few seconds, or is woken by its run; both have seen it by then. */
const FORGET_MS = 10 * 60_000;
/** Grants that are looked at in one turn of the event loop: a document may have a hundred thousand. */
const GRANTS_A_TURN = 500;
/**
 * After a run, milliseconds for each of its grants until the next one gives more: some times what it takes of the process. Where access
 * ends, nothing waits.
 */
const REST_MS_A_GRANT = 0.1;
/** Shorter is not worth the while: 500 grants. */
const LEAST_REST_MS = 50;
/** Kinds that are there for shares alone. */
const BETWEEN_SIDES: readonly DocumentKey['kind'][] = ['access-point', 'shared-database', 'invitations'];

/** Approved shares of a document that nothing is given to yet. Times by the clock, milliseconds. */
interface Unsettled {
  readonly count: number;
  readonly since: number;
  /** When they became fewer. */
  readonly fewerAt: number;
}

type Finished = FinishedRun & Pick<DocumentRun, 'grants'>;

export const defineDocumentController = (options: DocumentControllerOptions): ControllerDefinition => {
  const { specs, outcomes } = options;
  const waits = new Map<string, { readonly ms: number; readonly grants: ReadonlySet<string> }>();
  /** When the last run of a document ended whose length keeps the next one waiting. */
  const restsUntil = new Map<string, number>();
  const unsettled = new Map<string, Unsettled>();
  const triedAt = new Map<string, number>();
  const idleSince = new Map<string, number>();
  const spread = new Set<string>();
  const deferred = new DeferredGrants();

  const reconcile = async (text: string, context: ReconcileContext): Promise<Result> => {
    const key = parseDocumentKey(text);
    const aws = options.accountFor(key);
    if (aws === undefined && options.sharesTouching(key).length === 0) outcomes.forget(key);
    if (aws === undefined) return stalled('EnvironmentNotReady', `no linked environment in account ${key.account}`);
    const rest = (restsUntil.get(text) ?? 0) - context.now();
    if (rest > 0 && context.priority < Priority.revocation) return requeueAfter(rest, context.priority);
    const settling = mustSettle(text, key, context);
    if (settling && !mayTry(text, context)) return requeueAfter(SETTLE_MS, context.priority);
    const parts = outcomes.parts(key);
    const tick = outcomes.begin(key);
    const asked = outcomes.wasAskedToRepair(key);
    const tellSlow = (call: AwsCall): void => {
      outcomes.recordFailure({ key, failure: { reason: 'AwsError', message: unanswered(call) } });
      notifyShares(key, context.priority);
      options.onRecord(key, context.priority);
    };
    const { reconcileId, priority, signal } = context;
    const work = { item: text, reconcileId, priority, signal, onSlow: tellSlow };
    const turns = new Turns(GRANTS_A_TURN);
    const pause = async (size: number): Promise<void> => turns.piece(size);
    // Of many writes of one plan it is the same.
    const sharesOf = new WeakMap<readonly Drift[], ReturnType<typeof whose>>();
    try {
      const run = await runWork(work, async () =>
        runDocument(key, {
          specs,
          context: { aws, now: context.now, signal: context.signal, parts, pause },
          outputs: (grant) => outcomes.outputs(grant),
          isDrift: (claims) => !asked && outcomes.isDrift(key, claims),
          additiveOnly: settling,
          urgentGrants: (grants) => whoComesFirst(text, grants, context),
          isAskedAnew: (grant) => asked && !grant.suspended && hasNotArrived(grant),
          audit: ({ action, omittedPrincipals, drift, grants, result }) => {
            const shares = sharesOf.get(drift) ?? whose(key, drift, grants);
            sharesOf.set(drift, shares);
            options.audit.info(
              { document: text, reconcileId, ...shares, action, without: omittedPrincipals, result },
              'aws write',
            );
          },
        }),
      );
      if (run === 'requiresRevocation') {
        triedAt.set(text, context.now());
        if (asked) outcomes.askRepair(key);
        return requeueAfter(SETTLE_MS, context.priority);
      }
      const finished: Finished = { key, outcome: run?.outcome, grants: run?.grants ?? [], claims: run?.claims, tick };
      const drifted =
        finished.outcome !== undefined && finished.outcome.drift.length > 0 && outcomes.isDrift(key, finished.claims);
      const renamed: Grant[] = [];
      const doubtful: Grant[] = [];
      for (const grant of finished.grants) {
        if (isRenamed(grant, run?.outcome.outputs.get(grantId(grant)))) renamed.push(grant);
        if (isDoubtful(finished, grant)) doubtful.push(grant);
        await pause(1);
      }
      outcomes.record(finished);
      rememberLength(text, finished, context.now());
      deferred.record(text, finished.outcome?.deferred, context.now());
      tell(finished, context, { renamed, doubtful });
      if ((finished.outcome?.writes ?? 0) > 0) {
        const missing = finished.outcome?.drift.filter(({ kind }) => kind === 'missing') ?? [];
        const givenAnew = new Set(missing.flatMap(({ grants }) => grants));
        for (const grant of finished.grants) {
          wakeDependants(key, grant, givenAnew.has(grantId(grant)), context.priority);
          await pause(1);
        }
      }
      if (drifted) tellDrift(finished, context);
      return isIdle(finished) ? forgetLater(text, finished, context) : nextLook(text, finished, context.priority);
    } catch (error) {
      if (asked) outcomes.askRepair(key);
      // An interrupted run says nothing about AWS, and the next one is about to begin.
      if (!isFault(error) || isInterrupted(context.signal)) throw error;
      if (error.kind === 'AccessDenied' && options.areRightsOnTheWay?.(key, context.now()) === true)
        return requeueAfter(RIGHTS_MS, context.priority);
      outcomes.recordFailure({
        key,
        failure: {
          reason: faultReason(error),
          message: `${error.message}. ${error.advice}`,
          isRefusal: isRefusal(error),
        },
      });
      notifyShares(key, context.priority);
      options.onRecord(key, context.priority);
      // Never given up: what is wrong in AWS is mended there, and nobody tells us; and revocation may depend on it.
      return transient(faultReason(error), error.message);
    }
  };

  /** RAM did not bring it to the consumer's account. */
  const hasNotArrived = (grant: Grant): boolean =>
    documentsForGrant(grant).some((document) => {
      if (document.kind !== 'invitations') return false;
      const verdict = outcomes.verdict(document, grantId(grant));
      return verdict !== undefined && verdict.state !== 'Satisfied';
    });

  /** Which shares a write serves, and which it no longer does. What people decided about each stands in its objects. */
  const whose = (key: DocumentKey, drift: readonly Drift[], grants: readonly Grant[]) => {
    const present = new Set(grants.map(grantId));
    const ended = outcomes.grants(key).filter((id) => !present.has(id));
    const sharesOf = (ids: readonly string[]): readonly string[] => [...new Set(ids.map(shareOf))];
    return { shares: sharesOf(drift.flatMap(({ grants: suffering }) => suffering)), ended: sharesOf(ended) };
  };

  /**
   * Taking access away because a binding is not made again yet would be a lost grant; a moment later it is. Who has no consent has
   * nothing to lose, and must not hold up the others.
   */
  const mustSettle = (text: string, key: DocumentKey, context: ReconcileContext): boolean => {
    const count = options
      .sharesTouching(key)
      .filter((share) => specs.approvalFor(share)?.spec.decision === 'Approved')
      .filter((share) => isUnsettled(decide(specs, share, context.now()))).length;
    if (count === 0 || context.priority >= Priority.revocation) {
      unsettled.delete(text);
      triedAt.delete(text);
      return false;
    }
    const now = context.now();
    const before = unsettled.get(text) ?? { count, since: now, fewerAt: now };
    const after = { count, since: before.since, fewerAt: count < before.count ? now : before.fewerAt };
    unsettled.set(text, after);
    return now - after.fewerAt < LONGEST_SETTLE_MS && now - after.since < LONGEST_BINDING_MS;
  };

  /**
   * Of a long list of grants, those that nobody waits for must not be waited for either. Where access ends, it has ended before anything
   * is given.
   */
  const whoComesFirst = (
    text: string,
    grants: readonly string[],
    { priority, now }: ReconcileContext,
  ): ReadonlySet<string> | undefined => {
    const due = deferred.due(text, now());
    if (priority < Priority.fresh || due === 'all') return undefined;
    const hurried = grants.filter((grant) => outcomes.urgencyOf(shareOf(grant)) >= priority);
    return hurried.length > 0 || priority >= Priority.revocation ? new Set([...hurried, ...due]) : undefined;
  };

  /** One team's hundred thousand grants would take all of the process, were they gone through at each of its hundreds of requests. */
  const rememberLength = (text: string, { grants }: Finished, now: number): void => {
    const ms = grants.length * REST_MS_A_GRANT;
    if (ms < LEAST_REST_MS) restsUntil.delete(text);
    else restsUntil.set(text, now + ms);
  };

  const mayTry = (text: string, context: ReconcileContext): boolean =>
    context.priority >= Priority.fresh && context.now() - (triedAt.get(text) ?? 0) >= TRY_EVERY_MS;

  /** Shares look at their documents again; documents that waited for this one run again; unknown ones are swept. */
  const tell = (
    finished: Finished,
    context: ReconcileContext,
    { renamed, doubtful }: Readonly<Record<'renamed' | 'doubtful', readonly Grant[]>>,
  ): void => {
    notifyShares(finished.key, context.priority);
    options.onRecord(finished.key, context.priority);
    for (const then of outcomes.takeSuccessors(finished.key, finished.tick))
      options.enqueue(documentController, then, { priority: context.priority, after: gatherMs(context.priority) });
    for (const { principal } of renamed)
      options.enqueue(documentController, formatDocumentKey(sharePoliciesKeyOf(principal.arn)), {
        priority: context.priority,
        after: gatherMs(context.priority),
      });
    for (const grant of doubtful) lookAtPrincipal(grant);
    // What nobody spoke for when it was last looked at was not read either.
    for (const discovered of finished.outcome?.discovered ?? [])
      if (outcomes.verifiedAt(discovered) === undefined && !outcomes.isUnderWay(discovered))
        options.enqueue(documentController, formatDocumentKey(discovered), { priority: Priority.backlog });
  };

  /**
   * AWS does not know the principal, which may be new or gone, or knows it since this run, when it may be another one: its object finds
   * out sooner than by its own next look. Consent was not to whoever comes after it.
   */
  const isDoubtful = ({ key, outcome }: Finished, grant: Grant): boolean =>
    isPrincipalUnknown(outcome?.verdicts.get(grantId(grant))) ||
    isPrincipalUnknown(outcomes.verdict(key, grantId(grant)));

  const lookAtPrincipal = ({ principal: { reference } }: Grant): void => {
    options.enqueue(principalControllers[reference.kind], `${reference.namespace}/${reference.name}`, {
      priority: Priority.revocation,
    });
  };

  /** Evidence of what somebody changed in AWS, on every share that the document serves. */
  const tellDrift = ({ key, outcome }: Finished, context: ReconcileContext): void => {
    const what = outcome?.drift.map(({ message }) => message).join('; ') ?? '';
    const note = `${formatDocumentKey(key)} was changed in AWS and ${outcome?.writes === 0 ? 'is left as it is' : 'put right'}: ${what}`;
    for (const share of options.sharesTouching(key)) context.event(share, { type: 'Warning', reason: 'Drifted', note });
  };

  const notifyShares = (key: DocumentKey, priority: number): void => {
    const shares = options.sharesTouching(key).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    for (const share of [...shares, ...outcomes.takeWaiters(key)])
      notifyShare(share, Math.min(priority, outcomes.urgencyOf(share)));
  };

  const notifyShare = (share: string, priority: number): void =>
    options.enqueue(shareController, share, { priority, after: gatherMs(priority) });

  const wakeDependants = (key: DocumentKey, grant: Grant, isGivenAnew: boolean, most: number): void => {
    const id = grantId(grant);
    const priority = Math.min(most, outcomes.urgencyOf(shareOf(id)));
    // None waits for one that comes after it.
    const documents = documentsForGrant(grant);
    const place = documents.findIndex((other) => formatDocumentKey(other) === formatDocumentKey(key));
    for (const other of documents.slice(place + 1)) {
      const verdict = outcomes.verdict(other, id);
      // Lake Formation shares what it took back by another invitation: the one that was accepted is worth nothing any more.
      const mustAcceptAnew = isGivenAnew && key.kind === 'catalog-grants' && other.kind === 'invitations';
      // Who waits for IAM does not wait for this one, and two that wait for IAM would wake each other without a pause.
      const waitsForThis = verdict?.state === 'Waiting' && !isPrincipalUnknown(verdict);
      if (waitsForThis || (verdict !== undefined && mustAcceptAnew))
        options.enqueue(documentController, formatDocumentKey(other), { priority, after: gatherMs(priority) });
    }
  };

  /** The link has another name than the principal's policies were made for. */
  const isRenamed = (grant: Grant, found: GrantOutputs | undefined): boolean => {
    const expected = linkNameOf(grant, outcomes.outputs(grantId(grant)));
    if (expected === undefined || found?.link === undefined) return false;
    return expected.database !== found.database || expected.link !== found.link;
  };

  /** No request touches it and nothing of ours is in it; datasets, roles and environments ask about the kinds of their own. */
  const isIdle = ({ key, outcome, grants }: Finished): boolean =>
    options.sharesTouching(key).length === 0 &&
    (outcome === undefined || (outcome.clean && grants.length === 0 && BETWEEN_SIDES.includes(key.kind)));

  /** Events name documents of anybody's, and shares come and go: what nobody has woken for a while is forgotten. */
  const forgetLater = (text: string, { key }: Finished, context: ReconcileContext): Result => {
    waits.delete(text);
    restsUntil.delete(text);
    const since = idleSince.get(text);
    idleSince.set(text, context.now());
    if (since === undefined || context.now() - since < FORGET_MS) return requeueAfter(FORGET_MS, Priority.backlog);
    idleSince.delete(text);
    spread.delete(text);
    outcomes.forget(key);
    return done;
  };

  const nextLook = (text: string, { outcome, grants: all }: Finished, priority: number): Result => {
    idleSince.delete(text);
    if (outcome?.deferred !== undefined) return requeueAfter(0, Priority.backlog);
    const left = outcome?.reported === true;
    const dirty = outcome?.clean === false || outcome?.problem !== undefined;
    const grants = all.map(grantId).filter((id) => outcome?.verdicts.get(id)?.state === 'Waiting');
    if (!left && (grants.length > 0 || dirty)) {
      const before = waits.get(text);
      // A grant that has only begun to wait does not inherit the patience learned with others.
      const isNew = before === undefined || grants.some((grant) => !before.grants.has(grant));
      const ms = isNew ? WAITING_MS.first : Math.min(before.ms * 2, WAITING_MS.last);
      waits.set(text, { ms, grants: new Set(grants) });
      if (dirty) return requeueAfter(ms);
      let urgency: number = Priority.backlog;
      for (const id of grants) urgency = Math.max(urgency, outcomes.urgencyOf(shareOf(id)));
      return requeueAfter(Math.max(ms, gatherMs(urgency)), urgency);
    }
    waits.delete(text);
    const isFull = [...(outcome?.verdicts.values() ?? [])].some(
      (verdict) => verdict.state === 'Failed' && verdict.reason === 'QuotaExceeded',
    );
    if (isFull) return requeueAfter(Math.min(QUOTA_LOOK_MS, options.verifyEveryMs), Priority.backlog);
    // Documents that were made or changed together are spread over the second half of the period, and so stay apart: from then on each
    // is read once in a period.
    const isSpread = priority <= Priority.backlog && spread.has(text);
    spread.add(text);
    return requeueAfter(options.verifyEveryMs * (isSpread ? 1 : 0.5 + options.random() / 2), Priority.backlog);
  };

  return {
    name: documentController,
    sources: documentSources(options),
    workers: 64,
    // An account that AWS throttles leaves enough of them to the others.
    groups: { groupOf: (text) => parseDocumentKey(text).account, most: 4, spacing: SPACING_MS },
    interruptible: true,
    // Nobody tells when an account is mended, and revocations may wait for it.
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    reconcile,
  };
};

const isPrincipalUnknown = (verdict: Verdict | undefined): boolean =>
  verdict !== undefined && verdict.state !== 'Satisfied' && verdict.reason === 'PrincipalNotFound';

const isInterrupted = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && (reason as { readonly cause?: unknown }).cause !== 'Timeout';
