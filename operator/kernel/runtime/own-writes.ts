// Updates that show nothing but what we wrote are as urgent as the work that wrote it, and no more: otherwise the backlog would turn
// into normal work with its first status, and what is really new would wait behind all of it.

import { isDeepStrictEqual } from 'node:util';
import type { Stored } from '../kind.ts';

export class OwnWrites {
  /** By uid: the priorities of the runs whose writes to it have not come back yet. */
  readonly #expected = new Map<string, number[]>();

  /** Call before the write, for its update may come before its answer. The returned function ends it. */
  expect(uid: string, priority: number): () => void {
    const priorities = this.#expected.get(uid) ?? [];
    priorities.push(priority);
    this.#expected.set(uid, priorities);
    return () => {
      priorities.splice(priorities.indexOf(priority), 1);
      if (priorities.length === 0) this.#expected.delete(uid);
    };
  }

  /** How urgent an update can be at most; unlimited where people have a part in it. */
  maxPriority(object: Stored, old: Stored | undefined): number {
    const priorities = this.#expected.get(object.metadata.uid);
    return priorities === undefined || old === undefined || !isStatusOnly(object, old)
      ? Number.POSITIVE_INFINITY
      : Math.max(...priorities);
  }
}

/** Whether an update shows the object as people left it: no other spec, annotations or labels, no deletion. */
export const isStatusOnly = ({ metadata }: Stored, { metadata: old }: Stored): boolean =>
  metadata.generation === old.generation &&
  metadata.deletionTimestamp === old.deletionTimestamp &&
  isDeepStrictEqual(metadata.annotations, old.annotations) &&
  isDeepStrictEqual(metadata.labels, old.labels);
