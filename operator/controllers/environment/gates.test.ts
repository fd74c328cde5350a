import { describe, expect, it } from 'vitest';
import type { EnvironmentStatus } from '../../resources/environment.ts';
import { gateConditions, stopped, underWay } from './gates.ts';

const statuses = (conditions: ReturnType<typeof gateConditions>): Record<string, string> =>
  Object.fromEntries(conditions.map(({ type, status }) => [type, status]));

const earlier = [
  {
    type: 'StackDeployed',
    status: 'True',
    reason: 'Succeeded',
    message: '',
    lastTransitionTime: '',
    observedGeneration: 1,
  },
] as EnvironmentStatus['conditions'];

const claimed = {
  namespace: { origin: 'Created', uid: 'u2' },
  accountClaim: { lease: '222222222222-eu-west-1', heldBy: 'sales/u1' },
} as const;

describe('gates', () => {
  it('before the one it stops at are True, that one is False, those behind it stay', () => {
    const finding = stopped('Trusted', 'ConsentMissing', 'say so', claimed, 1_000);
    expect(statuses(gateConditions(finding, undefined))).toEqual({
      NamespaceReady: 'True',
      AccountClaimed: 'True',
      Trusted: 'False',
    });
    expect(statuses(gateConditions(finding, earlier))['StackDeployed']).toBe('True');
  });

  it('do not call an account claimed, nor a namespace made, before it let us in', () => {
    const finding = stopped('Trusted', 'ConsentMissing', 'say so', {}, 1_000);
    expect(statuses(gateConditions(finding, undefined))).toEqual({
      NamespaceReady: 'False',
      AccountClaimed: 'False',
      Trusted: 'False',
    });
  });

  it('say what those wait for that are still to come', () => {
    const messages = (reason: Parameters<typeof stopped>[1]) =>
      gateConditions(stopped('Trusted', reason, '', {}, 0), undefined).map(({ message }) => message);
    expect(messages('ConsentMissing')).toContain('comes once the account lets us in');
    expect(messages('ExternalIdNotDemanded')).toContain('comes once Trusted is True');
  });

  it('are all True behind the last, and none is known before the first', () => {
    expect(Object.values(statuses(gateConditions(underWay(undefined, '', claimed, 0), undefined)))).toEqual(
      Array.from({ length: 4 }, () => 'True'),
    );
    expect(gateConditions(stopped('before', 'NotInvited', '', {}, 0), undefined)).toEqual([]);
  });

  it('stall where only a person can help', () => {
    expect(stopped('AccountClaimed', 'AccountTaken', '', {}, 0).outcome.type).toBe('Stalled');
    expect(stopped('Trusted', 'ConsentMissing', '', {}, 0).outcome.type).toBe('Waiting');
  });

  it('do not call a deployed stack missing because the role in it is not let in', () => {
    const finding = { ...stopped('Trusted', 'PivotRoleUnreachable', '', {}, 0), deployed: true as const };
    expect(statuses(gateConditions(finding, undefined))).toMatchObject({ Trusted: 'False', StackDeployed: 'True' });
  });
});
