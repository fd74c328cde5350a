import { describe, expect, it } from 'vitest';
import { policyPrefixOf } from './grant-names.ts';
import { CONSUMER } from './testing/fixtures.ts';

describe('the policies of a principal', () => {
  it('have other names for a user than for a role of that name, whatever its path', () => {
    const at = { prefix: 'dataall', id: 'envmarke' };
    const [ofRole, ofUser] = ['role/data/analysts', 'user/analysts'].map((name) =>
      policyPrefixOf(at, `arn:aws:iam::${CONSUMER}:${name}`),
    );
    expect(ofRole).toBe('dataall-env-envmarke-share-policy-analysts-');
    expect(ofUser).toBe('dataall-env-envmarke-user-share-policy-analysts-');
  });
});
