import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../kernel/conditions.ts';
import { recordReadyEvent } from './ready-event.ts';

const toldOf = (before: { status: string; reason: string } | undefined, outcome: Outcome): readonly string[] => {
  const told: string[] = [];
  const object = { status: { conditions: before && [{ type: 'Ready', ...before }] } };
  recordReadyEvent(
    { event: (_object, { type, reason, note }) => told.push(`${type} ${reason}: ${note}`) },
    object as never,
    outcome,
  );
  return told;
};
const missing: Outcome = { type: 'Waiting', reason: 'ConsentMissing', message: 'run this' };
const ready: Outcome = { type: 'Ready', reason: 'Succeeded', message: '' };

describe('an Event of readiness', () => {
  it('tells what is in the way once, with what to do, and its end', () => {
    expect(toldOf({ status: 'False', reason: 'Progressing' }, missing)).toEqual(['Warning ConsentMissing: run this']);
    expect(toldOf({ status: 'False', reason: 'ConsentMissing' }, missing)).toEqual([]);
    expect(toldOf({ status: 'False', reason: 'ConsentMissing' }, ready)).toEqual(['Normal Ready: is ready']);
    expect(toldOf({ status: 'True', reason: 'Succeeded' }, ready)).toEqual([]);
    expect(toldOf({ status: 'True', reason: 'Succeeded' }, missing)).toEqual(['Warning ConsentMissing: run this']);
  });

  it('is not made of work that goes on as it should', () => {
    expect(
      toldOf(undefined, { type: 'Reconciling', reason: 'Progressing', message: 'the stack is being made' }),
    ).toEqual([]);
    expect(toldOf({ status: 'True', reason: 'Succeeded' }, { type: 'Waiting', reason: 'Suspended' })).toEqual([]);
  });
});
