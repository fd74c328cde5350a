// Auto-approval: writes the producer's consent where the dataset says so and the installation allows it, for reading, unfiltered items;
// and takes it away again with the request.
import { approvesItself, isSimple } from '../../access/automatic-approval.ts';
import { isAutomatic } from '../../access/approver.ts';
import { decide } from '../../access/share-decision.ts';
import { isBoundNow } from '../../access/approval-match.ts';
import { endRefusal } from '../../access/expiration.ts';
import { standingDecisions } from '../../features/confidentiality.ts';
import { objectKey, parseObjectKey, type Kind, type Stored } from '../../kernel/kind.ts';
import { getIfPresent, isKubeError } from '../../kernel/client/kube-api.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type Result,
  type Watch,
} from '../../kernel/runtime/reconciler.ts';
import { annotations } from '../../resources/annotations.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import type { Platform } from '../reconcile/platform.ts';
import { watch } from '../reconcile/watch.ts';
import { consentTo, widerConsent, type AutomaticParties } from './automatic-consent.ts';
import { perTeam } from '../reconcile/concurrency.ts';

type AutoApprovalOptions = Pick<Platform, 'specs' | 'stores' | 'config' | 'api'>;

export const defineAutoApprovalController = (options: AutoApprovalOptions): ControllerDefinition => {
  const reconciler = new AutoApprovalReconciler(options);
  return {
    name: 'autoapproval',
    watches: autoApprovalWatches(options),
    ...perTeam,
    reconcile: async (key, context) => reconciler.reconcile(key, context),
  };
};

class AutoApprovalReconciler {
  readonly #options: AutoApprovalOptions;

  constructor(options: AutoApprovalOptions) {
    this.#options = options;
  }

  /** @param key of the approval: `<namespace of the dataset>/<namespace of the request>.<name of the request>` */
  async reconcile(key: string, context: ReconcileContext): Promise<Result> {
    const { specs, stores } = this.#options;
    const { namespace: producer, name: approved } = parseObjectKey(key);
    const approval = stores.get(shareApprovalKind).get(producer, approved);
    // The namespace of an environment has no dots.
    const dot = approved.indexOf('.');
    const request = specs.shareRequest(approved.slice(0, dot), approved.slice(dot + 1));
    if (approval !== undefined) {
      const goesOn = await this.#endObsolete(approval, request, context);
      if (goesOn && request !== undefined) await this.#widen(approval, request, context);
    } else if (request !== undefined && request.spec.datasetRef.namespace === producer)
      await this.#approve(request, context);
    return done;
  }

