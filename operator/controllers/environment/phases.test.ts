import { describe, expect, it } from 'vitest';
import type { EnvironmentStatus } from '../../resources/environment.ts';
import { phaseConditions, blockedAt, progressingAt } from './phases.ts';

const statuses = (conditions: ReturnType<typeof phaseConditions>): Record<string, string> =>
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

describe('phases', () => {
  it('before the one it stops at are True, that one is False, those behind it stay', () => {
    const outcome = blockedAt('Trusted', 'ConsentMissing', 'say so', claimed, 1_000);
    expect(statuses(phaseConditions(outcome, undefined))).toEqual({
      NamespaceReady: 'True',
      AccountClaimed: 'True',
      Trusted: 'False',
    });
    expect(statuses(phaseConditions(outcome, earlier))['StackDeployed']).toBe('True');
  });

  it('do not call an account claimed, nor a namespace made, before it let us in', () => {
    const outcome = blockedAt('Trusted', 'ConsentMissing', 'say so', {}, 1_000);
    expect(statuses(phaseConditions(outcome, undefined))).toEqual({
      NamespaceReady: 'False',
      AccountClaimed: 'False',
      Trusted: 'False',
    });
  });

  it('say what those wait for that are still to come', () => {
    const messages = (reason: Parameters<typeof blockedAt>[1]) =>
      phaseConditions(blockedAt('Trusted', reason, '', {}, 0), undefined).map(({ message }) => message);
    expect(messages('ConsentMissing')).toContain('comes once the account lets us in');
    expect(messages('ExternalIdNotDemanded')).toContain('comes once Trusted is True');
  });

  it('are all True behind the last, and none is known before the first', () => {
    expect(Object.values(statuses(phaseConditions(progressingAt(undefined, '', claimed, 0), undefined)))).toEqual(
      Array.from({ length: 4 }, () => 'True'),
    );
    expect(phaseConditions(blockedAt('before', 'NotInvited', '', {}, 0), undefined)).toEqual([]);
  });

  it('stall where only a person can help', () => {
    expect(blockedAt('AccountClaimed', 'AccountTaken', '', {}, 0).type).toBe('Stalled');
    expect(blockedAt('Trusted', 'ConsentMissing', '', {}, 0).type).toBe('Waiting');
  });

  it('say that the account let us in when somebody else has it, whatever was told before', () => {
    const told = phaseConditions(blockedAt('Trusted', 'ConsentMissing', 'say so', {}, 0), undefined);
    const before = told.map((condition) => ({ ...condition, lastTransitionTime: '', observedGeneration: 1 }));
    const taken = { ...blockedAt('AccountClaimed', 'AccountTaken', 'use that one', {}, 0), trusted: true as const };
    const conditions = phaseConditions(taken, before as EnvironmentStatus['conditions']);
    expect(conditions.find(({ type }) => type === 'Trusted')).toMatchObject({ status: 'True', reason: 'Succeeded' });
  });

  it('do not call a deployed stack missing because the role in it is not let in', () => {
    const outcome = { ...blockedAt('Trusted', 'PivotRoleUnreachable', '', {}, 0), deployed: true as const };
    expect(statuses(phaseConditions(outcome, undefined))).toMatchObject({ Trusted: 'False', StackDeployed: 'True' });
  });
});
