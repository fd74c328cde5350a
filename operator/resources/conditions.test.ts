import { describe, expect, it } from 'vitest';
import { conditions } from './conditions.ts';
import { kinds } from './kinds.ts';
import { isTerminal, reasons, type ReasonName } from './reasons.ts';

const entries = Object.entries(conditions).flatMap(([kind, types]) =>
  Object.entries(types).map(([type, condition]) => ({ kind, type, condition })),
);

describe('conditions', () => {
  it('are defined for every kind', () => {
    expect(new Set(Object.keys(conditions))).toEqual(new Set(kinds.map(({ kind }) => kind)));
  });

  it.each(entries)(
    '$kind $type is a name Kubernetes takes, said in a sentence, and fits its CRD',
    ({ type, condition }) => {
      expect(type).toMatch(/^[A-Z][A-Za-z]{1,63}$/);
      expect(condition.meaning).toMatch(/[.]$/);
      expect(new Set(condition.reasons).size).toBe(condition.reasons.length);
    },
  );

  it('use every reason there is', () => {
    const used = new Set<string>(entries.flatMap(({ condition }) => condition.reasons as readonly string[]));
    expect(Object.keys(reasons).filter((reason) => !used.has(reason))).toEqual([]);
  });
});

describe('reasons', () => {
  it.each(Object.entries(reasons))('%s is a name Kubernetes takes, with a sentence', (name, { meaning }) => {
    expect(name).toMatch(/^[A-Z][A-Za-z]{1,63}$/);
    expect(meaning).toMatch(/[.]$/);
  });

  it('that need somebody to act are terminal, those that pass are not', () => {
    const terminal: ReasonName[] = ['Rejected', 'Expired', 'BucketTaken', 'RequestMismatch'];
    const passing: ReasonName[] = ['PendingApproval', 'Throttled', 'AwsError', 'ConsentMissing'];
    expect(terminal.filter((reason) => !isTerminal(reason))).toEqual([]);
    expect(passing.filter(isTerminal)).toEqual([]);
  });
});
