// For tests of resource policies: the bucket and the key of the dataset `orders`, and what one look plans for them.
import { expect } from 'vitest';
import type { PolicyDocument, Statement } from '../../policy/document.ts';
import type { BucketPolicyClaims } from '../desired.ts';
import { bucketPolicy, type ObservedBucket } from '../documents/resource-policy/bucket-policy.ts';
import type { PutPolicy } from '../documents/resource-policy/owned-statements.ts';
import type { Grant } from '../grant.ts';
import { baseline, KEY_ARN, PRODUCER, REGION } from './fixtures.ts';

export const bucketKey = { kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' } as const;
export const keyKey = {
  kind: 'key-policy',
  account: PRODUCER,
  region: REGION,
  keyId: KEY_ARN.split('/')[1] ?? '',
} as const;

export const inBucket = (policy: PolicyDocument | undefined): ObservedBucket => ({
  exists: true,
  policy,
  accessPoints: [],
});

export const bucketClaims = (
  grants: readonly Grant[],
  changes: Partial<BucketPolicyClaims> = {},
): BucketPolicyClaims => ({
  dataset: baseline(),
  grants,
  remediation: 'Repair',
  ...changes,
});

export const onlyPut = (actions: readonly PutPolicy[]): PutPolicy => {
  expect(actions).toHaveLength(1);
  return actions[0] as PutPolicy;
};

/** What is there after a look has written. */
export const writtenTo = (
  observed: PolicyDocument | undefined,
  claims: BucketPolicyClaims,
): PolicyDocument | undefined => {
  const { actions } = bucketPolicy.plan(bucketKey, claims, inBucket(observed));
  return actions.length === 0 ? observed : onlyPut(actions).policy;
};

export const textOf = (statement: Statement | undefined): string => JSON.stringify(statement);
