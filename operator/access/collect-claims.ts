// From a document's key to what all shares together want of it.
import { oncePerObject } from './once-per-object.ts';
import { createHash } from 'node:crypto';
import type { GrantClaims } from './desired.ts';
import type { DocumentContext, GrantOutputs } from './document.ts';
import type { DocumentKey } from './document-key.ts';
import { documentTypeOf } from './document-types.ts';
import { withoutSuspended, type Grant } from './grant.ts';
import type { Specs } from './specs.ts';

export interface CollectedClaims {
  readonly claims: GrantClaims;
  /** Of all that was claimed, not of grants alone: a filter that was narrowed is a new wish, not drift. */
  readonly fingerprint: string;
}

/**
 * Undefined: no custom resource speaks for the document, so it is not ours to read or write.
 * @param outputs what other documents found out about a grant, by grant id
 */
export const collectClaims = async (
  key: DocumentKey,
  specs: Specs,
  context: Pick<DocumentContext, 'now' | 'pause'>,
  outputs: (grant: string) => GrantOutputs | undefined,
): Promise<CollectedClaims | undefined> => {
  const type = documentTypeOf(key);
  const collected = type.collect(specs, key, context.now());
  const claims = collected && (await completed(collected, type.complete?.(collected, outputs), context));
  return claims && { claims, fingerprint: await fingerprintOf(claims, context) };
};

const completed = async (
  collected: GrantClaims,
  completing: Generator<number, GrantClaims> | undefined,
  { pause }: Pick<DocumentContext, 'pause'>,
): Promise<GrantClaims> => {
  if (completing === undefined) return collected;
  for (let step = completing.next(); ; step = completing.next()) {
    if (step.done === true) return step.value;
    await pause?.(step.value);
  }
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
  for (const [name, part] of Object.entries(others)) {
    if (part === undefined) continue;
    hash.update(name);
    for (const piece of piecesOf(part)) {
      hash.update(textOf(piece));
      await pause?.(1);
    }
  }
  return hash.digest('base64');
};

/** A map may have an entry for each grant. */
const piecesOf = (part: unknown): Iterable<unknown> => (part instanceof Map ? part : [part]);

/** A decision's grants are the same objects from run to run. */
const digestOf = oncePerObject((grant: Grant): string =>
  createHash('sha256')
    .update(JSON.stringify(withoutSuspended(grant)))
    .digest('base64'),
);

/** Ends with what is in no JSON, so that each piece is told from the next. */
const textOf = (value: unknown): string =>
  `${JSON.stringify(value, (_name, part: unknown) => (part instanceof Map ? [...part] : part))}\n`;
