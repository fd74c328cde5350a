// The oracle: the fewest writes that AWS's APIs allow for a workload, and what one call for each item would take. Pure arithmetic over
// the workload; only the number of policies a role needs is taken from AWS, for it depends on their sizes.
import { TABLES, type BenchShare } from './workload.ts';

/** By `service:operation`. */
export type CallCounts = Readonly<Record<string, number>>;

/** "Up to 20 entries": https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html */
const BATCH = 20;
/** DESCRIBE and SELECT on a table are one entry, because it is one principal and one resource. */
const ENTRIES_PER_TABLE = 1;
/** The dataset's role holds ALL on the database and on all tables, with or without shares. */
const BASELINE_ENTRIES = 2;

/**
 * @param shares what is to be granted, each all items of its dataset, cross-account
 * @param policiesOf how many managed policies a role needs for what is shared with it
 */
export const floorOf = (shares: readonly BenchShare[], policiesOf: (principal: string) => number): CallCounts => {
  const byDataset = groupBy(shares, ({ dataset }) => dataset.name);
  const byLink = groupBy(shares, ({ dataset, principal }) => `${dataset.name} ${principal.consumer.account}`);
  const byPrincipal = groupBy(shares, ({ principal }) => principal.name);
  // RAM shares tables with accounts only, so an account is invited once for all its roles:
  // https://docs.aws.amazon.com/ram/latest/userguide/shareable.html#shareable-glue
  const byInvitation = groupBy(
    shares,
    ({ dataset, principal }) => `${dataset.producer.account} ${principal.consumer.account}`,
  );
  const catalogBatches = [...byDataset.values()].map((members) =>
    batches(BASELINE_ENTRIES + members.length * TABLES.length * ENTRIES_PER_TABLE),
  );
  // On the shared database once, and on each link.
  const linkBatches = [...byLink.values()].map((members) => batches(members.length * (1 + TABLES.length)));
  const policies = sum([...byPrincipal.keys()].map(policiesOf));
  return {
    'lakeformation:BatchGrantPermissions': sum(catalogBatches) + sum(linkBatches),
    'ram:AcceptResourceShareInvitation': byInvitation.size,
    'glue:CreateDatabase': byLink.size,
    'glue:CreateTable': byLink.size * TABLES.length,
    's3:PutBucketPolicy': byDataset.size,
    'kms:PutKeyPolicy': byDataset.size,
    's3control:CreateAccessPoint': shares.length,
    's3control:PutAccessPointPolicy': shares.length,
    'iam:CreatePolicy': policies,
    'iam:AttachRolePolicy': policies,
  };
};

/**
 * An engine that works share by share and item by item and writes each document once for each item that is in it. Databases, links,
 * invitations, policies and access points are made once here, too.
 */
export const oneCallAnItem = (shares: readonly BenchShare[], policiesOf: (principal: string) => number): CallCounts => {
  const floor = floorOf(shares, policiesOf);
  const tables = shares.length * TABLES.length;
  const [buckets, folders] = [shares.length, shares.length];
  return {
    ...floor,
    // On the table, on its link, and on the shared database.
    'lakeformation:GrantPermissions': tables * 3,
    'lakeformation:BatchGrantPermissions': 0,
    's3:PutBucketPolicy': buckets + folders,
    'kms:PutKeyPolicy': buckets + folders,
    'iam:CreatePolicyVersion': tables + buckets + folders - (floor['iam:CreatePolicy'] ?? 0),
  };
};

export const totalOf = (counts: CallCounts): number => sum(Object.values(counts));

const batches = (entries: number): number => Math.ceil(entries / BATCH);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const groupBy = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> =>
  Map.groupBy(items, key);
