// What AWS refuses of an object's end, and goes on refusing, is no reason to hold the object: what stays is told, and the end goes on
// without it. Never so where consent gave access: a share ends with a proof, and everything else ends after its shares.
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { isRefusal } from '../../aws/fault.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Platform } from './platform.ts';
import { endingOf } from './removals.ts';

/** One step of an object's end. */
export interface EndingStep {
  readonly object: Stored;
  /** Names the step among those of its end. */
  readonly step: string;
  /** What is there when the end goes on without it: `stack orders stays`. */
  readonly without: string;
}

/** Whether AWS has refused for a minute to have a document read or written as the end of an object needs it. */
export const isRefused = (
  { observed, removals }: Pick<Platform, 'observed' | 'removals'>,
  object: Pick<Stored, 'metadata'>,
  document: DocumentKey,
  now: number,
): boolean => {
  const record = observed.get(document);
  const isNow = record?.failure !== undefined && (!record.isUnread || record.failure.isRefusal === true);
  return removals.isLasting(endingOf(object), formatDocumentKey(document), isNow, now);
};

/** Of a role or user that nothing is shared with any more, each share proved by a read. */
export const sharePoliciesStay = (platform: Pick<Platform, 'observed'>, document: DocumentKey): NotRestored => ({
  what: `${formatDocumentKey(document)} stay as they are: what was shared by them is taken back where the data is`,
  why: refusalOf(platform, document),
});

/** What is said while they are being removed. */
export const policiesGo = (platform: Pick<Platform, 'observed'>, document: DocumentKey): string => {
  const why = refusalOf(platform, document);
  return `its share policies are being removed${why === '' ? '' : `; ${why}`}`;
};

/** Why, in the words of AWS. */
export const refusalOf = ({ observed }: Pick<Platform, 'observed'>, document: DocumentKey): string =>
  observed.get(document)?.failure?.message ?? '';

/**
 * What the calls of one step give; undefined where AWS has refused them for a minute, which is told.
 * @throws AwsFault until then. An account that lets nobody in has refused nothing: it may let us in again.
 */
export const unlessRefused = async <T>(
  { removals }: Pick<Platform, 'removals'>,
  { object, step, without }: EndingStep,
  context: ReconcileContext,
  call: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    const answer = await call();
    removals.isLasting(endingOf(object), step, false, context.now());
    return answer;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (!removals.isLasting(endingOf(object), step, true, context.now())) throw error;
    recordNotRestored({ removals }, object, [{ what: without, why: error.message }], context);
    return undefined;
  }
};

/** What an end could not put back as it was. */
export interface NotRestored {
  readonly what: string;
  /** In the words of AWS. */
  readonly why?: string;
}

/** An Event for each thing, once. */
export const recordNotRestored = (
  { removals }: Pick<Platform, 'removals'>,
  object: Stored,
  left: readonly NotRestored[],
  context: ReconcileContext,
): void => {
  for (const { what, why } of left)
    if (removals.isNews(endingOf(object), what))
      context.event(object, {
        type: 'Warning',
        reason: 'NotRestored',
        note: why === undefined ? what : `${what}: ${why}`,
      });
};
