// ShareRequest: decides what a share gives, wakes the AWS documents that make it true, and tells how they stand.
import { isDeepStrictEqual } from 'node:util';
import { decide, principalFor, problemsOf } from '../../access/share-decision.ts';
import type { ShareDecision } from '../../access/consent.ts';
import { NO_PROBLEMS } from '../../access/item-check.ts';
import { partiesOf } from '../../access/parties.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { ShareParties } from '../../access/documents-of-share.ts';
import { mergeConditions, timestamp } from '../../kernel/conditions.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { FINALIZER, requestedAtOf, verifyRequestedAtOf } from '../../resources/annotations.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { isAbandoned, mistakenAbandon, recordOrphansEvent } from '../reconcile/abandon.ts';
import { shareController } from '../aws-document/controller-names.ts';
import { perTeam } from '../reconcile/concurrency.ts';
import { inPhases, type ObjectPhases } from '../reconcile/object-reconciler.ts';
import type { ShareUrgency } from '../reconcile/share-urgency.ts';
import { Dispatches, type Dispatch, type DispatchesOptions } from './dispatches.ts';
import { recordShareEvents } from './events.ts';
import { driftOf, lastRepairOf, standingsOf, verificationTime } from './standing.ts';
import { StatusDebounce } from './status-debounce.ts';
import { shareWatches } from './watches.ts';
import { summarizeShare, type ShareSummary } from './status.ts';

export interface ShareRequestOptions extends DispatchesOptions {
  readonly stores: Stores;
  readonly urgency: ShareUrgency;
}

/** `verifiedAt` alone is worth a write once an hour. */
const VERIFIED_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

export const defineShareController = (options: ShareRequestOptions): ControllerDefinition => ({
  name: shareController,
  watches: shareWatches(options),
  ...perTeam,
  reconcile: inPhases(options.stores, new ShareRequestReconciler(options)),
});

/** What a share gives now, and what its documents were told of it. */
interface Look {
  readonly request: Stored<ShareRequest>;
  readonly decision: ShareDecision;
  readonly parties: ShareParties | undefined;
  readonly dispatch: Dispatch;
  /** Documents that may hold what this share no longer gives. */
  readonly open: readonly DocumentKey[];
  readonly now: number;
}

class ShareRequestReconciler implements ObjectPhases<ShareRequest> {
  readonly kind = shareRequestKind;
  readonly #options: ShareRequestOptions;
  readonly #dispatches: Dispatches;
  readonly #debounce = new StatusDebounce();

  constructor(options: ShareRequestOptions) {
    this.#options = options;
    this.#dispatches = new Dispatches(options);
  }

  async reconcile(request: Stored<ShareRequest>, context: ReconcileContext): Promise<Result> {
    return await this.#tell(this.#look(request, context), context);
  }

  async finalize(request: Stored<ShareRequest>, context: ReconcileContext): Promise<Result | undefined> {
    const look = this.#look(request, context);
    if (look.open.length > 0 && !isAbandoned(request)) return await this.#tell(look, context);
    // Somebody else's finalizer may keep it: what is known of it stays until it is gone, or each look would be a first one.
    if (request.metadata.finalizers?.includes(FINALIZER) !== true) return done;
    recordOrphansEvent(request, look.open.map(formatDocumentKey), context);
    return undefined;
  }

  finalized({ metadata }: Stored<ShareRequest>): void {
    this.#debounce.forget(metadata.uid);
  }

  forget(key: string): void {
    const uid = this.#dispatches.get(key)?.uid;
    if (uid !== undefined) this.#debounce.forget(uid);
    this.#options.observed.outputs.forget(key);
    this.#options.urgency.clear(key);
    this.#dispatches.forget(key);
  }

  /** Decides, and wakes the documents that the decision concerns. */
  #look(request: Stored<ShareRequest>, context: ReconcileContext): Look {
    const { specs, observed, urgency } = this.#options;
    const key = objectKey(request.metadata);
    // Another one had its name.
    if (this.#dispatches.get(key)?.uid !== request.metadata.uid) this.forget(key);
    urgency.raise(key, context.priority);
    for (const item of request.status.items ?? [])
      observed.outputs.remember(`${key}/${item.kind}/${item.name}`, outputsOfItem(item));
    const now = context.now();
    const decision = decide(specs, request, now);
    const parties = this.#partiesOf(request);
    const dispatch = this.#dispatches.update(request, decision, context.priority);
    return { request, decision, parties, dispatch, open: dispatch.withdrawal?.documents ?? [], now };
  }

