// ShareApproval: ties a decision to exactly what it was given for, and says whether it is in effect.
import { bindApproval, type BindingResult } from '../../access/binding.ts';
import { datasetSeen, isBoundNow } from '../../access/approval-match.ts';
import { principalFor } from '../../access/share-decision.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import { documentsOfShare, isHolder } from '../../access/documents-of-share.ts';
import type { Specs } from '../../access/specs.ts';
import { mergeConditions, type ConditionInput } from '../../kernel/conditions.ts';
import { getIfPresent, type KubeApi } from '../../kernel/client/kube-api.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  type ControllerDefinition,
  type EnqueueOptions,
  type ReconcileContext,
  type Request,
  type Result,
  type Watch,
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { requestedAtOf } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { approvalConditions } from './approval-conditions.ts';
import { mayBeGiven } from './item-status.ts';
import { StatusDebounce } from './status-debounce.ts';
import { deleteWithoutDataset } from '../dataset/dependents.ts';
import { documentController } from '../aws-document/controller-names.ts';
import type { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { inPhases, type ObjectPhases } from '../reconcile/object-reconciler.ts';
import { endingOf, type Removals } from '../reconcile/removals.ts';
import { watch } from '../reconcile/watch.ts';
import { perTeam } from '../reconcile/concurrency.ts';

export interface ShareApprovalOptions {
  readonly api: KubeApi;
  readonly specs: Specs;
  readonly stores: Stores;
  readonly observed: ObservedDocuments;
  readonly removals: Removals;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
}

/** How often an approval that is deleted looks whether its access is gone. */
const LOOK_AGAIN_MS = 1_000;
const DAY_MS = 24 * 3_600_000;

export const defineApprovalController = (options: ShareApprovalOptions): ControllerDefinition => ({
  name: 'shareapproval',
  watches: approvalWatches(options),
  ...perTeam,
  reconcile: inPhases(options.stores, new ShareApprovalReconciler(options)),
});

class ShareApprovalReconciler implements ObjectPhases<ShareApproval> {
  readonly kind = shareApprovalKind;
  readonly #options: ShareApprovalOptions;
  readonly #debounce = new StatusDebounce();
  /** Deleted ones whose documents this process has asked to be read, by uid. */
  readonly #ending = new Set<string>();

  constructor(options: ShareApprovalOptions) {
    this.#options = options;
  }

  async reconcile(approval: Stored<ShareApproval>, context: ReconcileContext): Promise<Result> {
    if (await deleteWithoutDataset(this.#options, approval, datasetSeen(approval))) return done;
    const now = context.now();
    const request = this.#requestOf(approval);
    const result = await this.#bind(approval, request, now);
    const untilTold = await this.#tell(approval, request, result, context);
    return untilTold > 0 ? requeueAfter(untilTold, context.priority) : untilNextEnd(approval, result, now);
  }

  async finalize(approval: Stored<ShareApproval>, context: ReconcileContext): Promise<Result | undefined> {
    const request = this.#requestOf(approval);
    if (request === undefined) return undefined;
    // The share's status is seen when it changes; what only documents tell is looked for.
    const isGiving = mayStillGrant(request);
    if (!isGiving && this.#isProved(approval, request)) return undefined;
    const untilTold = await this.#tellEnding(approval, request, context);
    if (!isGiving) return requeueAfter(LOOK_AGAIN_MS, context.priority);
    return untilTold > 0 ? requeueAfter(untilTold, context.priority) : done;
  }

  finalized(approval: Stored<ShareApproval>): void {
    this.#debounce.forget(approval.metadata.uid);
    this.#ending.delete(approval.metadata.uid);
    this.#options.removals.forget(endingOf(approval));
  }

  #requestOf({ spec: { requestRef } }: ShareApproval): ShareRequest | undefined {
    return this.#options.specs.shareRequest(requestRef.namespace, requestRef.name);
  }

  async #bind(approval: Stored<ShareApproval>, request: ShareRequest | undefined, now: number): Promise<BindingResult> {
    const { specs, api } = this.#options;
    const { requestRef, datasetRef } = approval.spec;
    const bindTo = (dataset: Dataset | undefined): BindingResult =>
      bindApproval({
        approval,
        request,
        dataset,
        consumer: specs.environment(requestRef.namespace),
        principal: request && principalFor(specs, request),
        allowSelfApproval: specs.installation.allowSelfApproval,
        at: new Date(now).toISOString(),
      });
    const name = { namespace: approval.metadata.namespace, name: datasetRef.name };
    const expected = bindTo(specs.dataset(name.namespace, name.name));
    // Who decides is asked of the API server, since a binding holds whoever leaves, and a watch may lag behind.
    const isNew = expected.bound && !isBoundNow(approval);
    return isNew ? bindTo(await getIfPresent(api, datasetKind, name)) : expected;
  }

  /** @returns milliseconds until its status is worth a write; 0 = it is written */
  async #tell(
    approval: Stored<ShareApproval>,
    request: ShareRequest | undefined,
    result: BindingResult,
    context: ReconcileContext,
  ): Promise<number> {
    const { metadata, status } = approval;
    const boundTo = result.binding;
    const now = context.now();
    const view = { ...approval, status: { ...status, ...(boundTo && { boundTo }) } };
    const conditions = approvalConditions(view, result, request, this.#options.specs, now);
    const untilWorthTelling = this.#debounce.delayMs(approval, conditions, now, context.priority < Priority.normal);
    if (untilWorthTelling > 0) return untilWorthTelling;
    const told = {
      observedGeneration: metadata.generation,
      boundTo,
      conditions: mergeConditions(status.conditions, conditions, metadata.generation, now),
      lastHandledAt: requestedAtOf(metadata) ?? status.lastHandledAt,
    };
    // What was bound since the watch showed it stays: another process may have, or this one while the watch lags.
    await context.writer.status(shareApprovalKind, approval, told, { ifUnchanged: boundTo !== status.boundTo });
    return 0;
  }

  /** What a deleted approval waits for, where it waits long enough for people to ask. @returns milliseconds until it is told; 0 = it is */
  async #tellEnding(
    approval: Stored<ShareApproval>,
    request: ShareRequest,
    context: ReconcileContext,
  ): Promise<number> {
    const { specs, observed } = this.#options;
    const { metadata, status } = approval;
    const { namespace, name } = request.metadata;
    const obstacle = observed.failureAmong(documentsOfShare(specs, request))?.message;
    const message = `waits until the access of ShareRequest ${namespace}/${name} is gone${obstacle === undefined ? '' : `: ${obstacle}`}`;
    const conditions: readonly ConditionInput[] = [
      ...(status.conditions ?? []).filter(({ type }) => type === 'Bound'),
      { type: 'Ready', status: 'False', reason: 'Deleting', message },
      { type: 'Reconciling', status: 'True', reason: 'Deleting', message },
    ];
    const untilWorthTelling = this.#debounce.delayMs(
      approval,
      conditions,
      context.now(),
      context.priority < Priority.normal,
    );
    if (untilWorthTelling > 0) return untilWorthTelling;
    await context.writer.status(shareApprovalKind, approval, {
      observedGeneration: metadata.generation,
      boundTo: status.boundTo,
      conditions: mergeConditions(status.conditions, conditions, metadata.generation, context.now()),
      lastHandledAt: status.lastHandledAt,
    });
    return 0;
  }

  /**
   * Reads have shown that nothing is left. The request's status alone proves nothing: an operator that ended between a grant and the
   * status that tells of it left no trace but the binding.
   */
  #isProved(approval: Stored<ShareApproval>, request: ShareRequest): boolean {
    const { specs, observed, removals, enqueue } = this.#options;
    const { uid } = approval.metadata;
    if (approval.status.boundTo?.requestUid === undefined) return true;
    const since = removals.since(endingOf(approval));
    const share = objectKey(request.metadata);
    const open = documentsOfShare(specs, request)
      .filter(isHolder)
      .filter((document) => !observed.isCleanSince(document, since) && !observed.isUntouched(document, share));
    // Those that were read and forgotten meanwhile are read again.
    for (const document of open)
      if (!this.#ending.has(uid) || observed.get(document) === undefined)
        enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
    this.#ending.add(uid);
    return open.length === 0;
  }
}

