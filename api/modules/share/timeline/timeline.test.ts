// Each step of a share's way holds only by what was seen: consent gives nothing yet, and what is given may be broken.

import { describe, expect, it } from 'vitest';
import type { ShareApproval } from '../../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../../operator/resources/share-request.ts';
import { timelineOf } from './timeline.ts';

const ASKED = '2026-01-01T00:00:00Z';
const SEEN = '2026-01-02T00:00:00Z';

type Conditions = Readonly<Record<string, readonly ['True' | 'False' | 'Unknown', string, string?]>>;

const request = (conditions: Conditions, { draft = false, seen = 1 } = {}): ShareRequest =>
  ({
    metadata: { creationTimestamp: ASKED },
    spec: { requester: 'marketing', purpose: 'Which products sell', draft },
    status: {
      approval: { name: 'a', generation: seen },
      conditions: Object.entries(conditions).map(([type, [status, reason, message]]) => ({
        type,
        status,
        reason,
        message,
        lastTransitionTime: SEEN,
      })),
    },
  }) as unknown as ShareRequest;

const approval = (decision: ShareApproval['spec']['decision'], reason?: string, generation = 1): ShareApproval =>
  ({ metadata: { generation }, spec: { decision, approver: 'sales', reason } }) as ShareApproval;

const statesOf = (share: ShareRequest, decided?: ShareApproval) => timelineOf(share, decided).map(({ state }) => state);

const waits: Conditions = {
  Approved: ['False', 'PendingApproval', 'waits for the decision of sales'],
  Granted: ['False', 'PendingApproval', 'waits for the decision of sales'],
};
const approved: Conditions = { Approved: ['True', 'Approved'] };

describe('the way of a share', () => {
  it.each<[string, ShareRequest, ShareApproval | undefined, string]>([
    ['as a draft', request({}, { draft: true }), undefined, 'InProgress Waiting Waiting Waiting'],
    ['before the operator has seen it', request({}), undefined, 'Done InProgress Waiting Waiting'],
    ['while somebody is to decide', request(waits), undefined, 'Done InProgress Waiting Waiting'],
    [
      'while a decision is prepared',
      request(waits),
      approval('Pending', undefined, 2),
      'Done InProgress Waiting Waiting',
    ],
    ['approved a moment ago', request(waits), approval('Approved', undefined, 2), 'Done Done InProgress Waiting'],
    [
      'approved, and not granted',
      request({ ...approved, Granted: ['False', 'Granting'] }),
      approval('Approved'),
      'Done Done InProgress Waiting',
    ],
    [
      'refused by AWS',
      request({ ...approved, Granted: ['False', 'AccessDenied', 'the key policy denies'] }),
      approval('Approved'),
      'Done Done Failed Waiting',
    ],
    [
      'granted, and not looked at again',
      request({ ...approved, Granted: ['True', 'Granted'], Healthy: ['Unknown', 'Unverified'] }),
      approval('Approved'),
      'Done Done Done InProgress',
    ],
    [
      'granted and healthy',
      request({ ...approved, Granted: ['True', 'Granted'], Healthy: ['True', 'Healthy'] }),
      approval('Approved'),
      'Done Done Done Done',
    ],
    [
      'granted and changed by somebody',
      request({ ...approved, Granted: ['True', 'Granted'], Healthy: ['False', 'Drifted'] }),
      approval('Approved'),
      'Done Done Done Failed',
    ],
    [
      'rejected',
      request({ Approved: ['False', 'Rejected'], Granted: ['False', 'Rejected'] }),
      approval('Rejected'),
      'Done Failed Waiting Waiting',
    ],
    [
      'being taken back',
      request({ Approved: ['False', 'Rejected'], Granted: ['False', 'Revoking'] }),
      approval('Rejected'),
      'Done Failed InProgress Waiting',
    ],
  ])('%s, is told as it is', (_, share, decided, states) => expect(statesOf(share, decided).join(' ')).toBe(states));

  it('has for each step whose act it was, since when, and what was said', () => {
    const share = request({ ...approved, Granted: ['False', 'AccessDenied', 'the key policy denies'] });
    expect(timelineOf(share, approval('Approved', 'Europe only'))).toEqual([
      { step: 'Submitted', state: 'Done', at: ASKED, by: 'marketing', message: 'Which products sell' },
      { step: 'Approved', state: 'Done', reason: 'Approved', at: SEEN, by: 'sales', message: 'Europe only' },
      { step: 'Granted', state: 'Failed', reason: 'AccessDenied', at: SEEN, message: 'the key policy denies' },
      { step: 'Healthy', state: 'Waiting' },
    ]);
  });

  it('does not say of access that was taken back what was said when it was given', () => {
    const share = request({ Approved: ['False', 'Withdrawn', 'taken back by sales'], Granted: ['False', 'Withdrawn'] });
    const taken = approval('Approved', 'Europe only');
    expect(timelineOf(share, taken)[1]).toMatchObject({ state: 'Failed', by: 'sales', message: undefined });
    const { spec } = taken;
    const withdrawn = [{ kind: 'Table', name: 'orders', at: SEEN, reason: 'The campaign is over' }] as const;
    expect(timelineOf(share, { ...taken, spec: { ...spec, withdrawn: [...withdrawn] } })[1]).toMatchObject({
      message: 'The campaign is over',
    });
  });
});
