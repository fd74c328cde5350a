// The controller whose work items are AWS documents: one run brings one bucket policy, one catalog, one role's policies to what the
// specs say, then tells the shares that depend on it.
import { documentTypeOf } from '../../access/document-types.ts';
import { documentsForGrant } from '../../access/documents-of-share.ts';
import { parseDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import { collectClaims, type CollectedClaims } from '../../access/collect-claims.ts';
import {
  reconcileDocument,
  type DocumentOutcome,
  type DocumentProblem,
  type RunOptions,
} from '../../access/reconcile-document.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault, isRefusal, type AwsFault } from '../../aws/fault.ts';
import { withCallContext, unanswered } from '../../aws/call-context.ts';
import {
  Priority,
  requeueAfter,
  stalled,
  transient,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { objectKey } from '../../kernel/kind.ts';
import { Turns } from '../../kernel/turns.ts';
import { perAccount } from '../reconcile/concurrency.ts';
import { decideShares } from '../reconcile/share-decisions.ts';
import { shareOf } from '../reconcile/observed-document.ts';
import { faultReason } from '../reconcile/fault-reason.ts';
import { documentController } from './controller-names.ts';
import { DocumentNotifications, type DocumentNotificationsOptions } from './document-notifications.ts';
import { LookSchedule, type Finished, type LookScheduleOptions } from './look-schedule.ts';
import { DeferredGrants } from './deferred-grants.ts';
import { SETTLE_MS, SettlingDocuments } from './settling-documents.ts';
import { documentWatches } from './watches.ts';
import { auditOf, type WriteAuditOptions } from './write-audit.ts';

export interface DocumentControllerOptions
  extends DocumentNotificationsOptions, LookScheduleOptions, WriteAuditOptions {
  readonly stores: Stores;
  /** The session of the account where the document lives; undefined while its environment is not linked. */
  readonly accountFor: (key: DocumentKey) => AccountAws | undefined;
  /** Whether the pivot role is about to get the rights that the document takes: that it is denied them till then is no news. */
  readonly areRightsOnTheWay?: (key: DocumentKey, now: number) => boolean;
}

/** Rights come with a stack, within a minute or so. */
const RIGHTS_MS = 2_000;
/** Grants that are looked at in one turn of the event loop: a document may have a hundred thousand. */
const GRANTS_A_TURN = 500;

export const defineDocumentController = (options: DocumentControllerOptions): ControllerDefinition => {
  const reconciler = new DocumentReconciler(options);
  return {
    name: documentController,
    watches: documentWatches(options),
    ...perAccount,
    interruptible: true,
    // Nobody tells when an account is mended, and revocations may wait for it.
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    reconcile: async (document, context) => reconciler.reconcile(document, context),
  };
};

/** One run of a document that may begin. */
interface Run {
  /** Its key, as text. */
  readonly document: string;
  readonly key: DocumentKey;
  readonly aws: AccountAws;
  readonly context: ReconcileContext;
  /** Decisions of others are not complete: nothing may be taken away. */
  readonly settling: boolean;
  /** Somebody asked for differences to be put right that are only reported. */
  readonly asked: boolean;
  /** Shares, `namespace/name`, of which what did not arrive is to be given once more. */
  readonly renewals: ReadonlySet<string>;
  readonly pause: (size: number) => Promise<void>;
}

class DocumentReconciler {
  readonly #options: DocumentControllerOptions;
  readonly #settling: SettlingDocuments;
  readonly #schedule: LookSchedule;
  readonly #notifications: DocumentNotifications;
  readonly #deferred = new DeferredGrants();

  constructor(options: DocumentControllerOptions) {
    this.#options = options;
    this.#settling = new SettlingDocuments(options.specs);
    this.#schedule = new LookSchedule(options);
    this.#notifications = new DocumentNotifications(options);
  }

  async reconcile(document: string, context: ReconcileContext): Promise<Result> {
    const { accountFor, sharesTouching, specs, observed, subscriptions } = this.#options;
    const key = parseDocumentKey(document);
    const aws = accountFor(key);
    if (aws === undefined) {
      if (sharesTouching(key).length === 0) {
        observed.forget(key);
        subscriptions.forget(key);
      }
      return stalled('EnvironmentNotReady', `no linked environment in account ${key.account}`);
    }
    const rest = this.#schedule.restMs(document, context.now());
    if (rest > 0 && context.priority < Priority.revocation) return requeueAfter(rest, context.priority);
    // What settles is found and claims are collected in one turn, for which all decisions have to be there.
    await decideShares(specs, sharesTouching(key), context.now());
    const settling = this.#settling.mustWaitForBindings(document, sharesTouching(key), context);
    if (settling && !this.#settling.mayAdd(document, context)) return requeueAfter(SETTLE_MS, context.priority);
    const turns = new Turns(GRANTS_A_TURN);
    const run: Run = {
      document,
      key,
      aws,
      context,
      settling,
      asked: subscriptions.takeRepair(key),
      renewals: subscriptions.takeRenewals(key),
      pause: async (size) => turns.piece(size),
    };
    try {
      return await this.#bring(run);
    } catch (error) {
      this.#askAgain(run);
      // An interrupted run says nothing about AWS, and the next one is about to begin.
      if (!isFault(error) || isInterrupted(context.signal)) throw error;
      return this.#failed(run, error);
    }
  }

  /** What was asked of a run that did not do it. */
  #askAgain({ key, asked, renewals }: Run): void {
    const { subscriptions } = this.#options;
    if (asked) subscriptions.askRepair(key);
    subscriptions.askRenewal(key, renewals);
  }

  /** Brings it to what the specs say, and tells who depends on it. */
  async #bring(run: Run): Promise<Result> {
    const { specs, observed, sharesTouching } = this.#options;
    const { document, key, context } = run;
    const parts = observed.parts(key);
    const revision = observed.begin(key);
    const collected = await collectClaims(key, specs, { now: context.now, pause: run.pause }, (grant) =>
      observed.outputs.get(grant),
    );
    const outcome = collected && (await this.#run(run, collected, parts));
    if (outcome === 'requiresRevocation') {
      this.#settling.recordTry(document, context.now());
      this.#askAgain(run);
      return requeueAfter(SETTLE_MS, context.priority);
    }
    const { claims, fingerprint } = collected ?? {};
    const drifted = outcome !== undefined && outcome.drift.length > 0 && this.#isDrift(key, fingerprint);
    const finished: Finished = { key, outcome, grants: claims?.grants ?? [], claims: fingerprint, revision, drifted };
    const discoveries = await this.#notifications.discover(finished, run.pause);
    for (const [grant, outputs] of outcome?.outputs ?? []) {
      observed.outputs.add(grant, outputs);
      await run.pause(1);
    }
    observed.record(finished);
    this.#deferred.record(document, outcome?.deferred, context.now());
    this.#notifications.notify(key, context.priority);
    await this.#notifications.enqueueDependents(finished, discoveries, context.priority, run.pause);
    if (drifted) this.#notifications.recordDriftEvents(finished, context);
    return this.#schedule.after(document, finished, sharesTouching(key).length > 0, context.priority, context.now());
  }

  async #run(
    run: Run,
    collected: CollectedClaims,
    parts: readonly string[] | undefined,
  ): Promise<DocumentOutcome | 'requiresRevocation'> {
    const { document, key, aws, context, pause } = run;
    const { reconcileId, priority, signal, now } = context;
    const work = {
      item: document,
      reconcileId,
      priority,
      signal,
      onSlow: (call: Parameters<typeof unanswered>[0]) =>
        this.#recordFailure(run, { reason: 'AwsError', message: unanswered(call) }),
    };
    const options = await this.#optionsFor(run, collected);
    return withCallContext(work, async () =>
      reconcileDocument(documentTypeOf(key), { aws, now, signal, parts, pause }, key, collected.claims, options),
    );
  }

  /** How a run goes about its document, by what is known when its claims are collected. */
  async #optionsFor(run: Run, { claims, fingerprint }: CollectedClaims): Promise<RunOptions> {
    const { key, context, settling, asked, renewals } = run;
    const isReported = claims.remediation === 'Report' && !asked && this.#isDrift(key, fingerprint);
    const sent =
      renewals.size === 0
        ? []
        : claims.grants.filter(
            (grant) => renewals.has(shareOf(grantId(grant))) && !grant.suspended && this.#hasNotArrived(grant),
          );
    return {
      mode: isReported ? 'reportOnly' : settling ? 'additive' : 'repair',
      urgentGrants: await this.#urgentGrants(run, claims.grants),
      renew: sent.length === 0 ? undefined : new Set(sent.map(grantId)),
      ...auditOf(this.#options, context.reconcileId),
    };
  }

  #isDrift(key: DocumentKey, fingerprint: string | undefined): boolean {
    return this.#options.observed.get(key)?.isDrift(fingerprint) === true;
  }

  #failed(run: Run, error: AwsFault): Result {
    const { key, context } = run;
    if (error.kind === 'AccessDenied' && this.#options.areRightsOnTheWay?.(key, context.now()) === true)
      return requeueAfter(RIGHTS_MS, context.priority);
    const message = `${error.message}. ${error.advice}`;
    this.#recordFailure(run, { reason: faultReason(error), message, isRefusal: isRefusal(error) });
    // Never given up: what is wrong in AWS is mended there, and nobody tells us; and revocation may depend on it.
    return transient(faultReason(error), error.message);
  }

  #recordFailure({ key, context }: Run, failure: DocumentProblem): void {
    this.#options.observed.recordFailure({ key, failure });
    this.#notifications.notify(key, context.priority);
  }

  /** RAM did not bring it to the consumer's account. */
  #hasNotArrived(grant: Grant): boolean {
    return documentsForGrant(grant).some((document) => {
      if (document.kind !== 'invitations') return false;
      const verdict = this.#options.observed.get(document)?.verdict(grantId(grant));
      return verdict !== undefined && verdict.state !== 'Satisfied';
    });
  }

  /**
   * Of a long list of grants, those that nobody waits for must not be waited for either. Where access ends, it has ended before anything
   * is given.
   */
  async #urgentGrants(run: Run, grants: readonly Grant[]): Promise<ReadonlySet<string> | undefined> {
    const { document, context } = run;
    const { priority, now } = context;
    const due = this.#deferred.due(document, now());
    if (priority < Priority.normal || due === 'all') return undefined;
    const urgent = await this.#hurriedAmong(run, grants);
    if (urgent.size === 0 && priority < Priority.revocation) return undefined;
    for (const grant of due) urgent.add(grant);
    return urgent;
  }

  /** Those of shares that are at least as urgent. The grants of one share follow one another. */
  async #hurriedAmong({ context: { priority }, pause }: Run, grants: readonly Grant[]): Promise<Set<string>> {
    const hurried = new Set<string>();
    let last: Grant['share'] | undefined;
    let isHurried = false;
    for (const grant of grants) {
      if (grant.share.uid !== last?.uid) isHurried = this.#options.urgency.of(objectKey(grant.share)) >= priority;
      last = grant.share;
      if (isHurried) hurried.add(grantId(grant));
      await pause(1);
    }
    return hurried;
  }
}

const isInterrupted = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && (reason as { readonly cause?: unknown }).cause !== 'Timeout';
