// One word for where a share stands must not say more than its steps: what is approved is not granted.

import { describe, expect, it } from 'vitest';
import type { ShareObjectStatus, ShareStepState } from './operations.ts';
import { standingOf, type Step } from './standing.ts';

const steps = (...states: ShareStepState[]): Step[] =>
  (['Submitted', 'Approved', 'Granted', 'Healthy'] as const).map((step, index) => ({
    step,
    state: states[index] ?? 'Waiting',
    reason: null,
  }));

const withoutConsent = (reason: string): Step[] =>
  steps('Done', 'Failed').map((one) => (one.step === 'Approved' ? { ...one, reason } : one));

describe('where a share stands', () => {
  it.each<[string, ShareObjectStatus, Step[], string, string]>([
    ['a draft', 'Draft', steps('InProgress'), 'pending', 'Draft'],
    ['a request', 'Submitted', steps('Done', 'InProgress'), 'pending', 'Waits for a decision'],
    ['an approved one', 'Approved', steps('Done', 'Done', 'InProgress'), 'in-progress', 'AWS is being changed'],
    [
      'a granted one',
      'Processed',
      steps('Done', 'Done', 'Done', 'InProgress'),
      'in-progress',
      'AWS is being looked at',
    ],
    ['a healthy one', 'Processed', steps('Done', 'Done', 'Done', 'Done'), 'success', 'Healthy'],
    ['a broken one', 'Processed', steps('Done', 'Done', 'Done', 'Failed'), 'error', 'AWS is not as granted'],
    ['a refused one', 'Rejected', steps('Done', 'Failed'), 'stopped', 'Rejected'],
    ['one that was taken back', 'Processed', withoutConsent('Withdrawn'), 'stopped', 'Revoked'],
    ['an expired one', 'Processed', withoutConsent('Expired'), 'stopped', 'Expired'],
    [
      'one of a group that may not consent',
      'Processed',
      withoutConsent('ApproverNotAllowed'),
      'stopped',
      'Nobody consents to it now',
    ],
    [
      'one that is being taken back',
      'Revoke_In_Progress',
      steps('Done', 'Failed', 'InProgress'),
      'pending',
      'Being revoked',
    ],
  ])('of %s is told by the step that counts', (_, status, timeline, type, text) =>
    expect(standingOf(status, timeline)).toEqual({ type, text }),
  );
});
