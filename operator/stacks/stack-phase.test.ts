import { expect, it } from 'vitest';
import { phaseOf } from './stack-phase.ts';

it.each([
  [undefined, 'Gone'],
  ['DELETE_COMPLETE', 'Gone'],
  ['REVIEW_IN_PROGRESS', 'Empty'],
  ['ROLLBACK_COMPLETE', 'Empty'],
  ['DELETE_IN_PROGRESS', 'Going'],
  ['DELETE_FAILED', 'Going'],
  ['CREATE_IN_PROGRESS', 'Standing'],
  ['CREATE_FAILED', 'Standing'],
  ['ROLLBACK_IN_PROGRESS', 'Standing'],
  ['ROLLBACK_FAILED', 'Standing'],
  ['UPDATE_ROLLBACK_COMPLETE', 'Standing'],
  ['UPDATE_COMPLETE', 'Standing'],
] as const)('a stack that is %s is %s', (status, phase) => {
  expect(phaseOf(status && { status })).toBe(phase);
});
