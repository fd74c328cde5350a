// What a run remembers of its claims.
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './collect-claims.ts';
import { bucket, grant, suspended } from './testing/fixtures.ts';

describe('the fingerprint of claims', () => {
  const grants = [grant(bucket)];

  it('is the same in a pause: what somebody changes meanwhile is drift afterwards', async () => {
    expect(await fingerprintOf({ grants: suspended(grants) })).toBe(await fingerprintOf({ grants }));
  });

  it('is another for another wish', async () => {
    const more = { ...grant(bucket), permissions: ['Read', 'Write'] as const };
    expect(await fingerprintOf({ grants: [more] })).not.toBe(await fingerprintOf({ grants }));
    expect(await fingerprintOf({ grants, remediation: 'Report' })).not.toBe(await fingerprintOf({ grants }));
    const named = (database: string) => ({ grants, links: new Map([['a', { database }]]) });
    expect(await fingerprintOf(named('one'))).not.toBe(await fingerprintOf(named('two')));
  });
});
