// The audit record of writes to AWS documents: for each, which shares it serves, and which it no longer does. What people decided about each
// stands in its objects.
import type { Logger } from 'pino';
import type { Drift } from '../../access/document.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import { grantId } from '../../access/grant.ts';
import type { AuditWrite, WriteRecord } from '../../access/reconcile-document.ts';
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
export const auditOf = ({ audit, observed }: WriteAuditOptions, reconcileId: string): AuditWrite => {
  // Of many writes of one plan it is the same.
  const known = new WeakMap<readonly Drift[], ServedShares>();
  return (record) => {
    const { key, action, omittedPrincipals: without, drift, result } = record;
    const served = known.get(drift) ?? servedBy(record, observed);
    known.set(drift, served);
    audit.info({ document: formatDocumentKey(key), reconcileId, ...served, action, without, result }, 'aws write');
  };
};

const servedBy = ({ key, drift, grants }: WriteRecord, observed: ObservedDocuments): ServedShares => {
  const present = new Set(grants.map(grantId));
  const ended = (observed.get(key)?.grants ?? []).filter((id) => !present.has(id));
  return { shares: sharesOf(drift.flatMap(({ grants: suffering }) => suffering)), ended: sharesOf(ended) };
};

const sharesOf = (grants: readonly string[]): readonly string[] => [...new Set(grants.map(shareOf))];
