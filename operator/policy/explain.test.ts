import { describe, expect, it } from 'vitest';
import type { DecidingStatement, Subject } from './decision.ts';
import { explain } from './explain.ts';

const subject: Subject = { caller: 'ann', action: 's3:GetObject', resource: 'arn:aws:s3:::raw/a' };
const bucket: DecidingStatement = { type: 'resource', source: 'policy of raw', index: 2, sid: 'Tls', effect: 'Deny' };
const identity: DecidingStatement = { type: 'identity', source: 'readers', index: 0, effect: 'Allow' };

describe('explain', () => {
  it('names the statements that allowed', () => {
    expect(explain({ outcome: 'allow', allowed: true, subject, by: [identity, { ...bucket, effect: 'Allow' }] })).toBe(
      'ann is allowed s3:GetObject on arn:aws:s3:::raw/a: ' +
        'statement 1 of identity-based policy "readers" and statement "Tls" of resource-based policy "policy of raw" allow it.',
    );
  });

  it('says that nothing limits the root user', () => {
    expect(explain({ outcome: 'allow', allowed: true, subject, by: [] })).toContain('root user');
  });

  it('names the statement that denied', () => {
    expect(explain({ outcome: 'explicit-deny', allowed: false, subject, by: [bucket] })).toBe(
      'ann is not allowed s3:GetObject on arn:aws:s3:::raw/a: ' +
        'statement "Tls" of resource-based policy "policy of raw" denies it.',
    );
  });

  it('names the policies that did not allow, and what was not enough', () => {
    const denied = { outcome: 'implicit-deny', allowed: false, subject, missing: 'resource' } as const;
    expect(explain({ ...denied, asked: ['policy of raw'], by: [identity] })).toBe(
      'ann is not allowed s3:GetObject on arn:aws:s3:::raw/a: no resource-based policy allows it ' +
        '(asked: "policy of raw"); statement 1 of identity-based policy "readers" allows it, which is not enough alone.',
    );
    expect(explain({ ...denied, asked: [], by: [] })).toContain('no resource-based policy allows it (there is none).');
  });
});
