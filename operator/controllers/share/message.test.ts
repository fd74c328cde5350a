// Long messages of items: what happened is shortened, and not what to do about it.
import { describe, expect, it } from 'vitest';
import { AwsFault, type FaultKind } from '../../aws/fault.ts';
import { cut } from './message.ts';

const messageOf = (kind: FaultKind): AwsFault =>
  new AwsFault(
    {
      service: 'lakeformation',
      operation: 'BatchRevokePermissions',
      account: '222222222222',
      region: 'eu-west-1',
      write: true,
    },
    {
      kind,
      code: 'AccessDeniedException',
      reason:
        'User: arn:aws:sts::999999999999:assumed-role/dataall-operator/one is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/dataall/dataallPivotRole because no resource-based policy allows the sts:AssumeRole action',
      retryable: false,
      outcomeUnknown: false,
    },
  );

describe('a message that is too long', () => {
  it.each(['AccessDenied', 'Unavailable', 'QuotaExceeded', 'Throttled', 'NotFound'] as const)(
    'keeps the call and all of the advice: %s',
    (kind) => {
      const fault = messageOf(kind);
      const message = cut(`${fault.message}. ${fault.advice}`);
      expect(message.length).toBeLessThanOrEqual(256);
      expect(message).toMatch(/^lakeformation:BatchRevokePermissions in 222222222222 eu-west-1/);
      expect(message.endsWith(`… ${fault.advice}`)).toBe(true);
    },
  );

  it('keeps the beginning of an advice that is too long itself', () => {
    const { message, advice } = messageOf('NoTrust');
    const shown = cut(`${message}. ${advice}`);
    expect(shown).toHaveLength(256);
    expect(shown).toMatch(
      /… Link the account again: the role must exist in account 222222222222 and its trust policy must name .*external id/,
    );
  });

  it('keeps beginning and end where there are no sentences, and leaves a short one alone', () => {
    expect(cut(`${'x'.repeat(300)}: ask for less`)).toMatch(/^x+… x+: ask for less$/);
    expect(cut('short')).toBe('short');
  });
});
