// The end of a consumption role: its shares first, then its share policies. Its finalizer falls when a read has shown that none is left.
import { formatDocumentKey } from '../../access/document-key.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import type { Stored } from '../../kernel/kind.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { ConsumptionRole } from '../../resources/consumption-role.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { isAbandoned, recordOrphansEvent, whatItAwaits } from '../reconcile/abandon.ts';
import type { Platform } from '../reconcile/platform.ts';
import { deleting, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { isRefused, policiesGo, recordNotRestored, sharePoliciesStay } from '../reconcile/refusals.ts';
import { endingOf } from '../reconcile/removals.ts';
import { sharesInUse } from '../reconcile/usage.ts';
import { mayStillGrant } from '../share/share-approval.ts';

/** One step towards the end; undefined once nothing is left. */
export const finalizeConsumptionRole = (
  platform: Platform,
  role: Stored<ConsumptionRole>,
  context: ReconcileContext,
): ReconcileOutcome<ConsumptionRole> | undefined => {
  const { specs, observed, removals } = platform;
  const { namespace, name } = role.metadata;
  const ending = endingOf(role);
  const document = sharePoliciesKeyOf(role.spec.principalArn);
  const isClean = observed.isCleanSince(document, removals.since(ending));
  // Without the object nobody would know whose grants these are in the documents of producers.
  const shares = specs.sharesOfPrincipal(namespace, 'ConsumptionRole', name).filter(mayStillGrant);
  if (isAbandoned(role)) {
    const open = isClean ? [] : [formatDocumentKey(document)];
    recordOrphansEvent(role, [...open, ...(sharesInUse(shares).usedBy ?? [])], context);
    return undefined;
  }
  if (specs.environment(namespace) === undefined) return undefined;
  const waitFor = (message: string): ReconcileOutcome<ConsumptionRole> => {
    if (removals.mustEnqueue(ending, document, context.now()))
      platform.enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
    return deleting(whatItAwaits(role, message));
  };
  if (shares.length > 0) return waitFor(`access is being taken from ${shares.length} of its shares`);
  if (isClean) return undefined;
  if (isRefused(platform, role, document, context.now())) {
    recordNotRestored(platform, role, [sharePoliciesStay(platform, document)], context);
    return undefined;
  }
  return waitFor(policiesGo(platform, document));
};
