// Giving up on an object although what it made in AWS is not proved gone: for accounts that nobody can reach any more.
import type { KubeObject, Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { annotations } from '../../resources/annotations.ts';

/** A platform administrator has said so of just this object, by its uid. */
export const isAbandoned = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.[annotations.abandon] === metadata.uid;

/** For the message of an object whose end waits, where the annotation names another one; undefined where it does not. */
export const mistakenAbandon = ({ metadata }: KubeObject): string | undefined => {
  const named = metadata.annotations?.[annotations.abandon];
  return named === undefined || named === metadata.uid
    ? undefined
    : `annotation ${annotations.abandon} is not the uid of this object, ${metadata.uid}`;
};

/** The message of an object whose end waits for something. */
export const whatItAwaits = (object: KubeObject, message: string): string =>
  [message, mistakenAbandon(object)].filter((part) => part !== undefined).join('; ');

/** How much one Event names. */
const SHOWN = 5;

/** An Event that names what may stay; none where nothing may. */
export const recordOrphansEvent = (object: Stored, left: readonly string[], context: ReconcileContext): void => {
  if (left.length === 0) return;
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '';
  context.event(object, {
    type: 'Warning',
    reason: 'Abandoned',
    note: `may be left behind: ${left.slice(0, SHOWN).join(', ')}${more}`,
  });
};
