// How often a share tells of its progress. Each document that is done would be a write, and ten of them follow one another within a
// second; what people wait for, the end or what stands in its way, is told at once.
import { findCondition } from '../kernel/conditions.ts';
import { annotations } from '../resources/annotations.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { ShareSummary } from './share-status.ts';

/** "2 of 5 items granted" becomes "3 of 5 items granted" this often at most. Most shares are done before. */
const GRANTING_MS = 10_000;
/** The approval is bound within milliseconds, and its event comes here: that it is about to be is news only when it is not. */
const BINDING_MS = 1_000;

export class ProgressPace {
  /** By uid: when its status was last written. */
  readonly #toldAt = new Map<string, number>();
  /** By uid: since when its approval is about to be bound. */
  readonly #bindingSince = new Map<string, number>();

  /** Milliseconds until `summary` is worth a write; 0 = now, and the caller writes it. */
  wait({ metadata, status }: ShareRequest, summary: ShareSummary, now: number): number {
    const { uid, generation } = metadata;
    const before = findCondition(status.conditions, 'Ready')?.reason;
    const after = summary.conditions.find(({ type }) => type === 'Ready')?.reason;
    const asked = metadata.annotations?.[annotations.requestedAt];
    const isAnswered = asked === undefined || asked === status.lastHandledAt;
    const isBinding = after === 'Progressing';
    const isProgress = after === 'Granting' && before === 'Granting' && status.observedGeneration === generation;
    const left = Math.max(
      isBinding ? this.#bindingFor(uid, now) + BINDING_MS - now : 0,
      isProgress ? (this.#toldAt.get(uid) ?? 0) + GRANTING_MS - now : 0,
    );
    if (isAnswered && left > 0) return left;
    if (!isBinding) this.#bindingSince.delete(uid);
    this.#toldAt.set(uid, now);
    return 0;
  }

  forget(uid: string): void {
    this.#toldAt.delete(uid);
    this.#bindingSince.delete(uid);
  }

  #bindingFor(uid: string, now: number): number {
    const since = this.#bindingSince.get(uid) ?? now;
    this.#bindingSince.set(uid, since);
    return since;
  }
}
