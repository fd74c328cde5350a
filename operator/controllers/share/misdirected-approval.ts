// An approval is named after its request, and whoever owns one dataset of the namespace can give that name to a decision about theirs.
// It decides nothing, since the request is for another dataset and neither can change; so it goes, and who may decide gets the name.
import { objectKey, parseObjectKey } from '../../kernel/kind.ts';
import { isKubeError } from '../../kernel/client/kube-api.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { perTeam } from '../reconcile/concurrency.ts';
import type { Platform } from '../reconcile/platform.ts';
import { watch } from '../reconcile/watch.ts';

export const defineMisdirectedApprovalController = ({
  specs,
  stores,
  api,
}: Pick<Platform, 'specs' | 'stores' | 'api'>): ControllerDefinition => {
  /** @param key of the approval */
  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const { namespace: producer, name } = parseObjectKey(key);
    const approval = stores.get(shareApprovalKind).get(producer, name);
    if (approval === undefined || approval.metadata.deletionTimestamp !== undefined) return done;
    const { requestRef, datasetRef } = approval.spec;
    const request = specs.shareRequest(requestRef.namespace, requestRef.name);
    if (request === undefined || request.spec.datasetRef.namespace !== producer) return done;
    if (request.spec.datasetRef.name === datasetRef.name) return done;
    const { uid, resourceVersion } = approval.metadata;
    try {
      await api.delete(shareApprovalKind, approval.metadata, { preconditions: { uid, resourceVersion } });
    } catch (error) {
      // Somebody writes to it at this moment; that will be looked at again.
      if (!isKubeError(error, 'NotFound', 'Conflict')) throw error;
      return done;
    }
    context.event(approval, {
      type: 'Warning',
      reason: 'RequestMismatch',
      note: `deleted: it is about dataset ${datasetRef.name}, which ShareRequest ${objectKey(requestRef)} does not ask for, and its name is for who decides about that request`,
    });
    return done;
  };

  return {
    name: 'misdirectedapproval',
    watches: [
      watch(shareApprovalKind, ({ metadata }) => [{ key: objectKey(metadata) }]),
      watch(shareRequestKind, ({ metadata, spec }) => [
        { key: `${spec.datasetRef.namespace}/${approvalName(metadata)}` },
      ]),
    ],
    ...perTeam,
    reconcile,
  };
};
