// The workload of the benchmarks, as data: who produces, who consumes, and who asks whom. Pure, so that the floor can be computed from it.

export const REGION = 'eu-west-1';
const PRODUCERS = 2;
const CONSUMERS = 8;
const PRINCIPALS = 50;
export const TABLES = ['customers', 'orders', 'payments'] as const;
export const FOLDER = { name: 'raw', prefix: 'raw/' } as const;

export interface Place {
  /** Of the environment, its namespace and the simulated account. */
  readonly name: string;
  /** status.id of the environment. */
  readonly id: string;
  /** 12 digits. */
  readonly account: string;
}

export interface BenchDataset {
  readonly name: string;
  readonly id: string;
  readonly producer: Place;
  readonly bucket: string;
  readonly database: string;
}

export interface BenchPrincipal {
  /** Of the ConsumptionRole and of the IAM role. */
  readonly name: string;
  readonly consumer: Place;
  readonly arn: string;
}

export interface BenchShare {
  readonly name: string;
  readonly dataset: BenchDataset;
  readonly principal: BenchPrincipal;
}

export interface Workload {
  readonly producers: readonly Place[];
  readonly consumers: readonly Place[];
  readonly datasets: readonly BenchDataset[];
  /** Those of the shares, and after them one more for each account, whom nothing is shared with yet. */
  readonly principals: readonly BenchPrincipal[];
  /** Every dataset with every principal, so as many as asked for. */
  readonly shares: readonly BenchShare[];
  /** Shares nobody has asked for yet: requests that arrive while the others are at work. */
  readonly late: readonly BenchShare[];
}

/** @param n number of shares, a multiple of 50 */
export const workloadOf = (n: number): Workload => {
  if (n < PRINCIPALS || n % PRINCIPALS !== 0)
    throw new RangeError(`the workload has ${PRINCIPALS} principals for each dataset: --n must be a multiple of it`);
  const producers = times(PRODUCERS, (index) => placeOf('producer', index, 200_000_000_001));
  const consumers = times(CONSUMERS, (index) => placeOf('consumer', index, 300_000_000_001));
  const datasets = times(n / PRINCIPALS, (index): BenchDataset => {
    const label = digits(index, 4);
    const producer = at(producers, index);
    return {
      name: `data-${label}`,
      id: `data${label}`,
      producer,
      bucket: `bench-${label}`,
      database: `bench_${label}`,
    };
  });
  const asking = times(PRINCIPALS, (index) => principalOf(`role-${digits(index, 2)}`, at(consumers, index)));
  const newcomers = consumers.map((consumer, index) => principalOf(`late-${digits(index, 2)}`, consumer));
  const all = (principals: readonly BenchPrincipal[]): readonly BenchShare[] =>
    datasets.flatMap((dataset) =>
      principals.map((principal) => ({ name: `${dataset.name}-${principal.name}`, dataset, principal })),
    );
  return {
    producers,
    consumers,
    datasets,
    principals: [...asking, ...newcomers],
    shares: all(asking),
    late: all(newcomers),
  };
};

const placeOf = (role: string, index: number, firstAccount: number): Place => ({
  name: `${role}-${index}`,
  id: `${role.slice(0, 4)}${digits(index, 4)}`,
  account: String(firstAccount + index),
});

const principalOf = (name: string, consumer: Place): BenchPrincipal => ({
  name,
  consumer,
  arn: `arn:aws:iam::${consumer.account}:role/${name}`,
});

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const digits = (index: number, length: number): string => String(index).padStart(length, '0');

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index % list.length];
  if (found === undefined) throw new RangeError('an empty list has no elements');
  return found;
};

/** Up to `count` of them, spread over all, so that every dataset and account is among them; in a fixed order. */
export const sampleOf = <T>(all: readonly T[], count: number): readonly T[] => {
  const taken = Math.min(count, all.length);
  return times(taken, (index) => at(all, Math.floor((index * all.length) / taken)));
};
