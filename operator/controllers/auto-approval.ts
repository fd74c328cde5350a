// Auto-approval: writes the producer's consent where the dataset says so and the installation allows it. For reading, unfiltered items.
import { decide } from '../access/collect.ts';
import { endRefusal } from '../access/expiration.ts';
import type { Kind } from '../kernel/kind.ts';
import { isKubeError } from '../kernel/kube-api.ts';
import { done, type ControllerDefinition, type ReconcileContext, type Result } from '../kernel/reconciler.ts';
import { labels, MANAGED_BY } from '../resources/annotations.ts';
import { datasetKind, type Dataset } from '../resources/dataset.ts';
import { apiVersion } from '../resources/kind.ts';
import { approvalName } from '../resources/names.ts';
import { shareApprovalKind } from '../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../resources/share-request.ts';
import type { Platform } from './platform.ts';
import { source } from './sources.ts';

export const defineAutoApprovalController = ({ specs, stores, config, api }: Platform): ControllerDefinition => {
  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const request = specs.shareRequest(namespace, name);
    if (request === undefined) return done;
    const { datasetRef, requester, principal, permissions, items, expiresAt } = request.spec;
    const dataset = specs.dataset(datasetRef.namespace, datasetRef.name);
    const role = principal.kind === 'ConsumptionRole' ? specs.consumptionRole(namespace, principal.name) : undefined;
    if (dataset === undefined || !approvesItself(dataset, config.sharing.autoApprovalFor) || !isSimple(request))
      return done;
    if (principal.kind === 'ConsumptionRole' && role === undefined) return done;
    // Any decision that stands, also a rejection, is somebody's and is left alone.
    if (specs.approvalFor(request) !== undefined || decide(specs, request, context.now()).state !== 'PendingApproval')
      return done;
    // The request says which end would do.
    if (endRefusal(dataset.spec.sharing?.expiration, request, request.spec, context.now()) !== undefined) return done;
    // Created and not applied: a decision that somebody makes at this moment must not be overwritten.
    const approval = {
      apiVersion,
      kind: shareApprovalKind.kind,
      metadata: {
        namespace: datasetRef.namespace,
        name: approvalName(request.metadata),
        labels: { [labels.managedBy]: MANAGED_BY, [labels.autoApproved]: 'true' },
      },
      spec: {
        datasetRef: { name: datasetRef.name },
        requestRef: { namespace, name, uid: request.metadata.uid },
        requester,
        principal: { ...principal, ...(role !== undefined && { arn: role.spec.principalArn }) },
        decision: 'Approved',
        permissions,
        items: items.map((item) => ({ kind: item.kind, name: item.name })),
        ...(expiresAt !== undefined && { expiresAt }),
        reason: 'the dataset approves requests for reading by itself',
      },
    };
    try {
      const kind: Kind = shareApprovalKind;
      context.write.wrote(kind, await api.create(kind, approval));
    } catch (error) {
      if (isKubeError(error, 'AlreadyExists')) return done;
      throw error;
    }
    context.event(request, {
      type: 'Normal',
      reason: 'AutoApproved',
      note: `Dataset ${dataset.metadata.name} approves requests for reading by itself`,
    });
    return done;
  };

  return {
    name: 'autoapproval',
    sources: [
      source(shareRequestKind, ({ metadata }) => [{ key: `${metadata.namespace}/${metadata.name}` }]),
      source(datasetKind, (dataset, old) =>
        old !== undefined && old.metadata.generation === dataset.metadata.generation
          ? []
          : stores
              .get(shareRequestKind)
              .byIndex('dataset', `${dataset.metadata.namespace} ${dataset.metadata.name}`)
              .map(({ metadata }) => ({ key: `${metadata.namespace}/${metadata.name}` })),
      ),
    ],
    workers: 2,
    reconcile,
  };
};

/** The rule of data.all's configuration, enforced here and not only in a form. */
const approvesItself = ({ spec, metadata }: Dataset, allowed: readonly string[]): boolean =>
  metadata.deletionTimestamp === undefined &&
  spec.sharing?.autoApproval === true &&
  allowed.includes(spec.confidentiality);

const isSimple = ({ spec }: ShareRequest): boolean =>
  spec.permissions.every((permission) => permission === 'Read') &&
  spec.items.every(({ filters }) => filters === undefined);
