/** Differences of the accounts between two moments, apart from what AWS keeps of what has been. */
import { inspect } from 'node:util';
import type { MemoryWorld } from '../../aws/core/memory-world.ts';
import type { Difference, Snapshot } from '../../aws/core/world.ts';

export interface Differences {
  /** One line each. */
  readonly differences: readonly string[];
  /** What does not count, by why. */
  readonly forgiven: ReadonlyMap<string, number>;
}

interface Kept {
  readonly why: string;
  readonly matches: (difference: Difference) => boolean;
}

/** What nobody can remove. */
const KEPT_BY_AWS: readonly Kept[] = [
  {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    why: 'deleted stacks, which CloudFormation lists for 90 days',
    matches: ({ path, before, after }) =>
      /^cloudformation\/[^/]+\/[^/]+\/stacks\//.test(path) &&
      before === undefined &&
      textOf(after).includes("'DELETE_COMPLETE'"),
  },
  {
    // https://docs.aws.amazon.com/athena/latest/ug/queries-viewing-history.html
    why: 'the history of queries, which Athena keeps for 45 days',
    matches: ({ path }) => path.startsWith('athena-history/'),
  },
  {
    // https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_PrincipalResourcePermissions.html
    why: 'when and by whom a grant that was put back was written, which Lake Formation stamps',
    matches: ({ path }) => /^lakeformation\/.*\/grants\/.*\/(updatedAt|updatedBy)$/.test(path),
  },
  {
    // https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
    why: 'keys that wait for their deletion, 7 days at least',
    matches: ({ path, before, after }) =>
      path.startsWith('kms/') && before === undefined && textOf(after).includes("'PendingDeletion'"),
  },
];

export function accountDifferences(world: MemoryWorld, before: Snapshot): Differences {
  const forgiven = new Map<string, number>();
  const counting = world.diff(before, world.snapshot()).filter((difference) => {
    const kept = KEPT_BY_AWS.find(({ matches }) => matches(difference));
    if (kept !== undefined) forgiven.set(kept.why, (forgiven.get(kept.why) ?? 0) + 1);
    return kept === undefined;
  });
  const differences = counting.map(({ path, before, after }) => `${path}: ${textOf(before)} -> ${textOf(after)}`);
  return { differences, forgiven };
}

const textOf = (value: unknown): string =>
  inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 300 });
