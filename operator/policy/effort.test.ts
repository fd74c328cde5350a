import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from './document.ts';
import { effortOf } from './effort.ts';

const BUCKET = 'arn:aws:s3:::orders-data';
const denying = (...resources: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:GetObject', Resource: resources }],
});
const times = (text: string, count: number): string => Array.from({ length: count }, () => text).join('');

describe('the effort of asking a policy', () => {
  it('is a step for each value that is compared as a whole or by its beginning, however long the text', () => {
    const policy = denying(BUCKET, `${BUCKET}/*`, '*', `${BUCKET}/raw/`);
    expect(effortOf(policy, 1_000)).toBe(effortOf(policy, 10));
    expect(effortOf(policy, 10)).toBe(6);
  });

  it('grows with the sum of pattern and text where stars are all that is wild', () => {
    const short = effortOf(denying(`${BUCKET}/${times('*a', 100)}`), 1_000);
    const long = effortOf(denying(`${BUCKET}/${times('*a', 200)}`), 2_000);
    expect(long).toBeLessThan(2 * short + 1);
  });

  it.each([
    `${BUCKET}/${times('*?a', 100)}`,
    `${BUCKET}/${times('*a', 100)}\${aws:username}`,
    `arn:aws:s${times('*3', 100)}`,
  ])('grows with their product where each character may be compared with every other: %#', (pattern) => {
    expect(effortOf(denying(pattern), 2_000)).toBeGreaterThan((pattern.length * 2_000) / 4);
  });

  it('counts the values of conditions', () => {
    const Condition = {
      ArnLike: { 'aws:PrincipalArn': Array.from({ length: 50 }, (_, at) => `arn:aws:iam::*:role/${at}`) },
    };
    const { Statement: statements } = denying(BUCKET);
    const conditional: PolicyDocument = { Statement: statements.map((statement) => ({ ...statement, Condition })) };
    expect(effortOf(conditional, 100)).toBeGreaterThan(50 * 100);
  });
});
