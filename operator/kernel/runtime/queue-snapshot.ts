// What a queue holds at one moment, for whoever asks why something takes so long. Bounded: counts of everything, names of the first few.

/** Names in each list. */
const mostNamed = 20;

export interface QueueSnapshot {
  readonly waiting: {
    /** For a worker. */
    readonly ready: number;
    /** Of those: their group has its share of the workers. */
    readonly groupLimited: number;
    /** For the end of their current run. */
    readonly again: number;
    /** For their time. */
    readonly later: number;
    readonly nextInSeconds?: number;
    /** Of the ready. */
    readonly byPriority: Readonly<Record<string, number>>;
  };
  /** Of the ready, those that wait longest. */
  readonly oldest: readonly Aged[];
  /** From taken until the caches show what the run wrote. */
  readonly inFlight: { readonly count: number; readonly oldest: readonly Aged[] };
  /** Those that keep their keys waiting come first. */
  readonly groups: {
    readonly count: number;
    readonly first: readonly { readonly name: string; readonly inFlight: number; readonly groupLimited: number }[];
  };
}

interface Aged {
  readonly key: string;
  readonly priority: number;
  readonly since: string;
  readonly seconds: number;
}

interface QueueContents {
  readonly entries: Iterable<{
    readonly key: string;
    readonly priority: number;
    readonly readyAt: number;
    readonly place: 'ready' | 'waiting' | 'inFlight' | 'groupLimited';
  }>;
  readonly inFlight: ReadonlyMap<string, { readonly priority: number; readonly takenAt: number }>;
  readonly groups: ReadonlyMap<string, { readonly inFlight: number; readonly limited: { readonly size: number } }>;
}

/** @param now the same moment by the clock on the wall and by the one that `contents` count by */
export function snapshotOf(
  { entries, inFlight, groups }: QueueContents,
  now: { readonly wall: number; readonly monotonic: number },
): QueueSnapshot {
  const counts = { ready: 0, groupLimited: 0, again: 0, later: 0 };
  const byPriority: Record<string, number> = {};
  const oldest = new First<{ key: string; priority: number; at: number }>((a, b) => a.at - b.at);
  let next = Number.POSITIVE_INFINITY;
  for (const { key, priority, readyAt, place } of entries) {
    if (place === 'inFlight') counts.again += 1;
    else if (place === 'waiting') {
      counts.later += 1;
      next = Math.min(next, readyAt);
    } else {
      counts.ready += 1;
      if (place === 'groupLimited') counts.groupLimited += 1;
      byPriority[priority] = (byPriority[priority] ?? 0) + 1;
      oldest.offer({ key, priority, at: readyAt });
    }
  }
  const running = new First<{ key: string; priority: number; at: number }>((a, b) => a.at - b.at);
  for (const [key, { priority, takenAt }] of inFlight) running.offer({ key, priority, at: takenAt });
  const busiest = new First<{ name: string; inFlight: number; groupLimited: number }>(
    (a, b) => b.groupLimited - a.groupLimited || b.inFlight - a.inFlight,
  );
  for (const [name, group] of groups)
    busiest.offer({ name, inFlight: group.inFlight, groupLimited: group.limited.size });
  const aged = ({ key, priority, at }: { key: string; priority: number; at: number }): Aged => {
    const ms = now.monotonic - at;
    return { key, priority, since: new Date(now.wall - ms).toISOString(), seconds: Math.round(ms / 100) / 10 };
  };
  return {
    waiting: {
      ...counts,
      ...(counts.later > 0 && { nextInSeconds: Math.max(0, Math.round((next - now.monotonic) / 1_000)) }),
      byPriority,
    },
    oldest: oldest.list.map(aged),
    inFlight: { count: inFlight.size, oldest: running.list.map(aged) },
    groups: { count: groups.size, first: busiest.list },
  };
}

/** The first few of many by an order, without sorting the many. */
class First<T> {
  readonly list: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  offer(candidate: T): void {
    const last = this.list[mostNamed - 1];
    if (last !== undefined && this.#compare(candidate, last) >= 0) return;
    const at = this.list.findIndex((other) => this.#compare(candidate, other) < 0);
    this.list.splice(at === -1 ? this.list.length : at, 0, candidate);
    this.list.length = Math.min(this.list.length, mostNamed);
  }
}
