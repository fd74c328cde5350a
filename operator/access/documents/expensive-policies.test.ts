// Policies that somebody wrote to be expensive to judge: one look at a document asks about them once for all its grants.
import { expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../../policy/document.ts';
import type { BucketPolicyClaims, SharePoliciesClaims } from '../desired.ts';
import { grantId, type Grant } from '../grant.ts';
import * as cast from '../testing/fixtures.ts';
import { Budget, MOST_STEPS } from '../budget.ts';
import { bucketPolicy } from './resource-policy/bucket-policy.ts';
import { ownFlaw } from './own-side.ts';

const BUCKET = 'arn:aws:s3:::orders-data';

/** Places that each take a while to find out about, under a condition that is not known. */
const hostile = (of: number, places: number, more: Partial<Statement> = {}): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: 's3:GetObject',
      Resource: Array.from({ length: places }, (_, at) => `${BUCKET}/${'*a'.repeat(20)}*${of}x${at}`),
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      ...more,
    },
  ],
});

const grants: readonly Grant[] = Array.from({ length: 20 }, (_, at) =>
  cast.grant(cast.bucket, {
    principal: cast.grantPrincipal(`role${at}`),
    share: { namespace: 'marketing-prod', name: `s${at}`, uid: `u${at}` },
  }),
);

it("what a consumer's administrator puts on a role leaves all its items unknown, by the budget of one look", () => {
  const claims = { grants, accessPoints: new Map() } as unknown as SharePoliciesClaims;
  const policies = Array.from({ length: 11 }, (_, at) => ({ name: `policy ${at}`, policy: hostile(at, 200) }));
  const budget = new Budget();
  const flaws = grants.map((grant) => ownFlaw(claims, { boundary: undefined, policies }, grant, budget));
  expect(budget.spent).toBeLessThanOrEqual(MOST_STEPS);
  for (const flaw of flaws) {
    expect(flaw).toMatchObject({ health: 'Unknown', reason: 'Unverified' });
    expect(flaw?.message).toContain('is too large to judge');
  }
});

it('what the owner of a bucket writes leaves all grants given, and unknown, by name', () => {
  const key = { kind: 'bucket-policy', account: cast.PRODUCER, region: cast.REGION, bucket: 'orders-data' } as const;
  const claims: BucketPolicyClaims = { dataset: cast.baseline(), grants, remediation: 'Repair' };
  const plan = bucketPolicy.plan(key, claims, {
    exists: true,
    policy: hostile(0, 60, { Principal: '*' }),
    accessPoints: [],
  });
  const [put] = plan.actions;
  const observed = { exists: true, policy: put?.policy, accessPoints: [] };
  const verdicts = bucketPolicy.judge(key, claims, observed);
  const flaws = grants.map((grant) => {
    const verdict = verdicts.get(grantId(grant));
    expect(verdict).toMatchObject({ state: 'Satisfied', flaw: { health: 'Unknown', reason: 'Unverified' } });
    return verdict?.state === 'Satisfied' ? verdict.flaw?.message : undefined;
  });
  // One is judged to the end, all are not.
  expect(flaws[0]).toContain('depending on its conditions');
  expect(flaws.at(-1)).toMatch(/^the policy of bucket orders-data is too large to judge/);
});

it('reading by the role of the dataset is judged by one budget for all folders, and each of them once', () => {
  const key = { kind: 'bucket-policy', account: cast.PRODUCER, region: cast.REGION, bucket: 'orders-data' } as const;
  const claims: BucketPolicyClaims = { dataset: cast.baseline(), grants: [], remediation: 'Repair' };
  const policy: PolicyDocument = {
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/secret/*` }],
  };
  const reading = bucketPolicy.ownReading?.(key, claims, { exists: true, policy, accessPoints: [] });
  // So often that it would exceed any budget if it was judged anew.
  const answers = new Set(Array.from({ length: 100_000 }, () => reading?.('orders', 'raw/')));
  expect([...answers]).toEqual([undefined]);
  expect(reading?.('orders', 'secret/')).toMatchObject({ reason: 'ReaderDenied' });
});
