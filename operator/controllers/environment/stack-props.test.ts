import { describe, expect, it } from 'vitest';
import { principalPatterns } from './stack-props.ts';

const patternsFor = (arn: string): readonly string[] =>
  principalPatterns({ account: '111111111111', arn, userId: 'x' });

describe("the operator's identity, as the pivot role trusts it", () => {
  it('is its role, with any path, whoever names the session', () => {
    expect(patternsFor('arn:aws:sts::111111111111:assumed-role/dataall-operator/pod-1')).toEqual([
      'arn:aws:iam::111111111111:role/dataall-operator',
      'arn:aws:iam::111111111111:role/*/dataall-operator',
    ]);
  });

  it('is a user as it is', () => {
    expect(patternsFor('arn:aws:iam::111111111111:user/ops/dataall')).toEqual([
      'arn:aws:iam::111111111111:user/ops/dataall',
    ]);
  });
});
