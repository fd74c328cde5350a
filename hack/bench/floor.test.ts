import { describe, expect, it } from 'vitest';
import { floorOf, oneCallAnItem, totalOf } from './floor.ts';
import { sampleOf, workloadOf } from './workload.ts';

const onePolicy = (): number => 1;

describe('the workload', () => {
  it('has as many shares as asked for, every dataset with every principal', () => {
    const { shares, datasets, principals } = workloadOf(100);
    expect(shares).toHaveLength(100);
    expect(datasets).toHaveLength(2);
    expect(new Set(shares.map(({ name }) => name)).size).toBe(100);
    expect(new Set(datasets.map(({ producer }) => producer.account)).size).toBe(2);
    expect(new Set(principals.map(({ consumer }) => consumer.account)).size).toBe(8);
  });

  it('keeps shares for later that are none of the others', () => {
    const { shares, late } = workloadOf(50);
    const names = new Set(shares.map(({ name }) => name));
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter(({ name }) => names.has(name))).toEqual([]);
  });

  it('is refused where principals would not fill datasets', () => {
    expect(() => workloadOf(70)).toThrow(RangeError);
  });

  it('is sampled evenly', () => {
    expect(sampleOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
    expect(sampleOf([1, 2], 5)).toEqual([1, 2]);
  });
});

describe('the floor', () => {
  it('of one share counts each part once', () => {
    const [share] = workloadOf(50).shares;
    if (share === undefined) throw new Error('no shares');
    expect(floorOf([share], onePolicy)).toEqual({
      // The dataset's role and three tables in the producer's account; database and three links in the consumer's.
      'lakeformation:BatchGrantPermissions': 2,
      'ram:AcceptResourceShareInvitation': 1,
      'glue:CreateDatabase': 1,
      'glue:CreateTable': 3,
      's3:PutBucketPolicy': 1,
      'kms:PutKeyPolicy': 1,
      's3control:CreateAccessPoint': 1,
      's3control:PutAccessPointPolicy': 1,
      'iam:CreatePolicy': 1,
      'iam:AttachRolePolicy': 1,
    });
  });

  it('batches grants by 20 for each document', () => {
    // 2 + 50 * 3 entries in the producer's catalog; 7 principals in two of the eight accounts, 6 in the others, 4 entries each.
    const { shares } = workloadOf(50);
    expect(floorOf(shares, onePolicy)['lakeformation:BatchGrantPermissions']).toBe(8 + 8 * 2);
  });

  it('invites each account once, for all its principals', () => {
    const { shares } = workloadOf(100);
    const pairs = new Set(
      shares.map(({ dataset, principal }) => dataset.producer.account + principal.consumer.account),
    );
    expect(floorOf(shares, onePolicy)['ram:AcceptResourceShareInvitation']).toBe(pairs.size);
  });

  it('is far below one call an item', () => {
    const { shares } = workloadOf(1000);
    expect(totalOf(oneCallAnItem(shares, onePolicy))).toBeGreaterThan(5 * totalOf(floorOf(shares, onePolicy)));
  });
});
