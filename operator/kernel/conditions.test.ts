import { describe, expect, it } from 'vitest';
import { checkConditions } from './testing/condition-checks.ts';
import { type Condition, mergeConditions, readyConditions } from './conditions.ts';

const at = Date.UTC(2026, 10, 1);
const time = '2026-11-01T00:00:00Z';
const later = '2026-11-01T00:01:00Z';

describe('mergeConditions', () => {
  it('moves lastTransitionTime with the status only', () => {
    const first = mergeConditions(undefined, readyConditions({ type: 'Reconciling', reason: 'Working' }), 1, at);
    const second = mergeConditions(first, readyConditions({ type: 'Reconciling', reason: 'Retrying' }), 2, at + 60_000);
    expect(second).toEqual([
      {
        type: 'Ready',
        status: 'False',
        reason: 'Retrying',
        message: '',
        lastTransitionTime: time,
        observedGeneration: 2,
      },
      {
        type: 'Reconciling',
        status: 'True',
        reason: 'Retrying',
        message: '',
        lastTransitionTime: time,
        observedGeneration: 2,
      },
    ]);
    const third = mergeConditions(second, readyConditions({ type: 'Ready', reason: 'Granted' }), 2, at + 60_000);
    expect(third).toEqual([
      {
        type: 'Ready',
        status: 'True',
        reason: 'Granted',
        message: '',
        lastTransitionTime: later,
        observedGeneration: 2,
      },
    ]);
  });

  it('gives the same again when nothing changed, in whatever order it is asked', () => {
    const wanted = [
      { type: 'Ready', status: 'True', reason: 'Granted' },
      { type: 'Approved', status: 'True', reason: 'ByOwner' },
    ] as const;
    const first = mergeConditions([], wanted, 1, at);
    expect(mergeConditions(first, wanted.toReversed(), 1, at + 60_000)).toEqual(first);
  });

  it('cuts what is too long', () => {
    const [condition] = mergeConditions(
      [],
      readyConditions({ type: 'Stalled', reason: 'X', message: 'x'.repeat(5_000) }),
      1,
      at,
    );
    expect(condition?.message).toHaveLength(1_024);
  });
});

describe('checkConditions', () => {
  const condition = (type: string, status: Condition['status'], observedGeneration = 2): Condition => ({
    type,
    status,
    reason: 'Test',
    message: '',
    lastTransitionTime: time,
    observedGeneration,
  });
  const check = (conditions: Condition[], observedGeneration = 2, negative?: string[]) =>
    checkConditions(
      {
        apiVersion: 'v1',
        kind: 'X',
        metadata: { name: 'x', generation: 2 },
        status: { observedGeneration, conditions },
      },
      negative,
    ).map((broken) => broken.slice(0, 8));

  it.each(['Ready', 'Reconciling', 'Stalled', 'Waiting'] as const)(
    'finds nothing wrong with an outcome of ours: %s',
    (type) => {
      expect(check(mergeConditions([], readyConditions({ type, reason: 'Test' }), 2, at))).toEqual([]);
    },
  );

  it.each([
    ['FAIL0001', [condition('Ready', 'True'), condition('Drifted', 'True')], 2, ['Drifted']],
    ['FAIL0002', [condition('Approved', 'True')], 2],
    ['FAIL0004', [condition('Ready', 'Unknown'), condition('Stalled', 'True')], 2],
    ['FAIL0005', [condition('Ready', 'False'), condition('Stalled', 'True'), condition('Reconciling', 'False')], 2],
    ['FAIL0006', [condition('Ready', 'False')], 3],
    ['FAIL0007', [condition('Ready', 'True', 1)], 1],
    ['FAIL0008', [condition('Ready', 'True'), condition('Approved', 'True', 1)], 2],
    ['FAIL0009', [condition('Ready', 'True', 2)], 1],
    ['FAIL0011', [condition('Ready', 'True'), condition('Reconciling', 'True')], 2, []],
  ])('finds %s', (rule, conditions, observed, negative?: string[]) => {
    expect(check(conditions, observed, negative)).toContain(rule);
  });
});
