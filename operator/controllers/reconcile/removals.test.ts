import { expect, it } from 'vitest';
import { DocumentOutcomes } from './document-status-cache.ts';
import { Withdrawals } from './removals.ts';

it('begins anew with what is forgotten', () => {
  const withdrawals = new Withdrawals(new DocumentOutcomes());
  const since = withdrawals.since('team a');
  expect(withdrawals.since('team a')).toBe(since);
  withdrawals.forget('team a');
  expect(withdrawals.since('team a')).toBeGreaterThan(since);
});
