// From a document's key to its outcome: collects its claims and reconciles it by its kind.
import { oncePerObject } from './once-per-object.ts';
import { createHash } from 'node:crypto';
import type { GrantClaims } from './desired.ts';
import type { DocumentContext, GrantOutputs } from './document.ts';
import type { DocumentKey } from './document-key.ts';
import { documentTypeOf } from './document-types.ts';
import { grantId, withoutSuspended, type Grant } from './grant.ts';
import { reconcileDocument, type AuditWrite, type DocumentOutcome } from './reconcile-document.ts';
import type { Specs } from './specs.ts';

export interface DocumentWork {
  readonly specs: Specs;
  readonly context: DocumentContext;
  /** What other documents found out about a grant, by grant id. */
  readonly outputs: (grant: string) => GrantOutputs | undefined;
  readonly audit: AuditWrite;
  /** Whether differences, if there are any, are somebody else's doing: the last good run had claims of the same fingerprint. */
  readonly isDrift: (claims: string) => boolean;
  /** Decisions about others are not complete: nothing may be taken away. */
  readonly additiveOnly: boolean;
  /** Those of the grants whose part is written before that of the others; undefined: all of them. */
  readonly urgentGrants: (grants: readonly string[]) => ReadonlySet<string> | undefined;
  /** Whether somebody asks for a grant that was sent and did not arrive. */
  readonly isAskedAnew: (grant: Grant) => boolean;
}

export interface DocumentRun {
  readonly outcome: DocumentOutcome;
  /** The grants that were in the claims. */
  readonly grants: readonly Grant[];
  /** Fingerprint of all that was claimed, not of grants alone: a filter that was narrowed is a new wish, not drift. */
  readonly claims: string;
}

/** Undefined: no custom resource speaks for the document, so it is not ours to read or write. Throws AwsFault. */
export const runDocument = async (
  key: DocumentKey,
  work: DocumentWork,
): Promise<DocumentRun | 'requiresRevocation' | undefined> => {
  const { specs, context, outputs, audit, isDrift, additiveOnly, urgentGrants, isAskedAnew } = work;
  const type = documentTypeOf(key);
  const claims = type.collect(specs, key, context.now(), outputs);
  if (claims === undefined) return undefined;
  const text = await fingerprintOf(claims, context);
  const mode = claims.remediation === 'Report' && isDrift(text) ? 'reportOnly' : additiveOnly ? 'additive' : 'repair';
  const renew = new Set(claims.grants.filter(isAskedAnew).map(grantId));
  const options = { mode, audit, urgentGrants: urgentGrants(claims.grants.map(grantId)), renew } as const;
  const outcome = await reconcileDocument(type, context, key, claims, options);
  return outcome === 'requiresRevocation' ? outcome : { outcome, grants: claims.grants, claims: text };
};

/**
 * Equal claims have equal fingerprints; short, because one is kept for every document. A pause changes when something is done, not
 * what is wanted: what somebody changes meanwhile is drift when it ends.
 */
export const fingerprintOf = async (
  { grants, ...others }: GrantClaims,
  { pause }: Pick<DocumentContext, 'pause'> = {},
): Promise<string> => {
  const hash = createHash('sha256');
  // One after the other: the text of all of them would be hundreds of megabytes where there are a hundred thousand.
  for (const grant of grants) {
    hash.update(digestOf(grant));
    await pause?.(1);
  }
  return hash.update(textOf(others)).digest('base64');
};

/** A decision's grants are the same objects from run to run. */
const digestOf = oncePerObject((grant: Grant): string =>
  createHash('sha256')
    .update(JSON.stringify(withoutSuspended(grant)))
    .digest('base64'),
);

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (part instanceof Map ? [...part] : part));
