import { describe, expect, it } from 'vitest';
import type { Statement } from './document.ts';
import { packPolicies, type PackItem } from './pack-policies.ts';
import { policySize } from './size.ts';

/** Reading one bucket: an S3 statement (bucket and objects) and a KMS statement. */
const bucketItem = (name: string): PackItem => ({
  id: name,
  statements: [
    {
      Sid: 'BucketStatementS3',
      Effect: 'Allow',
      Action: ['s3:List*', 's3:GetObject'],
      Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    },
    {
      Sid: 'BucketStatementKMS',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: `arn:aws:kms:eu-west-1:111122223333:key/${name}`,
    },
  ],
});
const items = (count: number) =>
  Array.from({ length: count }, (_, index) => bucketItem(`bucket-${String(index).padStart(4, '0')}`));
const first = { previous: new Map<string, number>(), maxPolicies: 10 };

describe('packPolicies', () => {
  it('merges rights of one kind into one statement', () => {
    const { policies, unplaced } = packPolicies([bucketItem('b'), bucketItem('a')], first);
    expect(unplaced).toEqual([]);
    expect([...policies.keys()]).toEqual([0]);
    expect(policies.get(0)?.Statement.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ['BucketStatementKMS', ['arn:aws:kms:eu-west-1:111122223333:key/a', 'arn:aws:kms:eu-west-1:111122223333:key/b']],
      ['BucketStatementS3', ['arn:aws:s3:::a', 'arn:aws:s3:::a/*', 'arn:aws:s3:::b', 'arn:aws:s3:::b/*']],
    ]);
  });

  it('numbers Sids by policy when asked', () => {
    const { policies } = packPolicies(items(60), { ...first, sid: (sid, index) => `${sid}${String(index + 1)}` });
    expect([...policies].map(([, policy]) => policy.Statement.map(({ Sid }) => Sid))).toEqual([
      ['BucketStatementKMS1', 'BucketStatementS31'],
      ['BucketStatementKMS2', 'BucketStatementS32'],
    ]);
  });

  it('leaves everything in place when one right is added or removed', () => {
    const before = packPolicies(items(100), first);
    expect(before.policies.size).toBeGreaterThan(1);
    const less = packPolicies(items(100).slice(1), { ...first, previous: before.assignment });
    expect([...less.assignment]).toEqual([...before.assignment].filter(([id]) => id !== 'bucket-0000'));
    // Sorts before all others, and goes where room is.
    const more = packPolicies([bucketItem('a-bucket-0000'), ...items(100)], { ...first, previous: before.assignment });
    expect([...more.assignment].filter(([id]) => id !== 'a-bucket-0000')).toEqual([...before.assignment]);
    const changed = [...more.policies].filter(
      ([index, policy]) => JSON.stringify(policy) !== JSON.stringify(before.policies.get(index)),
    );
    expect(changed.length).toBe(1);
  });

  it('fills the room that a removed right left', () => {
    const before = packPolicies(items(100), first);
    const swapped = packPolicies([...items(100).slice(1), bucketItem('bucket-9999')], {
      ...first,
      previous: before.assignment,
    });
    expect(swapped.assignment.get('bucket-9999')).toBe(0);
  });

  it('says what did not fit, with numbers, and keeps the rest', () => {
    const { policies, assignment, unplaced } = packPolicies(items(100), { ...first, maxPolicies: 1 });
    expect(policies.size).toBe(1);
    expect(assignment.size + unplaced.length).toBe(100);
    const [policy] = policies.values();
    const size = policySize('managed', policy ?? '');
    expect(size.fits).toBe(true);
    expect(unplaced[0]).toMatchObject({ reason: 'no-room', limit: 6144, room: 6144 - size.size, maxPolicies: 1 });
  });

  it('tells a right that is too large from one without room', () => {
    const large: PackItem = { id: 'large', statements: [{ Effect: 'Allow', Action: '*', Resource: 'x'.repeat(7000) }] };
    const { unplaced, policies } = packPolicies([large, bucketItem('a')], first);
    expect(unplaced).toHaveLength(1);
    expect(unplaced[0]).toMatchObject({ id: 'large', reason: 'too-large', limit: 6144 });
    expect(unplaced[0]?.size).toBe(
      JSON.stringify({ Version: '2012-10-17', Statement: large.statements }).length + '[]'.length,
    );
    expect(policies.size).toBe(1);
  });

  it('places nothing where no policy is allowed', () => {
    const { policies, unplaced } = packPolicies([bucketItem('a')], { ...first, maxPolicies: 0 });
    expect(policies.size).toBe(0);
    expect(unplaced).toMatchObject([{ id: 'a', reason: 'no-room', room: 0 }]);
  });

  it('moves rights out of policies that are no longer allowed', () => {
    const { assignment } = packPolicies([bucketItem('a')], { previous: new Map([['a', 7]]), maxPolicies: 2 });
    expect(assignment.get('a')).toBe(0);
  });

  it('moves only what no longer fits when a right grows', () => {
    const before = packPolicies(items(40), first);
    const grown = items(40).map((item) =>
      item.id === 'bucket-0010'
        ? {
            ...item,
            statements: [
              ...item.statements,
              { Sid: 'More', Effect: 'Allow', Action: '*', Resource: 'x'.repeat(2000) } satisfies Statement,
            ],
          }
        : item,
    );
    const after = packPolicies(grown, { ...first, previous: before.assignment });
    expect(after.unplaced).toEqual([]);
    const moved = [...before.assignment].filter(([id, index]) => after.assignment.get(id) !== index).map(([id]) => id);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved).not.toContain('bucket-0000');
    for (const policy of after.policies.values()) expect(policySize('managed', policy).fits).toBe(true);
  });

  it('never gives one Sid to two rights of a policy', () => {
    const other: PackItem = {
      id: 'z',
      statements: [{ Sid: 'BucketStatementS3', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
    };
    const { assignment } = packPolicies([bucketItem('a'), other], first);
    expect(assignment).toEqual(
      new Map([
        ['a', 0],
        ['z', 1],
      ]),
    );
  });
});
