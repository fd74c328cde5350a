// The audit record of writes to AWS documents: for each, which shares it serves, and which it no longer does. What people decided about each
// stands in its objects.
import type { Logger } from 'pino';
import type { DocumentContext, Drift } from '../../access/document.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import { grantId } from '../../access/grant.ts';
import type { PlannedWrite, RunOptions } from '../../access/reconcile-document.ts';
import { shareOf } from '../reconcile/observed-document.ts';
import type { ObservedDocuments } from '../reconcile/observed-documents.ts';

export interface WriteAuditOptions {
  readonly audit: Logger;
  readonly observed: ObservedDocuments;
}

interface ServedShares {
  readonly shares: readonly string[];
  readonly ended: readonly string[];
}

/** Of the writes of one run. */
export const auditOf = (
  { audit, observed }: WriteAuditOptions,
  reconcileId: string,
): Pick<RunOptions, 'audit' | 'beforeWrites'> => {
  // Of many writes of one plan it is the same.
  const known = new WeakMap<readonly Drift[], ServedShares>();
  return {
    async beforeWrites(planned, pause) {
      if (!known.has(planned.drift)) known.set(planned.drift, await servedBy(planned, observed, pause));
    },
    audit({ key, action, omittedPrincipals: without, drift, result }) {
      const served = known.get(drift);
      audit.info({ document: formatDocumentKey(key), reconcileId, ...served, action, without, result }, 'aws write');
    },
  };
};

/** A document may have a hundred thousand grants, and each may differ. */
const servedBy = async (
  { key, drift, grants }: PlannedWrite,
  observed: ObservedDocuments,
  pause: DocumentContext['pause'],
): Promise<ServedShares> => {
  const present = new Set<string>();
  for (const grant of grants) {
    present.add(grantId(grant));
    await pause?.(1);
  }
  const [shares, ended] = [new Set<string>(), new Set<string>()];
  for (const id of observed.get(key)?.grants ?? []) {
    if (!present.has(id)) ended.add(shareOf(id));
    await pause?.(1);
  }
  for (const difference of drift) {
    for (const id of difference.grants) shares.add(shareOf(id));
    await pause?.(difference.grants.length);
  }
  return { shares: [...shares], ended: [...ended] };
};
