// What a run remembers of its claims.
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './run-document.ts';
import { bucket, grant, suspended } from './sharing-cast.ts';

describe('the fingerprint of claims', () => {
  const grants = [grant(bucket)];

  it('is the same in a pause: what somebody changes meanwhile is drift afterwards', () => {
    expect(fingerprintOf({ grants: suspended(grants) })).toBe(fingerprintOf({ grants }));
  });

  it('is another for another wish', () => {
    const more = { ...grant(bucket), permissions: ['Read', 'Write'] as const };
    expect(fingerprintOf({ grants: [more] })).not.toBe(fingerprintOf({ grants }));
    expect(fingerprintOf({ grants, remediation: 'Report' })).not.toBe(fingerprintOf({ grants }));
    const named = (database: string) => ({ grants, links: new Map([['a', { database }]]) });
    expect(fingerprintOf(named('one'))).not.toBe(fingerprintOf(named('two')));
  });
});