/** Which ends are allowed moves on with the days, and so do the ends. */
const untilNextEnd = (approval: ShareApproval, result: BindingResult, now: number): Result => {
  if (!result.bound && result.reason === 'ExpirationNotAllowed') return requeueAfter(DAY_MS);
  const ends = [approval.spec.expiresAt, result.binding?.expiresAt].flatMap((end) =>
    end === undefined ? [] : Date.parse(end),
  );
  const next = Math.min(...ends.filter((end) => end > now)) - now;
  return Number.isFinite(next) ? requeueAfter(Math.min(next, DAY_MS)) : done;
};

const approvalWatches = ({ specs, stores, removals }: ShareApprovalOptions): readonly Watch[] => {
  const keyOf = ({ metadata, spec }: ShareRequest): Request => ({
    key: `${spec.datasetRef.namespace}/${approvalName(metadata)}`,
  });
  return [
    watch(shareApprovalKind, (approval, _old, event) => {
      // Whatever begins to be read from now on knows of it.
      if (event !== 'deleted' && approval.metadata.deletionTimestamp !== undefined) removals.since(endingOf(approval));
      return [{ key: objectKey(approval.metadata) }];
    }),
    watch(shareRequestKind, (share) => [keyOf(share)]),
    // Those whose requests are not there yet are tied to it too.
    watch(datasetKind, ({ metadata }, old, event) =>
      event !== 'deleted' && old !== undefined && old.metadata.generation === metadata.generation
        ? []
        : stores
            .get(shareApprovalKind)
            .byIndex('dataset', `${metadata.namespace} ${metadata.name}`)
            .map((approval) => ({ key: objectKey(approval.metadata) })),
    ),
    watch(teamKind, ({ metadata }) => specs.sharesOfPrincipal(metadata.namespace, 'Team', metadata.name).map(keyOf)),
    watch(consumptionRoleKind, ({ metadata }) =>
      specs.sharesOfPrincipal(metadata.namespace, 'ConsumptionRole', metadata.name).map(keyOf),
    ),
  ];
};

/** The finalizer of a deleted approval waits until its access is gone: `kubectl delete` returns when it is. */
export const mayStillGrant = (request: ShareRequest | undefined): boolean =>
  (request?.status.items ?? []).some(({ state }) => mayBeGiven(state));
