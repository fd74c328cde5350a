// An environment is Ready when objects can be made in it, which the API server refuses until it has counted those that are there.
import { describe, expect, it } from 'vitest';
import { isCounted } from './namespace-quota.ts';
import { ObjectCounts } from './object-counts.ts';

const environment = { metadata: { name: 'sales-prod' } };
const ready = { type: 'Ready', reason: 'Succeeded' } as const;

describe('an environment whose objects are limited', () => {
  it('is Ready once the API server counts them, and not again while it does not', () => {
    const counts = new ObjectCounts();
    counts.track();
    expect(counts.temper(environment, ready)).toMatchObject({ type: 'Reconciling', reason: 'Progressing' });
    expect(counts.tell('sales-prod', true)).toBe(true);
    expect(counts.tell('sales-prod', true)).toBe(false);
    expect(counts.temper(environment, ready)).toBe(ready);
    counts.tell('sales-prod', false);
    expect(counts.temper(environment, ready)).toMatchObject({ message: expect.stringContaining('sales-prod') });
  });

  it('says what else is wrong all the same', () => {
    const counts = new ObjectCounts();
    counts.track();
    const stalled = { type: 'Stalled', reason: 'StackFailed' } as const;
    expect(counts.temper(environment, stalled)).toBe(stalled);
  });

  it('is counted when all that the quota limits has a number', () => {
    const quota = (status?: object) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: 'sales-prod', name: 'dataall' },
      spec: { hard: { 'count/datasets.dataall.io': '5', 'count/teams.dataall.io': '5' } },
      ...(status && { status }),
    });
    const both = { 'count/datasets.dataall.io': '0', 'count/teams.dataall.io': '0' };
    expect(isCounted(quota())).toBe(false);
    expect(isCounted(quota({ hard: both, used: { 'count/teams.dataall.io': '0' } }))).toBe(false);
    expect(isCounted(quota({ hard: both, used: both }))).toBe(true);
  });
});
