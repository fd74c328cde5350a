// Percentiles and rounding: numbers as people read them.

export interface Distribution {
  readonly samples: number;
  /** Milliseconds, as all of these. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest rank: the smallest value that at least the share `p` of all values does not exceed. */
export const distributionOf = (values: readonly number[]): Distribution => {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (p: number): number => rounded(sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0, 1);
  return { samples: sorted.length, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
};

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
