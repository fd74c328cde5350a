import { expect, it } from 'vitest';
import { ObservedDocuments } from './observed-documents.ts';
import { Removals } from './removals.ts';

it('begins anew with what is forgotten', () => {
  const removals = new Removals(new ObservedDocuments());
  const since = removals.since('team a');
  expect(removals.since('team a')).toBe(since);
  removals.forget('team a');
  expect(removals.since('team a')).toBeGreaterThan(since);
});
