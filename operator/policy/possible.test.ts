// Requests of which not all is known: allowed or denied only where what is not known cannot change it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from './document.ts';
import { evaluate } from './evaluate.ts';
import { judgePossible, type IsKnown } from './possible.ts';
import type { AccessRequest } from './request.ts';

const READER = 'arn:aws:iam::111122223333:role/reader';
const isKnown: IsKnown = (key) => key === 'aws:securetransport';
const ALLOW: Statement = { Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:*', Resource: '*' };

const request = (statements: readonly Statement[], context: AccessRequest['context'] = {}): AccessRequest => ({
  principal: {
    kind: 'role-session',
    account: '111122223333',
    arn: 'arn:aws:sts::111122223333:assumed-role/reader/session',
    roleArn: READER,
    roleId: 'AROAREADER',
  },
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::raw/a',
  resourceAccount: '111122223333',
  context: { 'aws:SecureTransport': 'true', ...context },
  identityPolicies: [],
  resourcePolicies: [
    { name: 'bucket', policy: { Version: '2012-10-17', Statement: statements } satisfies PolicyDocument },
  ],
  join: 'union',
});
const deny = (Condition?: Statement['Condition']): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: '*',
  ...(Condition !== undefined && { Condition }),
});
const outcomeOf = (...statements: readonly Statement[]): string => judgePossible(request(statements), isKnown).outcome;

describe('a request of which not all is known', () => {
  it('is judged as ever by what is known', () => {
    expect(outcomeOf(ALLOW)).toBe('allowed');
    expect(outcomeOf(ALLOW, deny())).toBe('denied');
    expect(outcomeOf(ALLOW, deny({ Bool: { 'aws:SecureTransport': 'false' } }))).toBe('allowed');
    expect(outcomeOf()).toBe('denied');
  });

  it('depends where a condition that is not known decides, and only there', () => {
    const network = { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    expect(outcomeOf(ALLOW, deny(network))).toBe('depends');
    expect(outcomeOf({ ...ALLOW, Condition: network })).toBe('depends');
    expect(outcomeOf(ALLOW, deny({ ...network, Bool: { 'aws:SecureTransport': 'false' } }))).toBe('allowed');
    expect(outcomeOf(ALLOW, deny(network), deny())).toBe('denied');
    expect(outcomeOf(ALLOW, { ...deny(), Resource: 'arn:aws:s3:::raw/${aws:PrincipalTag/team}/*' })).toBe('depends');
    expect(outcomeOf(ALLOW, { ...deny(network), Principal: { AWS: 'arn:aws:iam::111122223333:role/other' } })).toBe(
      'allowed',
    );
  });

  it('is never said to be what it is not, whatever the unknown turns out to be (property)', () => {
    const condition = fc.constantFrom<Statement['Condition']>(
      undefined,
      { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
      { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
      { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
      { Null: { 'aws:SourceVpce': 'true' } },
      { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
    );
    const statement = fc
      .record({ effect: fc.constantFrom('Allow' as const, 'Deny' as const), condition })
      .map(({ effect, condition: Condition }): Statement => ({
        ...(effect === 'Allow' ? ALLOW : deny()),
        ...(Condition !== undefined && { Condition }),
      }));
    const truth = fc.constantFrom({}, { 'aws:SourceVpce': 'vpce-1' }, { 'aws:SourceVpce': 'vpce-2' });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), truth, (statements, context) => {
        const { outcome } = judgePossible(request(statements), isKnown);
        const { allowed } = evaluate(request(statements, context));
        if (outcome !== 'depends') expect(outcome).toBe(allowed ? 'allowed' : 'denied');
      }),
    );
  });
});
