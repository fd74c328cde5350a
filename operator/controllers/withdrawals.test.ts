import { expect, it } from 'vitest';
import type { BucketPolicyKey } from '../access/document-key.ts';
import { DocumentOutcomes } from './document-outcomes.ts';
import { Withdrawals } from './withdrawals.ts';

const DOCUMENT: BucketPolicyKey = {
  kind: 'bucket-policy',
  account: '111111111111',
  region: 'eu-west-1',
  bucket: 'orders',
};

it('asks once for a document that fails, which comes again by itself, and again for one that was read', () => {
  const outcomes = new DocumentOutcomes();
  const withdrawals = new Withdrawals(outcomes);
  const fail = (): void => {
    outcomes.recordFailure({ key: DOCUMENT, failure: { reason: 'AccessDenied', message: '' } });
  };
  fail();
  expect(withdrawals.mustAsk('dataset a', DOCUMENT)).toBe(true);
  expect(withdrawals.mustAsk('dataset a', DOCUMENT)).toBe(false);
  expect(withdrawals.mustAsk('dataset b', DOCUMENT)).toBe(true);
  outcomes.record({ key: DOCUMENT, outcome: undefined, tick: outcomes.tick() });
  expect(withdrawals.mustAsk('dataset a', DOCUMENT)).toBe(true);
});

it('begins anew with what is forgotten', () => {
  const withdrawals = new Withdrawals(new DocumentOutcomes());
  const since = withdrawals.since('team a');
  expect(withdrawals.since('team a')).toBe(since);
  withdrawals.forget('team a');
  expect(withdrawals.since('team a')).toBeGreaterThan(since);
});
