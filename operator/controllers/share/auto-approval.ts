// Auto-approval: writes the producer's consent where the dataset says so and the installation allows it, for reading, unfiltered items;
// and takes it away again with the request.
import { isAutomatic } from '../../access/approver.ts';
import { decide } from '../../access/share-decision.ts';
import { isBoundNow } from '../../access/approval-match.ts';
import { endRefusal } from '../../access/expiration.ts';
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
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import type { ConsumptionRole } from '../../resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { apiVersion } from '../../resources/kind.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import type { Platform } from '../reconcile/platform.ts';
import { watch } from '../reconcile/watch.ts';
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
    if (approval !== undefined) await this.#endObsolete(approval, request, context);
    else if (request !== undefined && request.spec.datasetRef.namespace === producer)
      await this.#approve(request, context);
    return done;
  }

  /**
   * A new request of the same name would meet a decision about another one, which nobody may delete. What was not bound before the
   * dataset got another owner is not that owner's decision: it is made anew if they let the dataset approve by itself too.
   */
  async #endObsolete(
    approval: Stored<ShareApproval>,
    request: ShareRequest | undefined,
    context: ReconcileContext,
  ): Promise<void> {
    const { specs, api } = this.#options;
    const { requestRef, datasetRef, approver } = approval.spec;
    if (!isAutomatic(approval) || approval.metadata.deletionTimestamp !== undefined) return;
    const owner = specs.dataset(approval.metadata.namespace, datasetRef.name)?.spec.owner;
    const isOfFormerOwner = owner !== undefined && owner !== approver && !isBoundNow(approval);
    if (!isOfFormerOwner) {
      if (request?.metadata.uid === requestRef.uid) return;
      // Stores may lag behind one another: what another process approved a moment ago may be missing here.
      const current = await getIfPresent(api, shareRequestKind, requestRef);
      if (current?.metadata.uid === requestRef.uid) return;
    }
    const { uid, resourceVersion } = approval.metadata;
    try {
      await api.delete(shareApprovalKind, approval.metadata, { preconditions: { uid, resourceVersion } });
    } catch (error) {
      // Somebody writes to it at this moment, perhaps a decision; that will be looked at again.
      if (!isKubeError(error, 'NotFound', 'Conflict')) throw error;
    }
    context.log.info({ approval: objectKey(approval.metadata) }, 'automatic approval ends with its request or owner');
  }

  async #approve(request: Stored<ShareRequest>, context: ReconcileContext): Promise<void> {
    const { specs, api, config } = this.#options;
    const { datasetRef, principal } = request.spec;
    const { namespace } = request.metadata;
    const dataset = specs.dataset(datasetRef.namespace, datasetRef.name);
    const role = principal.kind === 'ConsumptionRole' ? specs.consumptionRole(namespace, principal.name) : undefined;
    if (dataset === undefined || !approvesItself(dataset, config.sharing.autoApprovalFor) || !isSimple(request)) return;
    if (principal.kind === 'ConsumptionRole' && role === undefined) return;
    if (decide(specs, request, context.now()).state !== 'PendingApproval') return;
    // The request says which end would do.
    if (endRefusal(dataset.spec.sharing?.expiration, request, request.spec, context.now()) !== undefined) return;
    try {
      const kind: Kind = shareApprovalKind;
      // Created and not applied: a decision that somebody makes at this moment must not be overwritten.
      context.writer.wrote(kind, await api.create(kind, consentTo(request, dataset, role)));
    } catch (error) {
      if (isKubeError(error, 'AlreadyExists')) return;
      throw error;
    }
    context.event(request, {
      type: 'Normal',
      reason: 'AutoApproved',
      note: `Dataset ${dataset.metadata.name} approves requests for reading by itself`,
    });
  }
}

const consentTo = (request: Stored<ShareRequest>, dataset: Dataset, role: ConsumptionRole | undefined) => {
  const { namespace, name, uid } = request.metadata;
  const { datasetRef, requester, principal, permissions, items, expiresAt } = request.spec;
  return {
    apiVersion,
    kind: shareApprovalKind.kind,
    metadata: {
      namespace: datasetRef.namespace,
      name: approvalName(request.metadata),
      labels: { [labels.managedBy]: MANAGED_BY, [labels.autoApproved]: 'true' },
    },
    spec: {
      datasetRef: { name: datasetRef.name },
      requestRef: { namespace, name, uid },
      approver: dataset.spec.owner,
      requester,
      principal: { ...principal, ...(role !== undefined && { arn: role.spec.principalArn }) },
      decision: 'Approved',
      permissions,
      items: items.map((item) => ({ kind: item.kind, name: item.name })),
      ...(expiresAt !== undefined && { expiresAt }),
      reason: 'the dataset approves requests for reading by itself',
    },
  };
};

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

/** The rule of data.all's configuration, enforced here and not only in a form. */
const approvesItself = ({ spec, metadata }: Dataset, allowed: readonly string[]): boolean =>
  metadata.deletionTimestamp === undefined &&
  spec.sharing?.autoApproval === true &&
  allowed.includes(spec.confidentiality);

const isSimple = ({ spec }: ShareRequest): boolean =>
  spec.permissions.every((permission) => permission === 'Read') &&
  spec.items.every(({ filters }) => filters === undefined);
