// What is asked of a key in a queue: to run by some time, and how urgent it is from then on.

/** When a key shall run, at the latest, and how urgent it is from then on. */
export interface Demand {
  readonly priority: number;
  /** By the monotonic clock, milliseconds. */
  readonly readyAt: number;
}

/** By time, without those that an earlier or equal one makes good for; all that are due are one. */
export function mergeDemands(demands: readonly Demand[], now: number): readonly Demand[] {
  const sorted = demands.toSorted((a, b) => a.readyAt - b.readyAt);
  const due = sorted.filter(({ readyAt }) => readyAt <= now);
  const [oldest] = due;
  const merged = oldest && { readyAt: oldest.readyAt, priority: Math.max(...due.map(({ priority }) => priority)) };
  let highest = Number.NEGATIVE_INFINITY;
  return [...(merged ? [merged] : []), ...sorted.slice(due.length)].filter(({ priority }) => {
    const isHigher = priority > highest;
    highest = Math.max(highest, priority);
    return isHigher;
  });
}
