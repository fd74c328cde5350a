// What AWS said about an object when it was last asked: news of who uses the object is counted, and asks AWS nothing.
import { isStatusOnly } from '../../kernel/runtime/own-writes.ts';
import type { Stored } from '../../kernel/kind.ts';
import { Priority, type ReconcileContext, type SourceEvent } from '../../kernel/runtime/reconciler.ts';
import { annotations } from '../../resources/annotations.ts';

/** Of news that are no reason to ask AWS: nearly as prompt as what is fresh, and told apart from whoever wants AWS asked. */
export const COUNT = Priority.fresh - 1;

/** For the objects of one controller. An event of AWS, a request of a person and whatever else is fresh are reasons to ask again. */
export class LastLooks<Answer> {
  readonly #looks = new Map<string, { readonly about: string; readonly answer: Answer; readonly until: number }>();

  /** What is still good: nobody wants AWS asked, what the answer is about is the same, and its time is not over. */
  recall(
    key: string,
    about: string,
    { priority, now }: Pick<ReconcileContext, 'priority' | 'now'>,
  ): { readonly answer: Answer; readonly goodForMs: number } | undefined {
    const look = this.#looks.get(key);
    if (look?.about === about && priority < Priority.fresh && now() < look.until)
      return { answer: look.answer, goodForMs: look.until - now() };
    this.#looks.delete(key);
    return undefined;
  }

  /** @param until milliseconds since the epoch */
  remember(key: string, about: string, answer: Answer, until: number): void {
    this.#looks.set(key, { about, answer, until });
  }

  forget(key: string): void {
    this.#looks.delete(key);
  }
}

/** What an answer is about: this object as its owner wants it, looked at since a person last asked for it, and what else it rests on. */
export const aboutOf = ({ metadata }: Stored, ...others: readonly unknown[]): string =>
  JSON.stringify([metadata.uid, metadata.generation, metadata.annotations?.[annotations.requestedAt], ...others]);

/** Priority of a change of an object for its own controller: a status alone, mostly our own, asks AWS nothing. */
export const ownChange = (
  object: Stored,
  old: Stored | undefined,
  event: SourceEvent,
): { readonly priority?: number } =>
  event === 'updated' &&
  old !== undefined &&
  object.metadata.deletionTimestamp === undefined &&
  isStatusOnly(object, old)
    ? { priority: COUNT }
    : {};

/** Priority of news about users. What the start finds is backlog. */
export const countOnly = (event: SourceEvent): { readonly priority?: number } =>
  event === 'initial' || event === 'resync' ? {} : { priority: COUNT };
