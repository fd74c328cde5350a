// What AWS said about an object when it was last asked: news of who uses the object is counted, and asks AWS nothing.
import { isStatusOnly } from '../../kernel/runtime/own-writes.ts';
import type { Stored } from '../../kernel/kind.ts';
import { Priority, type ReconcileContext, type CacheEvent } from '../../kernel/runtime/reconciler.ts';
import { requestedAtOf } from '../../resources/annotations.ts';

/** Of news that are no reason to ask AWS: nearly as prompt as normal work, and told apart from whoever wants AWS asked. */
const STATUS_ONLY = Priority.normal - 1;

interface Observation<Answer> {
  readonly fingerprint: string;
  readonly answer: Answer;
  readonly until: number;
}

/** For the objects of one controller. An event of AWS, a request of a person and whatever else is new are reasons to ask again. */
export class ObservationCache<Answer> {
  readonly #observations = new Map<string, Observation<Answer>>();

  /** What is still good: nobody wants AWS asked, what the answer is about is the same, and its time is not over. */
  get(
    key: string,
    fingerprint: string,
    { priority, now }: Pick<ReconcileContext, 'priority' | 'now'>,
  ): { readonly answer: Answer; readonly goodForMs: number } | undefined {
    const known = this.#observations.get(key);
    if (known?.fingerprint === fingerprint && priority < Priority.normal && now() < known.until)
      return { answer: known.answer, goodForMs: known.until - now() };
    this.#observations.delete(key);
    return undefined;
  }

  /** @param until milliseconds since the epoch */
  set(key: string, fingerprint: string, answer: Answer, until: number): void {
    this.#observations.set(key, { fingerprint, answer, until });
  }

  delete(key: string): void {
    this.#observations.delete(key);
  }
}

/** What an answer is about: this object as its owner wants it, looked at since a person last asked for it, and what else it rests on. */
export const fingerprintOf = ({ metadata }: Stored, ...others: readonly unknown[]): string =>
  JSON.stringify([metadata.uid, metadata.generation, requestedAtOf(metadata), ...others]);

/** Priority of a change of an object for its own controller: a status alone, mostly our own, asks AWS nothing. */
export const ownUpdatePriority = (
  object: Stored,
  old: Stored | undefined,
  event: CacheEvent,
): { readonly priority?: number } =>
  event === 'updated' &&
  old !== undefined &&
  object.metadata.deletionTimestamp === undefined &&
  isStatusOnly(object, old)
    ? { priority: STATUS_ONLY }
    : {};

/** Priority of news about users. What the start finds is backlog. */
export const statusOnlyPriority = (event: CacheEvent): { readonly priority?: number } =>
  event === 'initial' || event === 'resync' ? {} : { priority: STATUS_ONLY };
