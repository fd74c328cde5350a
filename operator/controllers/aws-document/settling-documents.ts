// Which documents wait for decisions that are about to be complete (bindings after a restart) before anything is taken from them
// (docs/decisions/0005).
import { isUnsettled } from '../../access/consent.ts';
import { decide } from '../../access/share-decision.ts';
import type { Specs } from '../../access/specs.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { ShareRequest } from '../../resources/share-request.ts';

/** Between two looks at whether they are complete, milliseconds. */
export const SETTLE_MS = 500;
/** Since the last of them was settled: those that are left have other troubles. */
const LONGEST_SETTLE_MS = 30_000;
/** However many there are, and whoever goes on making more. */
const LONGEST_BINDING_MS = 5 * 60_000;
/** Normal work need not wait for the decisions of others where nothing is taken from them. Each try that was in vain has read the document. */
const TRY_EVERY_MS = 5_000;

/** Approved shares of a document that nothing is given to yet. Times by the clock, milliseconds. */
interface Unsettled {
  readonly count: number;
  readonly since: number;
  /** When they became fewer. */
  readonly fewerAt: number;
}

type Moment = Pick<ReconcileContext, 'priority' | 'now'>;

/** By the document's key, as text. */
export class SettlingDocuments {
  readonly #specs: Specs;
  readonly #unsettled = new Map<string, Unsettled>();
  readonly #lastTriedAt = new Map<string, number>();

  constructor(specs: Specs) {
    this.#specs = specs;
  }

  /**
   * Taking access away because a binding is not made again yet would be a lost grant; a moment later it is. Who has no consent has
   * nothing to lose, and must not hold up the others.
   * @param shares all that touch the document
   */
  mustWaitForBindings(document: string, shares: readonly ShareRequest[], { priority, now }: Moment): boolean {
    const at = now();
    const count = shares
      .filter((share) => this.#specs.approvalFor(share)?.spec.decision === 'Approved')
      .filter((share) => isUnsettled(decide(this.#specs, share, at))).length;
    if (count === 0 || priority >= Priority.revocation) {
      this.#unsettled.delete(document);
      this.#lastTriedAt.delete(document);
      return false;
    }
    const before = this.#unsettled.get(document) ?? { count, since: at, fewerAt: at };
    const after = { count, since: before.since, fewerAt: count < before.count ? at : before.fewerAt };
    this.#unsettled.set(document, after);
    return at - after.fewerAt < LONGEST_SETTLE_MS && at - after.since < LONGEST_BINDING_MS;
  }

  /** Whether a run may add meanwhile, where nothing is taken. */
  mayAdd(document: string, { priority, now }: Moment): boolean {
    return priority >= Priority.normal && now() - (this.#lastTriedAt.get(document) ?? 0) >= TRY_EVERY_MS;
  }

  /** A run found that something would have to be taken. */
  recordTry(document: string, now: number): void {
    this.#lastTriedAt.set(document, now);
  }
}
