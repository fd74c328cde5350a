// Why an object is as it is, in words for people, from its conditions alone.

import { describe, expect, it } from 'vitest';
import { explain, type ExplainedObject } from './explanation.ts';

type Judged = readonly [type: string, status: 'True' | 'False' | 'Unknown', reason: string, message?: string];

const SINCE = '2026-11-30T12:00:00Z';

const object = (
  kind: ExplainedObject['kind'],
  judged: readonly Judged[],
  status: Partial<ExplainedObject['status']> = {},
): ExplainedObject => ({
  kind,
  metadata: { name: 'one', generation: 2, ...(kind === 'Environment' ? {} : { namespace: 'sales-prod' }) },
  status: {
    observedGeneration: 2,
    conditions: judged.map(([type, status, reason, message = '']) => ({
      type,
      status,
      reason,
      message,
      lastTransitionTime: SINCE,
      observedGeneration: 2,
    })),
    ...status,
  },
});

describe('Why an object is as it is', () => {
  it('is told by the first condition that the others wait for, with what AWS said and the command that is next', () => {
    const evidence = 'SSM parameter /dataall/consent does not consent';
    const environment = object('Environment', [
      ['Ready', 'False', 'ConsentMissing', evidence],
      ['StackDeployed', 'Unknown', 'Progressing'],
      ['Trusted', 'False', 'ConsentMissing', evidence],
      ['NamespaceReady', 'True', 'Succeeded'],
      ['Stalled', 'True', 'ConsentMissing'],
    ]);
    const { standing, cause, findings, command } = explain(environment);
    expect({ standing, cause }).toEqual({
      standing: 'Stuck',
      cause: {
        subject: 'Trusted',
        question: 'The account lets us in and has consented to this organization.',
        standing: 'Stuck',
        reason: 'ConsentMissing',
        says: 'The AWS account has not said that it wants to be linked to this organization.',
        todo: expect.stringContaining('administrator of the AWS account') as unknown,
        evidence,
        since: SINCE,
      },
    });
    expect(findings.map(({ subject }) => subject)).toEqual(['Ready', 'NamespaceReady', 'Trusted', 'StackDeployed']);
    expect(command).toBe("kubectl get environment one -o jsonpath='{.status.linkCommand}'");
  });

  it('of a share names the item that is in the way, in words for who writes no manifests', () => {
    const share = object(
      'ShareRequest',
      [
        ['Ready', 'False', 'Withdrawn'],
        ['Approved', 'False', 'Withdrawn', 'Table orders was taken back'],
        ['Granted', 'True', 'Granted'],
        ['Healthy', 'True', 'Healthy'],
      ],
      {
        verifiedAt: SINCE,
        items: [
          { kind: 'Table', name: 'products', state: 'Granted', health: 'Healthy' },
          {
            kind: 'Table',
            name: 'orders',
            state: 'Rejected',
            reason: 'Withdrawn',
            message: 'Take it out of spec.items',
          },
        ],
      },
    );
    const { cause, findings, lookedAt } = explain(share);
    expect(cause).toMatchObject({ subject: 'Table orders', says: 'Those who decide took it back.' });
    expect(cause?.todo).not.toMatch(/spec\.|kubectl/);
    expect(findings.find(({ subject }) => subject === 'Table products')?.standing).toBe('Good');
    expect(lookedAt).toBe(SINCE);
  });

  it('is that all is well where all is, beside what is only to be known', () => {
    const dataset = object('Dataset', [
      ['Ready', 'True', 'Succeeded'],
      ['WordsUnknown', 'True', 'WordsUnknown', 'confidentiality Sercet'],
    ]);
    expect(explain(dataset)).toMatchObject({
      standing: 'Good',
      cause: { subject: 'Ready', says: 'Everything is in place.' },
      warnings: [{ subject: 'WordsUnknown', evidence: 'confidentiality Sercet' }],
      isOutdated: false,
      command: 'kubectl describe dataset one -n sales-prod',
    });
  });

  it('is not known of what the operator has not looked at, and old where it was changed since', () => {
    expect(explain(object('Team', [], { observedGeneration: -1 }))).toMatchObject({
      standing: 'Waits',
      cause: undefined,
      isOutdated: true,
    });
  });

  it('only waits where nobody has to do anything', () => {
    const [waits, stuck] = ['PendingApproval', 'Expired'].map((reason) =>
      explain(object('ShareRequest', [['Ready', 'False', reason]])),
    );
    expect([waits?.standing, stuck?.standing]).toEqual(['Waits', 'Stuck']);
  });
});