  #partiesOf(request: ShareRequest): ShareParties | undefined {
    const { specs } = this.#options;
    const { namespace, name } = request.spec.datasetRef;
    return partiesOf({
      request,
      dataset: specs.dataset(namespace, name),
      consumer: specs.environment(request.metadata.namespace),
      principal: principalFor(specs, request),
    });
  }

  /** Says in the status how the share stands, where that is worth a write now. */
  async #tell(look: Look, context: ReconcileContext): Promise<Result> {
    const { request, decision, now } = look;
    const summary = this.#summarize(look);
    const { expiresAt } = decision;
    const untilEnd = expiresAt !== undefined && expiresAt > now ? expiresAt - now : undefined;
    const untilWorthTelling = this.#debounce.delayMs(
      request,
      summary.conditions,
      now,
      context.priority < Priority.normal,
    );
    if (untilWorthTelling > 0)
      return requeueAfter(Math.min(untilWorthTelling, untilEnd ?? Number.POSITIVE_INFINITY), context.priority);
    await this.#writeStatus(look, summary, context);
    recordShareEvents(request, summary, context);
    if (!summary.conditions.some(({ type, status }) => type === 'Reconciling' && status === 'True'))
      this.#options.urgency.clear(objectKey(request.metadata));
    return untilEnd === undefined ? done : requeueAfter(Math.min(untilEnd, DAY_MS), Priority.revocation);
  }

  #summarize({ request, decision, dispatch, open }: Look): ShareSummary {
    const { specs, observed } = this.#options;
    return summarizeShare({
      request,
      decision,
      standings: standingsOf(observed, dispatch),
      problems: isWaitingForDecision(decision) ? problemsOf(specs, request) : NO_PROBLEMS,
      withdrawn: open.length === 0,
      obstacle: this.#obstacleOf(request, open),
      failure: observed.failureAmong(open),
      drift: driftOf(observed, dispatch),
    });
  }

  /** What keeps the end of a share from being proved. */
  #obstacleOf(request: ShareRequest, open: readonly DocumentKey[]): string | undefined {
    const refused = this.#options.observed.failureAmong(open)?.message;
    const mistake = request.metadata.deletionTimestamp === undefined ? undefined : mistakenAbandon(request);
    return [mistake, refused].filter((part) => part !== undefined).join('. ') || undefined;
  }

  async #writeStatus(look: Look, summary: ShareSummary, context: ReconcileContext): Promise<void> {
    const { request, decision, parties, dispatch } = look;
    const { status, metadata } = request;
    const approval = this.#options.specs.approvalFor(request);
    const told = {
      observedGeneration: metadata.generation,
      phase: summary.phase,
      requested: summary.requested,
      granted: summary.granted,
      items: summary.items,
      conditions: mergeConditions(status.conditions, summary.conditions, metadata.generation, context.now()),
      permissions: decision.permissions.length > 0 ? decision.permissions : undefined,
      principalArn: parties?.principal.arn,
      principalId: parties?.principal.uniqueId,
      consumerAccount: parties?.consumer.account,
      approval: approval && { name: approval.metadata.name, generation: approval.metadata.generation },
      expiresAt: decision.expiresAt === undefined ? undefined : timestamp(decision.expiresAt),
      lastRepair: later(lastRepairOf(this.#options.observed, dispatch), status.lastRepair),
      lastHandledAt: requestedAtOf(metadata) ?? status.lastHandledAt,
      verifyHandledAt: verifyRequestedAtOf(request, approval) ?? status.verifyHandledAt,
    };
    const verifiedAt = verificationTime(this.#options.observed, dispatch, summary, status.verifiedAt);
    const isNews =
      verifiedAt === undefined ||
      status.verifiedAt === undefined ||
      Date.parse(verifiedAt) - Date.parse(status.verifiedAt) >= VERIFIED_EVERY_MS ||
      !isShown(status, told);
    await context.writer.status(shareRequestKind, request, {
      ...told,
      verifiedAt: isNews ? verifiedAt : status.verifiedAt,
    });
  }
}

/** For all of it, or for some of its items. */
const isWaitingForDecision = ({ state, items }: ShareDecision): boolean =>
  state === 'Draft' || state === 'PendingApproval' || items.some(({ decision }) => decision === 'PendingApproval');

type LastRepair = ShareRequest['status']['lastRepair'];

/** What an earlier process did stays told. */
const later = (now: LastRepair, before: LastRepair): LastRepair =>
  now === undefined || (before !== undefined && before.at >= now.at) ? before : now;

/** Whether the status says all of it already. */
const isShown = (status: ShareRequest['status'], told: object): boolean =>
  isDeepStrictEqual(asStored({ ...status, ...told }), asStored(status));

/** As it would come back from the API server: without undefined fields. */
const asStored = (status: object): unknown => JSON.parse(JSON.stringify(status));

const outputsOfItem = (item: NonNullable<ShareRequest['status']['items']>[number]) => ({
  ...(item.database === undefined ? {} : { database: item.database }),
  ...(item.link === undefined ? {} : { link: item.link }),
  ...(item.accessPointArn === undefined ? {} : { accessPointArn: item.accessPointArn }),
  ...(item.accessPointAlias === undefined ? {} : { accessPointAlias: item.accessPointAlias }),
});
