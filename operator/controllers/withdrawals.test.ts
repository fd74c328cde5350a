import { expect, it } from 'vitest';
import { DocumentOutcomes } from './document-outcomes.ts';
import { Withdrawals } from './withdrawals.ts';

it('begins anew with what is forgotten', () => {
  const withdrawals = new Withdrawals(new DocumentOutcomes());
  const since = withdrawals.since('team a');
  expect(withdrawals.since('team a')).toBe(since);
  withdrawals.forget('team a');
  expect(withdrawals.since('team a')).toBeGreaterThan(since);
});
