// The histogram of a work queue's waits, out of Prometheus' text format.

/** Cumulative counts by upper bound in milliseconds. */
export type Buckets = Readonly<Record<string, number>>;

const METRIC = 'workqueue_queue_duration_seconds_bucket';

export class QueueWaits {
  readonly #counts: ReadonlyMap<number, number>;

  constructor(counts: ReadonlyMap<number, number>) {
    this.#counts = counts;
  }

  /** What came in since an earlier look, up to the bound that holds everything. */
  since(earlier: QueueWaits): Buckets {
    const counts = [...this.#counts].map(
      ([bound, count]) => [bound, count - (earlier.#counts.get(bound) ?? 0)] as const,
    );
    const all = counts.at(-1)?.[1] ?? 0;
    const full = counts.findIndex(([, count]) => count === all);
    return Object.fromEntries(
      counts.slice(0, full + 1).map(([bound, count]) => [bound === Infinity ? 'more' : `<= ${bound * 1000} ms`, count]),
    );
  }
}

export const queueWaits = (metrics: string, controller: string): QueueWaits => {
  const counts = new Map<number, number>();
  for (const line of metrics.split('\n')) {
    if (!line.startsWith(`${METRIC}{`) || !line.includes(`controller="${controller}"`)) continue;
    const bound = /le="([^"]+)"/.exec(line)?.[1] ?? '';
    counts.set(bound === '+Inf' ? Infinity : Number(bound), Number(line.slice(line.lastIndexOf(' '))));
  }
  return new QueueWaits(counts);
};
