// How often a share tells of its progress. Each document that is done would be a write, and ten of them follow one another within a
// second; what people wait for, the end or what stands in its way, is told at once.
import { findCondition, type Condition, type ConditionInput } from '../../kernel/conditions.ts';
import { isReconcileRequested } from '../../resources/annotations.ts';

/** "2 of 5 items granted" becomes "3 of 5 items granted" this often at most, and "about to be bound" is held back as long. */
const PROGRESS_MS = 30_000;
/** Of one among many that were there when the process started, nobody watches each item. */
const BACKLOG_PROGRESS_MS = 120_000;
/** Of objects that are applied together each misses the next for a moment; in a backlog, until the others had their turn. */
const FIRST_SIGHT_MS = 2_000;
/** Documents of a share that nothing keeps waiting are done before; that they are under way is news only when they are not. */
const GRANTING_MS = 2_000;
/** An end is proved within this; what takes longer waits for something that people want to know. */
const ENDING_MS = 5_000;
const MISSING_AT_FIRST: readonly string[] = [
  'EnvironmentNotReady',
  'DatasetNotFound',
  'DatasetNotReady',
  'PrincipalNotFound',
  'PrincipalNotReady',
  'RequestNotFound',
];

/** A ShareRequest or a ShareApproval. */
interface Paced {
  readonly metadata: {
    readonly uid: string;
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly conditions?: readonly Condition[] | undefined;
    readonly lastHandledAt?: string | undefined;
  };
}

/** One for each controller. */
export class StatusDebounce {
  /** By uid: when its status was last written. */
  readonly #toldAt = new Map<string, number>();
  /** By uid: since when it is in a state that passes by itself and is news only when it does not. */
  readonly #passingSince = new Map<string, number>();

  /**
   * @param conditions the next ones of the object
   * @param isBacklog whether it is one of many that were there when the process started
   * @returns milliseconds until they are worth a write; 0 = now, and the caller writes them
   */
  delayMs({ metadata, status }: Paced, conditions: readonly ConditionInput[], now: number, isBacklog: boolean): number {
    const { uid, generation } = metadata;
    const before = findCondition(status.conditions, 'Ready')?.reason;
    const after = conditions.find(({ type }) => type === 'Ready')?.reason ?? '';
    const isAnswered = !isReconcileRequested({ metadata, status });
    // The first status is never held back: nothing is granted before it.
    const isBinding = before !== undefined && after === 'Progressing';
    const isFirstSight = before === undefined && MISSING_AT_FIRST.includes(after);
    const isEnding = before !== 'Deleting' && after === 'Deleting';
    const isBeginning = before === 'PendingApproval' && after === 'Granting';
    const isPassing = isBinding || isFirstSight || isEnding || isBeginning;
    const passing =
      isBinding || isBacklog ? PROGRESS_MS : isEnding ? ENDING_MS : isBeginning ? GRANTING_MS : FIRST_SIGHT_MS;
    const isUnderWay =
      after === 'Granting' ? before === 'Granting' || before === 'Progressing' : after === 'Deleting' && !isEnding;
    const isProgress = isUnderWay && status.observedGeneration === generation;
    const left = Math.max(
      isPassing ? this.#passingFor(uid, now) + passing - now : 0,
      isProgress ? (this.#toldAt.get(uid) ?? 0) + (isBacklog ? BACKLOG_PROGRESS_MS : PROGRESS_MS) - now : 0,
    );
    if (isAnswered && left > 0) return left;
    if (!isPassing) this.#passingSince.delete(uid);
    this.#toldAt.set(uid, now);
    return 0;
  }

  forget(uid: string): void {
    this.#toldAt.delete(uid);
    this.#passingSince.delete(uid);
  }

  #passingFor(uid: string, now: number): number {
    const since = this.#passingSince.get(uid) ?? now;
    this.#passingSince.set(uid, since);
    return since;
  }
}
