import { describe, expect, it } from 'vitest';
import { dataset, environment, KEY_ARN } from '../../access/testing/fixtures.ts';
import { importedBy, PivotRights } from './pivot-rights.ts';
import { isServing } from '../environment/serving.ts';

const NONE = { buckets: [], namedBuckets: [], keyArns: [], roleArns: [] };
const NEEDED = { ...NONE, buckets: ['acme-lake'], keyArns: [KEY_ARN] };
const NOON = Date.parse('2026-06-01T12:00:00Z');

describe('rights of a pivot role', () => {
  it('are on their way until the stack has given all of them, and IAM has spread them', () => {
    const rights = new PivotRights();
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON)).toBe(false);
    rights.give('sales-prod', NONE, NOON);
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON)).toBe(true);
    rights.give('sales-prod', { ...NEEDED, keyArns: [] }, NOON);
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON + 3_600_000)).toBe(true);
    rights.give('sales-prod', NEEDED, NOON + 3_600_000);
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON + 3_601_000)).toBe(true);
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON + 3_661_000)).toBe(false);
    expect(rights.areOnTheWay('other', NEEDED, NOON)).toBe(false);
  });

  it('do not come to what the stack has no room for, unless another dataset has given it', () => {
    const rights = new PivotRights();
    const others = { ...NONE, buckets: ['other-lake'] };
    rights.give('sales-prod', others, NOON, { ...NEEDED, buckets: ['acme-lake', 'other-lake'] });
    expect(rights.hasNoRoom('sales-prod', NEEDED)).toBe(true);
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON)).toBe(false);
    expect(rights.hasNoRoom('sales-prod', others)).toBe(false);
    rights.give('sales-prod', { ...others, ...NEEDED }, NOON);
    expect(rights.hasNoRoom('sales-prod', NEEDED)).toBe(false);
  });

  it('are old where a process finds them, and asked for nothing that bears our prefix', () => {
    const rights = new PivotRights();
    rights.give('sales-prod', NEEDED, NOON);
    expect(rights.areOnTheWay('sales-prod', NEEDED, NOON)).toBe(false);
    expect(rights.areOnTheWay('sales-prod', NONE, NOON)).toBe(false);
    const ours = dataset({ status: { bucket: 'dataall-orders-a1b2c3d4' } });
    expect(importedBy(ours, 'dataall')).toEqual(NONE);
  });

  it('are needed for the role that a location was registered with before', () => {
    const roleArn = 'arn:aws:iam::111111111111:role/LegacyLake';
    const before = { recordedAt: '2026-06-01T12:00:00Z', registration: { registered: true, roleArn } };
    expect(importedBy(dataset({ status: { before } }), 'dataall').roleArns).toEqual([roleArn]);
  });
});

describe('an environment whose stack is being brought up to date', () => {
  const condition = (type: string, status: 'True' | 'False', reason: string) => ({
    type,
    status,
    reason,
    message: '',
    observedGeneration: 1,
    lastTransitionTime: '2026-06-01T12:00:00Z',
  });
  const updating = [
    condition('Ready', 'False', 'Progressing'),
    condition('Trusted', 'True', 'Succeeded'),
    condition('StackDeployed', 'False', 'Progressing'),
  ];
  const verifiedAt = '2026-06-01T12:00:00Z';

  it('serves what is in it, once it has been ready', () => {
    expect(isServing(environment('sales-prod', { status: { conditions: updating, verifiedAt } }))).toBe(true);
  });

  it.each([
    ['it has never been ready', { conditions: updating }, {}],
    ['it is suspended', { conditions: updating, verifiedAt }, { suspend: true }],
    [
      'its stack failed',
      { conditions: [...updating.slice(0, 2), condition('StackDeployed', 'False', 'StackFailed')], verifiedAt },
      {},
    ],
    [
      'its account trusts nobody any more',
      { conditions: [condition('Trusted', 'False', 'ConsentMissing'), ...updating.slice(2)], verifiedAt },
      {},
    ],
  ])('does not where %s', (_, status, spec) => {
    expect(isServing(environment('sales-prod', { status, spec }))).toBe(false);
  });
});