  /**
   * A new request of the same name would meet a decision about another one, which nobody may delete. What was not bound before the
   * dataset got another owner is not that owner's decision: it is made anew if they let the dataset approve by itself too.
   * @returns whether it is automatic, and stays
   */
  async #endObsolete(
    approval: Stored<ShareApproval>,
    request: ShareRequest | undefined,
    context: ReconcileContext,
  ): Promise<boolean> {
    const { specs, api } = this.#options;
    const { requestRef, datasetRef, approver } = approval.spec;
    if (!isAutomatic(approval) || approval.metadata.deletionTimestamp !== undefined) return false;
    const owner = specs.dataset(approval.metadata.namespace, datasetRef.name)?.spec.owner;
    const isOfFormerOwner = owner !== undefined && owner !== approver && !isBoundNow(approval);
    if (!isOfFormerOwner) {
      if (request?.metadata.uid === requestRef.uid) return true;
      // Stores may lag behind one another: what another process approved a moment ago may be missing here.
      const current = await getIfPresent(api, shareRequestKind, requestRef);
      if (current?.metadata.uid === requestRef.uid) return false;
    }
    const { uid, resourceVersion } = approval.metadata;
    try {
      await api.delete(shareApprovalKind, approval.metadata, { preconditions: { uid, resourceVersion } });
    } catch (error) {
      // Somebody writes to it at this moment, perhaps a decision; that will be looked at again.
      if (!isKubeError(error, 'NotFound', 'Conflict')) throw error;
    }
    context.log.info({ approval: objectKey(approval.metadata) }, 'automatic approval ends with its request or owner');
    return false;
  }

  /** Items that were added since, or a later end: the owner's standing decision is about them too. What a person has edited is a person's. */
  async #widen(
    approval: Stored<ShareApproval>,
    request: Stored<ShareRequest>,
    context: ReconcileContext,
  ): Promise<void> {
    const { specs, api } = this.#options;
    const now = context.now();
    const parties = this.#decidedBeforehand(request, now);
    if (parties === undefined || !isBoundNow(approval)) return;
    const spec = widerConsent(approval, request, parties.dataset, decide(specs, request, now), now);
    if (spec === undefined) return;
    const { resourceVersion, generation } = approval.metadata;
    // Whoever edits it meanwhile decides: the version makes this fail then, and the generation tells whose it is.
    const marked = { [annotations.automaticGeneration]: String(generation + 1) };
    const body = { metadata: { resourceVersion, annotations: marked }, spec };
    try {
      const kind: Kind = shareApprovalKind;
      context.writer.wrote(kind, await api.patch(kind, approval.metadata, { type: 'merge', body }));
    } catch (error) {
      if (isKubeError(error, 'NotFound', 'Conflict')) return;
      throw error;
    }
    recordAutoApproved(request, parties.dataset, context);
  }

  /** Whose standing decision covers all that the request asks for; undefined where somebody has to look at it. */
  #decidedBeforehand(request: Stored<ShareRequest>, now: number): AutomaticParties | undefined {
    const { specs, config } = this.#options;
    const { datasetRef, principal } = request.spec;
    const { namespace } = request.metadata;
    const dataset = specs.dataset(datasetRef.namespace, datasetRef.name);
    const role = principal.kind === 'ConsumptionRole' ? specs.consumptionRole(namespace, principal.name) : undefined;
    if (dataset === undefined || !approvesItself(dataset, standingDecisions(config.features)) || !isSimple(request))
      return undefined;
    if (principal.kind === 'ConsumptionRole' && role === undefined) return undefined;
    // The request says which end would do.
    const refusal = endRefusal(dataset.spec.sharing?.expiration, request, request.spec, now);
    return refusal === undefined ? { dataset, role } : undefined;
  }

  async #approve(request: Stored<ShareRequest>, context: ReconcileContext): Promise<void> {
    const { specs, api } = this.#options;
    const parties = this.#decidedBeforehand(request, context.now());
    if (parties === undefined || decide(specs, request, context.now()).state !== 'PendingApproval') return;
    try {
      const kind: Kind = shareApprovalKind;
      // Created and not applied: a decision that somebody makes at this moment must not be overwritten.
      context.writer.wrote(kind, await api.create(kind, consentTo(request, parties)));
    } catch (error) {
      if (isKubeError(error, 'AlreadyExists')) return;
      throw error;
    }
    recordAutoApproved(request, parties.dataset, context);
  }
}

const recordAutoApproved = (request: Stored<ShareRequest>, dataset: Dataset, context: ReconcileContext): void =>
  context.event(request, {
    type: 'Normal',
    reason: 'AutoApproved',
    note: `Dataset ${dataset.metadata.name} approves requests for reading by itself`,
  });

const autoApprovalWatches = ({ stores }: AutoApprovalOptions): readonly Watch[] => {
  const keyOf = ({ metadata, spec }: ShareRequest): Request => ({
    key: `${spec.datasetRef.namespace}/${approvalName(metadata)}`,
  });
  return [
    watch(shareRequestKind, (request) => [keyOf(request)]),
    // A decision that is gone leaves the request undecided.
    watch(shareApprovalKind, (approval, _old, event) =>
      event === 'deleted' || isAutomatic(approval) ? [{ key: objectKey(approval.metadata) }] : [],
    ),
    watch(datasetKind, (dataset, old) =>
      old !== undefined && old.metadata.generation === dataset.metadata.generation
        ? []
        : stores
            .get(shareRequestKind)
            .byIndex('dataset', `${dataset.metadata.namespace} ${dataset.metadata.name}`)
            .map(keyOf),
    ),
  ];
};
