// What a stack's status means to people.

import { expect, it } from 'vitest';
import { statusType } from './status-type.ts';

it('A stack that was rolled back did not become what it should be, however complete that is', () => {
  expect(statusType('UPDATE_COMPLETE')).toBe('success');
  expect(statusType('UPDATE_ROLLBACK_COMPLETE')).toBe('error');
  expect(statusType('CREATE_FAILED')).toBe('error');
  expect(statusType('DELETE_IN_PROGRESS')).toBe('in-progress');
  expect(statusType('PENDING')).toBe('pending');
});
