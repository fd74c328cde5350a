/** Differences of the accounts between two moments, apart from what AWS keeps of what has been. */
import type { MemoryWorld } from '../../aws/core/memory-world.ts';
import type { Difference, Snapshot } from '../../aws/core/world.ts';

export interface Differences {
  readonly differences: readonly Difference[];
  /** What does not count, by why. */
  readonly forgiven: ReadonlyMap<string, number>;
}

/** AWS keeps these for days or months and lets nobody remove them. */
const KEPT_BY_AWS: readonly (readonly [why: string, path: RegExp])[] = [];

export function accountDifferences(world: MemoryWorld, before: Snapshot): Differences {
  const forgiven = new Map<string, number>();
  const differences = world.diff(before, world.snapshot()).filter(({ path }) => {
    const why = KEPT_BY_AWS.find(([, kept]) => kept.test(path))?.[0];
    if (why !== undefined) forgiven.set(why, (forgiven.get(why) ?? 0) + 1);
    return why === undefined;
  });
  return { differences, forgiven };
}
