// Which objects' rights are written as RBAC: an object is Ready only when people can use it.
import type { Outcome } from '../../kernel/conditions.ts';

interface Identified {
  readonly metadata: { readonly uid: string; readonly generation?: number };
}

export class RbacProgress {
  #written = new Map<string, number>();
  #refused: ReadonlyMap<string, string> = new Map();
  /** By uid of objects that give no rights any more: whether what they gave has been taken. */
  readonly #ended = new Map<string, boolean>();

  /** The rights that follow from exactly these objects are in force, but for those that were refused. */
  markApplied(objects: readonly Identified[]): void {
    this.#written = new Map(objects.map(({ metadata }) => [metadata.uid, metadata.generation ?? 0]));
    for (const uid of this.#ended.keys()) if (!this.#written.has(uid)) this.#ended.set(uid, true);
  }

  /** From now on nobody has rights by this object, which is about to go. @returns whether those it gave have been taken */
  end({ metadata }: Identified): boolean {
    const isTaken = this.#ended.get(metadata.uid) ?? false;
    this.#ended.set(metadata.uid, isTaken);
    return isTaken;
  }

  /** Those of all objects there are that give rights. */
  givers<Object extends Identified>(objects: readonly Object[]): readonly Object[] {
    const there = new Set(objects.map(({ metadata }) => metadata.uid));
    for (const uid of this.#ended.keys()) if (!there.has(uid)) this.#ended.delete(uid);
    return objects.filter(({ metadata }) => !this.#ended.has(metadata.uid));
  }

  /**
   * @param refused by uid of the object that gives them: what the API server says
   * @returns uids of objects about which something else is to be told than before
   */
  refuse(refused: ReadonlyMap<string, string>): ReadonlySet<string> {
    const before = this.#refused;
    this.#refused = refused;
    return new Set([...before.keys(), ...refused.keys()].filter((uid) => before.get(uid) !== refused.get(uid)));
  }

  /** Whether those of this object, as its spec is now, are. */
  isApplied({ metadata }: Identified): boolean {
    return (this.#written.get(metadata.uid) ?? -1) >= (metadata.generation ?? 0);
  }

  /** Nothing is Ready whose rights the API server refused. */
  adjustOutcome<Found extends Outcome>({ metadata }: Identified, outcome: Found): Found | RightsRefused {
    const message = this.#refused.get(metadata.uid);
    if (message === undefined || outcome.type !== 'Ready') return outcome;
    return { type: 'Reconciling', reason: 'RightsRefused', message };
  }
}

interface RightsRefused {
  readonly type: 'Reconciling';
  readonly reason: 'RightsRefused';
  readonly message: string;
}
